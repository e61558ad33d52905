"""Which role is meant, and which do these people hold? Reads inside a transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import FieldProblem, Unprocessable
from pasar.people.access.giving import Grant
from pasar.people.access.roles import CUSTOM, PLATFORM, ROLES, permissions_of

OWN_ROLE = "SELECT name, permissions FROM custom_roles WHERE company_id = $1 AND id = $2 FOR SHARE"
IS_PLATFORM = "SELECT 1 FROM platform_companies WHERE company_id = $1"
# Every change of who works here first locks the owners in one order, so that two who relieve each other take
# turns, and the second sees what the first has done. Owners who can no longer sign in do not count.
LOCK_MEMBERS = """
SELECT m.user_id, m.role, m.custom_role_id, r.name, r.permissions, u.is_active
  FROM memberships m
  JOIN user_accounts u ON u.user_id = m.user_id
  LEFT JOIN custom_roles r ON r.company_id = m.company_id AND r.id = m.custom_role_id
 WHERE m.company_id = $1 AND (m.role = 'owner' OR m.user_id = ANY ($2::uuid[]))
 ORDER BY m.user_id
   FOR UPDATE OF m
"""
GRANT = """
SELECT m.role, m.custom_role_id, r.name, r.permissions
  FROM memberships m
  LEFT JOIN custom_roles r ON r.company_id = m.company_id AND r.id = m.custom_role_id
 WHERE m.company_id = $1 AND m.user_id = $2
"""


class Members:
    """The locked memberships of a company's owners and of those who are asked for."""

    def __init__(self, rows: Iterable[Any]) -> None:
        kept = list(rows)
        self.grants = {row[0]: grant_of(row[1], row[2], row[3], row[4]) for row in kept}
        self.owners = frozenset(row[0] for row in kept if row[1] == "owner" and row[5])


async def lock_members(session: AsyncSession, company_id: UUID, user_ids: Iterable[UUID]) -> Members:
    """Hold the memberships of `user_ids` and of every owner until the transaction ends."""
    return Members(await fetch(session, LOCK_MEMBERS, (company_id, list(user_ids))))


async def grant_in(session: AsyncSession, company_id: UUID, user_id: UUID) -> Grant | None:
    """What the person holds in the company now, if anything."""
    rows = await fetch(session, GRANT, (company_id, user_id))
    return grant_of(*rows[0]) if rows else None


def grant_of(
    role: str, custom_role_id: UUID | None, own_name: str | None, own_permissions: list[str] | None
) -> Grant:
    """A row of a membership or an invitation, with its own role's name and permissions."""
    allowed = permissions_of(role) if custom_role_id is None else frozenset(own_permissions or ())
    return Grant(role, custom_role_id, own_name or role, allowed)


async def chosen_grant(
    session: AsyncSession, company_id: UUID, role: str | None, custom_role_id: UUID | None
) -> Grant:
    """The role that a body names: `role`, one of ours, or `custom_role_id`, one of the company's.

    Raises `Unprocessable`: `role_unknown`, also for two or none, and `role_not_here` for the platform's role
    in another company.
    """
    if (role is None) == (custom_role_id is None):
        raise _unknown("role", "Name one role: either role or customRoleId.")
    if custom_role_id is not None:
        rows = await fetch(session, OWN_ROLE, (company_id, custom_role_id))
        if not rows:
            raise _unknown("customRoleId", "There is no such role in this company. See GET /api/admin/roles.")
        return Grant(CUSTOM, custom_role_id, rows[0][0], frozenset(rows[0][1]))
    if role not in ROLES:
        raise _unknown("role", f"There is no such role. Choose one of {', '.join(ROLES)}.")
    if role == PLATFORM and not await fetch(session, IS_PLATFORM, (company_id,)):
        told = "This role is only for the company that runs the installation. Choose another one."
        raise Unprocessable("role_not_here", told, errors=[FieldProblem("role", "not_here", told)])
    return Grant(role, None, role, permissions_of(role))


def _unknown(field: str, told: str) -> Unprocessable:
    return Unprocessable("role_unknown", told, errors=[FieldProblem(field, "unknown", told)])
