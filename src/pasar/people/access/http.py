"""Roles and API keys over HTTP."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from litestar import Response, delete, get, patch, post

from pasar.kernel.errors import NotFound
from pasar.kernel.http.guards import staff
from pasar.kernel.http.schema import Page
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.access.actions.keep_key import create_key, revoke_key, rotate_key
from pasar.people.access.actions.keep_role import change_role, create_role, delete_role
from pasar.people.access.queries import is_platform, keys_of, own_roles, role_counts
from pasar.people.access.roles import MEANINGS, NEVER_OWN, PERMISSIONS, PLATFORM, ROLES, permissions_of
from pasar.people.access.schemas import (
    KeyAnswer,
    KeyBody,
    MadeKeyAnswer,
    PermissionAnswer,
    RoleAnswer,
    RoleBody,
    RoleChangeBody,
    RolesAnswer,
    RotateBody,
    key_answer,
    made_key_answer,
)

READ_ROLES, WRITE_ROLES = [staff("roles:read")], [staff("roles:write", step_up=True)]
READ_KEYS, WRITE_KEYS = [staff("keys:read")], [staff("keys:write", step_up=True)]
NO_STORE: Final = {"Cache-Control": "no-store"}


@get("/api/admin/roles", guards=READ_ROLES, summary="List roles", tags=["Roles"])
async def list_roles(context: Context, runtime: Runtime) -> RolesAnswer:
    """List our roles and the company's own, with what they allow and how many people have them."""
    return await _roles(context, runtime)


@post("/api/admin/roles", guards=WRITE_ROLES, summary="Make a role", tags=["Roles"])
async def make_role(context: Context, runtime: Runtime, data: RoleBody) -> RoleAnswer:
    """Make a role of the company's own, within one's own rights."""
    async with runtime.database.transaction() as session:
        role_id = await create_role(
            session,
            context.company_id,
            name=data.name,
            permissions=data.permissions,
            held=context.caller.permissions,
        )
    return await _role(context, runtime, role_id)


@patch("/api/admin/roles/{role_id:uuid}", guards=WRITE_ROLES, summary="Change a role", tags=["Roles"])
async def edit_role(context: Context, runtime: Runtime, role_id: UUID, data: RoleChangeBody) -> RoleAnswer:
    """Change a role for everybody who has it, from their next call on."""
    async with runtime.database.transaction() as session:
        await change_role(
            session,
            context.company_id,
            role_id,
            name=data.name,
            permissions=data.permissions,
            by=context.user_id,
            held=context.caller.permissions,
        )
    return await _role(context, runtime, role_id)


@delete("/api/admin/roles/{role_id:uuid}", guards=WRITE_ROLES, summary="Delete a role", tags=["Roles"])
async def drop_role(context: Context, runtime: Runtime, role_id: UUID) -> None:
    """Delete a role that nobody has."""
    async with runtime.database.transaction() as session:
        await delete_role(session, context.company_id, role_id, held=context.caller.permissions)


@get("/api/admin/api-keys", guards=READ_KEYS, summary="List API keys", tags=["API keys"])
async def list_keys(context: Context, runtime: Runtime) -> Page[KeyAnswer]:
    """List the company's keys with their scopes and last use, never the keys themselves."""
    found = await keys_of(runtime.database, context.company_id, runtime.clock.now())
    return Page(items=[key_answer(one) for one in found], total=len(found))


@post("/api/admin/api-keys", guards=WRITE_KEYS, summary="Make an API key", tags=["API keys"])
async def make_key(context: Context, runtime: Runtime, data: KeyBody) -> Response[MadeKeyAnswer]:
    """Make a key; it is told this once, so that there is no repeating by Idempotency-Key."""
    async with runtime.database.transaction() as session:
        made = await create_key(
            session,
            context.company_id,
            name=data.name,
            scopes=data.scopes,
            expires_at=data.expires_at,
            by=context.user_id,
            held=context.caller.permissions,
            at=runtime.clock.now(),
        )
    return Response(made_key_answer(made), status_code=201, headers=NO_STORE)


@post(
    "/api/admin/api-keys/{key_id:uuid}/rotate",
    guards=WRITE_KEYS,
    summary="Renew an API key",
    tags=["API keys"],
)
async def renew_key(
    context: Context, runtime: Runtime, key_id: UUID, data: RotateBody
) -> Response[MadeKeyAnswer]:
    """Make a new key for the same scopes; the former one stays good for `oldKeyHours`."""
    async with runtime.database.transaction() as session:
        made = await rotate_key(
            session,
            context.company_id,
            key_id,
            held=context.caller.permissions,
            at=runtime.clock.now(),
            old_key_hours=data.old_key_hours,
        )
    return Response(made_key_answer(made), status_code=201, headers=NO_STORE)


@delete(
    "/api/admin/api-keys/{key_id:uuid}", guards=WRITE_KEYS, summary="Revoke an API key", tags=["API keys"]
)
async def end_key(context: Context, runtime: Runtime, key_id: UUID) -> None:
    """End a key at once, in every process."""
    async with runtime.database.transaction() as session:
        await revoke_key(session, context.company_id, key_id, runtime.clock.now())


async def _roles(context: Context, runtime: Runtime) -> RolesAnswer:
    counts = await role_counts(runtime.database, context.company_id)
    here = await is_platform(runtime.database, context.company_id)
    ours = [
        RoleAnswer(
            role=role,
            custom_role_id=None,
            name=role,
            meaning=MEANINGS[role],
            permissions=sorted(permissions_of(role)),
            members=counts.get(role, 0),
        )
        for role in ROLES
        if role != PLATFORM or here
    ]
    own = [
        RoleAnswer(
            role=None,
            custom_role_id=one.id,
            name=one.name,
            meaning="",
            permissions=sorted(one.permissions),
            members=one.members,
        )
        for one in await own_roles(runtime.database, context.company_id)
    ]
    names = [PermissionAnswer(name=name, meaning=PERMISSIONS[name]) for name in PERMISSIONS]
    return RolesAnswer(items=ours + own, permissions=[one for one in names if one.name not in NEVER_OWN])


async def _role(context: Context, runtime: Runtime, role_id: UUID) -> RoleAnswer:
    found = await _roles(context, runtime)
    answer = next((one for one in found.items if one.custom_role_id == role_id), None)
    if answer is None:
        raise NotFound("role_not_found", "This company has no such role of its own.")
    return answer


ROUTES = (list_roles, make_role, edit_role, drop_role, list_keys, make_key, renew_key, end_key)
