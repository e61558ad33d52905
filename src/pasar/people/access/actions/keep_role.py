"""Make, change and delete a role of a company's own."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict, FieldProblem, Forbidden, NotFound, Unprocessable
from pasar.kernel.ids import new_id
from pasar.people.access.giving import refuse_beyond
from pasar.people.access.labels import label
from pasar.people.access.roles import CUSTOM, NAMES, NEVER_OWN, PERMISSIONS, ROLES

MOST_ROLES: Final = 50

COUNT: Final = "SELECT count(*) FROM custom_roles WHERE company_id = $1"
INSERT: Final = """
INSERT INTO custom_roles (company_id, id, name, permissions) VALUES ($1, $2, $3, $4)
ON CONFLICT (company_id, name) DO NOTHING RETURNING id
"""
LOCK: Final = "SELECT name, permissions FROM custom_roles WHERE company_id = $1 AND id = $2 FOR UPDATE"
HOLDS: Final = "SELECT 1 FROM memberships WHERE company_id = $1 AND custom_role_id = $2 AND user_id = $3"
NAMED: Final = "SELECT 1 FROM custom_roles WHERE company_id = $1 AND name = $2 AND id <> $3"
CHANGE: Final = "UPDATE custom_roles SET name = $3, permissions = $4 WHERE company_id = $1 AND id = $2"
IN_USE: Final = """
SELECT (SELECT count(*) FROM memberships WHERE company_id = $1 AND custom_role_id = $2)
     + (SELECT count(*) FROM invitations WHERE company_id = $1 AND custom_role_id = $2
           AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > now())
"""
# Invitations that have ended say who was asked when; as what is told by the audit log.
FORGET_INVITATIONS: Final = "DELETE FROM invitations WHERE company_id = $1 AND custom_role_id = $2"
DELETE: Final = "DELETE FROM custom_roles WHERE company_id = $1 AND id = $2"


async def create_role(
    session: AsyncSession, company_id: UUID, *, name: str, permissions: Collection[str], held: frozenset[str]
) -> UUID:
    """Make a role and answer its id; `held` is what its maker may.

    Raises `Unprocessable` (`invalid_fields`, `permission_unknown`), `Forbidden` (`beyond_own_rights`) and
    `Conflict` (`role_name_taken`, `too_many_roles`).
    """
    wanted = _allowed(permissions)
    refuse_beyond(held, wanted)
    ((count,),) = await fetch(session, COUNT, (company_id,))
    if count >= MOST_ROLES:
        raise Conflict("too_many_roles", f"A company has at most {MOST_ROLES} roles of its own.")
    role_id = new_id()
    if not await fetch(session, INSERT, (company_id, role_id, _name(name), _written(wanted))):
        raise _taken()
    return role_id


async def change_role(
    session: AsyncSession,
    company_id: UUID,
    role_id: UUID,
    *,
    name: str | None,
    permissions: Collection[str] | None,
    by: UUID,
    held: frozenset[str],
) -> None:
    """Change a role for all who have it; None leaves as it is. What it allowed and will allow must be within
    `held`, and it is not the role of `by`.

    Raises as `create_role`, `NotFound` (`role_not_found`) and `Forbidden` (`own_role`).
    """
    old_name, before = await _locked(session, company_id, role_id)
    if await fetch(session, HOLDS, (company_id, role_id, by)):
        raise Forbidden("own_role", "This is your own role. Ask another owner or administrator.")
    refuse_beyond(held, before)
    wanted = before if permissions is None else _allowed(permissions)
    refuse_beyond(held, wanted)
    fit_name = old_name if name is None else _name(name)
    if await fetch(session, NAMED, (company_id, fit_name, role_id)):
        raise _taken()
    await fetch(session, CHANGE, (company_id, role_id, fit_name, _written(wanted)))


async def delete_role(
    session: AsyncSession, company_id: UUID, role_id: UUID, *, held: frozenset[str]
) -> None:
    """Delete a role that nobody has and to which nobody is invited.

    Raises `NotFound` (`role_not_found`), `Forbidden` (`beyond_own_rights`), `Conflict` (`role_in_use`).
    """
    _, before = await _locked(session, company_id, role_id)
    refuse_beyond(held, before)
    ((users,),) = await fetch(session, IN_USE, (company_id, role_id))
    if users:
        raise Conflict("role_in_use", "Somebody has this role or is invited to it. Give them another first.")
    await fetch(session, FORGET_INVITATIONS, (company_id, role_id))
    await fetch(session, DELETE, (company_id, role_id))


async def _locked(session: AsyncSession, company_id: UUID, role_id: UUID) -> tuple[str, frozenset[str]]:
    rows = await fetch(session, LOCK, (company_id, role_id))
    if not rows:
        raise NotFound("role_not_found", "This company has no such role of its own.")
    return rows[0][0], frozenset(rows[0][1])


def _name(text: str) -> str:
    """A name that cannot be taken for a role of ours."""
    name = label(text)
    if name.casefold() in {one.casefold() for one in (*ROLES, *NAMES.values(), CUSTOM, "customer", "key")}:
        raise _taken()
    return name


def _taken() -> Conflict:
    told = "There is a role of this name. Choose another one."
    return Conflict("role_name_taken", told, errors=[FieldProblem("name", "taken", told)])


def _allowed(permissions: Collection[str]) -> frozenset[str]:
    wanted = frozenset(permissions)
    unknown = wanted - (PERMISSIONS.keys() - NEVER_OWN)
    if unknown:
        told = (
            "Choose from the permissions that GET /api/admin/roles lists. A role of one's own never has all."
        )
        raise Unprocessable("permission_unknown", told, errors=[FieldProblem("permissions", "unknown", told)])
    return wanted


def _written(permissions: frozenset[str]) -> list[str]:
    return [name for name in PERMISSIONS if name in permissions]
