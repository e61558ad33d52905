"""Give a colleague another role, or let one go."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict, Forbidden, NotFound
from pasar.people.access.giving import Grant, is_owner, refuse_change
from pasar.people.access.grants import Members, chosen_grant, lock_members

CHANGE: Final = "UPDATE memberships SET role = $3, custom_role_id = $4 WHERE company_id = $1 AND user_id = $2"
REMOVE: Final = "DELETE FROM memberships WHERE company_id = $1 AND user_id = $2"


async def change_member(
    session: AsyncSession,
    company_id: UUID,
    user_id: UUID,
    *,
    by: UUID,
    role: str | None = None,
    custom_role_id: UUID | None = None,
) -> None:
    """Give the member another role; `by` is who gives it.

    Raises `NotFound` (`staff_not_found`), `Forbidden` (`own_role`, `beyond_own_rights`), `Conflict`
    (`last_owner`) and what `chosen_grant` raises.
    """
    if user_id == by:
        raise Forbidden("own_role", "Nobody changes their own role. Ask another owner or administrator.")
    members = await lock_members(session, company_id, (user_id, by))
    then = await chosen_grant(session, company_id, role, custom_role_id)
    now = _present(members, user_id)
    refuse_change(_giver(members, by), now, then)
    if not is_owner(then):
        _keep_an_owner(members, user_id)
    await fetch(session, CHANGE, (company_id, user_id, then.role, then.custom_role_id))


async def remove_member(session: AsyncSession, company_id: UUID, user_id: UUID, *, by: UUID) -> None:
    """End the person's work for the company; oneself may go, too.

    Raises `NotFound` (`staff_not_found`), `Forbidden` (`beyond_own_rights`) and `Conflict` (`last_owner`).
    """
    members = await lock_members(session, company_id, (user_id, by))
    now = _present(members, user_id)
    if user_id != by:
        refuse_change(_giver(members, by), now, None)
    _keep_an_owner(members, user_id)
    await fetch(session, REMOVE, (company_id, user_id))


async def refuse_over_colleague(session: AsyncSession, company_id: UUID, user_id: UUID, *, by: UUID) -> None:
    """Let through who may act on this colleague's sign-ins: whoever may do as much, and the person itself.

    Raises `NotFound` (`staff_not_found`) and `Forbidden` (`beyond_own_rights`).
    """
    members = await lock_members(session, company_id, (user_id, by))
    now = _present(members, user_id)
    if user_id != by:
        refuse_change(_giver(members, by), now, None)


def _present(members: Members, user_id: UUID) -> Grant:
    found = members.grants.get(user_id)
    if found is None:
        raise NotFound("staff_not_found", "Nobody with this id works here.")
    return found


def _giver(members: Members, by: UUID) -> Grant:
    """Who gives, as the locked row says: a role that was lost since the guard looked counts no more."""
    found = members.grants.get(by)
    if found is None or not {"staff:write", "*"} & found.permissions:
        raise Forbidden("permission_missing", "This needs the permission staff:write. Ask an owner for it.")
    return found


def _keep_an_owner(members: Members, leaving: UUID) -> None:
    if leaving in members.owners and len(members.owners) == 1:
        raise Conflict("last_owner", "A company keeps an owner. Make somebody else one first.")
