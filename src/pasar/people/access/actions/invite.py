"""Ask somebody to work here, ask again, or take it back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict, Forbidden, NotFound
from pasar.kernel.events import record
from pasar.kernel.ids import new_id
from pasar.people.access.events import StaffInvited
from pasar.people.access.giving import Grant, refuse_beyond
from pasar.people.access.grants import chosen_grant, grant_in, grant_of

INVITATION_LIFE: Final = timedelta(days=7)
"""From the moment that its mail leaves."""
MOST_OPEN: Final = 200

WORKS_HERE: Final = """
SELECT 1 FROM memberships m JOIN user_accounts u ON u.user_id = m.user_id
 WHERE m.company_id = $1 AND u.email = $2
"""
OPEN: Final = """
SELECT count(*) FROM invitations
 WHERE company_id = $1 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at > $2
"""
# One that has expired makes room for a new one.
END_EXPIRED: Final = """
UPDATE invitations SET revoked_at = $3
 WHERE company_id = $1 AND email = $2 AND accepted_at IS NULL AND revoked_at IS NULL AND expires_at <= $3
"""
INSERT: Final = """
INSERT INTO invitations
    (company_id, id, email, role, custom_role_id, locale, invited_by, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (company_id, email) WHERE accepted_at IS NULL AND revoked_at IS NULL DO NOTHING
RETURNING id
"""
LOCK: Final = """
SELECT i.role, i.custom_role_id, r.name, r.permissions, i.accepted_at, i.revoked_at
  FROM invitations i
  LEFT JOIN custom_roles r ON r.company_id = i.company_id AND r.id = i.custom_role_id
 WHERE i.company_id = $1 AND i.id = $2
   FOR UPDATE OF i
"""
PROLONG: Final = "UPDATE invitations SET expires_at = $3, invited_by = $4 WHERE company_id = $1 AND id = $2"
REVOKE: Final = "UPDATE invitations SET revoked_at = $3 WHERE company_id = $1 AND id = $2"


async def invite(
    session: AsyncSession,
    company_id: UUID,
    email: str,
    *,
    role: str | None,
    custom_role_id: UUID | None,
    by: UUID,
    locale: str,
    at: datetime,
) -> UUID:
    """Invite whoever reads the mail of `email` (normalised) and answer the invitation's id; the mail is due.

    Raises what `chosen_grant` raises, `Forbidden` (`beyond_own_rights`, `permission_missing`) and `Conflict`
    (`already_staff`, `already_invited`, `too_many_invitations`).
    """
    wanted = await chosen_grant(session, company_id, role, custom_role_id)
    refuse_beyond(await _giver(session, company_id, by), wanted.permissions)
    if await fetch(session, WORKS_HERE, (company_id, email)):
        raise Conflict("already_staff", "This person works here already. Change their role instead.")
    await fetch(session, END_EXPIRED, (company_id, email, at))
    ((count,),) = await fetch(session, OPEN, (company_id, at))
    if count >= MOST_OPEN:
        raise Conflict("too_many_invitations", f"{MOST_OPEN} invitations are open. Take some back first.")
    return await _add(session, company_id, email, wanted, by=by, locale=locale, at=at)


async def invite_first_owner(
    session: AsyncSession, company_id: UUID, email: str, *, locale: str, at: datetime
) -> UUID:
    """Invite the owner of a company that was opened just now; nobody of its own could have."""
    wanted = await chosen_grant(session, company_id, "owner", None)
    return await _add(session, company_id, email, wanted, by=None, locale=locale, at=at)


async def resend_invitation(
    session: AsyncSession, company_id: UUID, invitation_id: UUID, *, by: UUID, at: datetime
) -> None:
    """Send it anew, for another seven days; the link of the mail before ends when this one leaves.

    Who asks again is who invites now. Raises `NotFound` (`invitation_not_found`), `Conflict`
    (`invitation_ended`) and `Forbidden` (`beyond_own_rights`).
    """
    grant = await _locked(session, company_id, invitation_id)
    refuse_beyond(await _giver(session, company_id, by), grant.permissions)
    await fetch(session, PROLONG, (company_id, invitation_id, at + INVITATION_LIFE, by))
    await record(session, company_id, StaffInvited(invitation_id=invitation_id), at=at)


async def revoke_invitation(
    session: AsyncSession, company_id: UUID, invitation_id: UUID, *, at: datetime
) -> None:
    """Take it back. Raises `NotFound` (`invitation_not_found`) and `Conflict` (`invitation_ended`)."""
    await _locked(session, company_id, invitation_id)
    await fetch(session, REVOKE, (company_id, invitation_id, at))


async def _add(
    session: AsyncSession,
    company_id: UUID,
    email: str,
    wanted: Grant,
    *,
    by: UUID | None,
    locale: str,
    at: datetime,
) -> UUID:
    invitation_id = new_id()
    role = (wanted.role, wanted.custom_role_id)
    values = (company_id, invitation_id, email, *role, locale, by, at, at + INVITATION_LIFE)
    if not await fetch(session, INSERT, values):
        raise Conflict("already_invited", "This address is invited already. Send it again, or take it back.")
    await record(session, company_id, StaffInvited(invitation_id=invitation_id), at=at)
    return invitation_id


async def _locked(session: AsyncSession, company_id: UUID, invitation_id: UUID) -> Grant:
    rows = await fetch(session, LOCK, (company_id, invitation_id))
    if not rows:
        raise NotFound("invitation_not_found", "This company has no such invitation.")
    *grant, accepted_at, revoked_at = rows[0]
    if accepted_at is not None or revoked_at is not None:
        raise Conflict("invitation_ended", "It was accepted or taken back already. Invite anew if need be.")
    return grant_of(*grant)


async def _giver(session: AsyncSession, company_id: UUID, by: UUID) -> frozenset[str]:
    """What the one who invites may do now, in this transaction."""
    found = await grant_in(session, company_id, by)
    if found is None or not {"staff:write", "*"} & found.permissions:
        raise Forbidden("permission_missing", "This needs the permission staff:write. Ask an owner for it.")
    return found.permissions
