"""Roles in the back office: what each allows, and the company's own."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post

from pasar.kernel.errors import NotFound, Problem
from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.access.actions.keep_role import change_role, create_role, delete_role
from pasar.people.access.labels import LONGEST_LABEL
from pasar.people.access.queries import OwnRole, is_platform, own_roles, role_counts
from pasar.people.access.roles import (
    EVERYTHING,
    MEANINGS,
    NAMES,
    NEVER_OWN,
    PERMISSIONS,
    PLATFORM,
    ROLES,
    beyond,
    permissions_of,
)
from pasar.people.access.words import permission_groups
from pasar.web.answering import page_response, see_other
from pasar.web.form_inputs import Refusals, refusal_errors
from pasar.web.form_values import text_of
from pasar.web.menus import MenuEntry, admin_menu
from pasar.web.notices import register_notice

__all__ = ["ROLE_BACKOFFICE"]

AnyRequest = Request[Any, Any, Any]
HOME: Final = "/admin/roles"
ROLE: Final = HOME + "/{role_id:uuid}"
READ, WRITE = [staff_page("roles:read")], [staff_page("roles:write", step_up=True)]
TEMPLATES: Final = "people/access/backoffice"
REFUSALS: Final[Refusals] = {
    "role_name_taken": ("name", N_("There is a role of this name. Choose another one.")),
    "invalid_fields": ("name", N_("Give it a name of at most 60 characters, on one line.")),
    "beyond_own_rights": ("", N_("You cannot give or take what you may not do yourself. Ask an owner.")),
    "own_role": ("", N_("This is your own role. Ask another owner or administrator to change it.")),
    "role_in_use": ("", N_("Somebody has this role or is invited to it. Give them another first.")),
    "permission_unknown": ("", N_("Choose from the list.")),
}

admin_menu.add(MenuEntry(N_("Roles"), HOME, "lock", group="people", permission="roles:read", order=30))
register_notice("role-removed", "success", N_("The role is gone."))


@get(HOME, guards=READ, include_in_schema=False)
async def show_roles(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """List our roles and the company's own, with what they allow."""
    words = translator(context.locale)
    counts = await role_counts(runtime.database, context.company_id)
    here = await is_platform(runtime.database, context.company_id)
    own = await own_roles(runtime.database, context.company_id)
    ours = [
        (
            words.gettext(NAMES[role]),
            words.gettext(MEANINGS[role]),
            counts.get(role, 0),
            EVERYTHING in permissions_of(role),
            permission_groups(permissions_of(role), (), words),
        )
        for role in ROLES
        if role != PLATFORM or here
    ]
    return await page_response(
        request,
        f"{TEMPLATES}/roles.html",
        ours=ours,
        own=[(one, permission_groups(one.permissions, (), words)) for one in own],
    )


@get(f"{HOME}/new", guards=WRITE, include_in_schema=False)
async def new_role(request: AnyRequest, context: Context) -> Response[bytes]:
    """Ask what the new role is called and allows."""
    return await _form(request, context, None, "", frozenset())


@post(f"{HOME}/new", guards=WRITE, include_in_schema=False)
async def make_role(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Make a role."""
    name, wanted = await _filled(request)
    try:
        async with runtime.database.transaction() as session:
            await create_role(
                session,
                context.company_id,
                name=name,
                permissions=wanted,
                held=context.caller.permissions,
            )
    except Problem as problem:
        return await _form(request, context, None, name, wanted, problem)
    return see_other(HOME, notice="saved")


@get(ROLE, guards=READ, include_in_schema=False)
async def show_role(
    request: AnyRequest, context: Context, runtime: Runtime, role_id: UUID
) -> Response[bytes]:
    """Show a role of the company's own, to be changed."""
    role = await _role(context, runtime, role_id)
    return await _form(request, context, role, role.name, role.permissions)


@post(ROLE, guards=WRITE, include_in_schema=False)
async def edit_role(
    request: AnyRequest, context: Context, runtime: Runtime, role_id: UUID
) -> Response[bytes]:
    """Change it."""
    role = await _role(context, runtime, role_id)
    name, wanted = await _filled(request)
    try:
        async with runtime.database.transaction() as session:
            await change_role(
                session,
                context.company_id,
                role_id,
                name=name,
                # What one lacks cannot be ticked; what the role has of it stays, and is refused as such.
                permissions=wanted | beyond(context.caller.permissions, role.permissions),
                by=context.user_id,
                held=context.caller.permissions,
            )
    except Problem as problem:
        return await _form(request, context, role, name, wanted, problem)
    return see_other(HOME, notice="saved")


@get(f"{ROLE}/remove", guards=WRITE, include_in_schema=False)
async def ask_remove_role(
    request: AnyRequest, context: Context, runtime: Runtime, role_id: UUID
) -> Response[bytes]:
    """Ask before a role goes."""
    role = await _role(context, runtime, role_id)
    words = translator(context.locale)
    return await page_response(
        request,
        "layouts/admin_confirm.html",
        title=words.gettext("Remove {name}?", name=role.name),
        consequence=words.gettext("Nobody can have this role any more."),
        action_path=f"{HOME}/{role_id}/remove",
        confirm_label=words.gettext("Remove this role"),
        cancel_path=f"{HOME}/{role_id}",
        hidden={},
    )


@post(f"{ROLE}/remove", guards=WRITE, include_in_schema=False)
async def drop_role(
    request: AnyRequest, context: Context, runtime: Runtime, role_id: UUID
) -> Response[bytes]:
    """Remove a role that nobody has."""
    role = await _role(context, runtime, role_id)
    try:
        async with runtime.database.transaction() as session:
            await delete_role(session, context.company_id, role_id, held=context.caller.permissions)
    except Problem as problem:
        return await _form(request, context, role, role.name, role.permissions, problem)
    return see_other(HOME, notice="role-removed")


ROLE_BACKOFFICE = (show_roles, new_role, make_role, show_role, edit_role, ask_remove_role, drop_role)


async def _filled(request: AnyRequest) -> tuple[str, frozenset[str]]:
    form = await request.form()
    chosen = frozenset(str(one) for one in form.getall("permissions", []))
    return text_of(form, "name", LONGEST_LABEL + 1), chosen


async def _role(context: Context, runtime: Runtime, role_id: UUID) -> OwnRole:
    for role in await own_roles(runtime.database, context.company_id):
        if role.id == role_id:
            return role
    raise NotFound("role_not_found", "This company has no such role of its own.")


async def _form(
    request: AnyRequest,
    context: Context,
    role: OwnRole | None,
    name: str,
    given: frozenset[str],
    problem: Problem | None = None,
) -> Response[bytes]:
    words = translator(context.locale)
    mine = frozenset(PERMISSIONS) - NEVER_OWN
    offered = mine - beyond(context.caller.permissions, mine)
    return await page_response(
        request,
        f"{TEMPLATES}/role.html",
        status=problem.status if problem else 200,
        role=role,
        name=name,
        groups=permission_groups(offered | given & mine, given, words),
        errors=refusal_errors(problem, REFUSALS, words) if problem else {},
    )
