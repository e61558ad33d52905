"""Whose invitation is behind this link, and does it still hold?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict, NotFound
from pasar.kernel.ids import hash_token, new_token
from pasar.people.access.actions.invite import INVITATION_LIFE
from pasar.people.access.giving import Grant
from pasar.people.access.grants import grant_in, grant_of
from pasar.people.access.roles import beyond

_COLUMNS: Final = """
SELECT i.company_id, i.id, i.email, i.role, i.custom_role_id, r.name AS own_name, r.permissions,
       i.invited_by, u.name AS inviter, i.expires_at, i.accepted_at, i.revoked_at
  FROM invitations i
  LEFT JOIN custom_roles r ON r.company_id = i.company_id AND r.id = i.custom_role_id
  LEFT JOIN user_accounts u ON u.user_id = i.invited_by
"""
# `FOR UPDATE` makes two who accept at the same moment take turns: the second finds it used.
BY_TOKEN: Final = _COLUMNS + " WHERE i.token_hash = $1 FOR UPDATE OF i"
BY_ID: Final = _COLUMNS + " WHERE i.company_id = $1 AND i.id = $2 FOR UPDATE OF i"
MINT: Final = """
UPDATE invitations SET token_hash = $3, sent_at = $4, expires_at = $5 WHERE company_id = $1 AND id = $2
"""
JOIN: Final = """
INSERT INTO memberships (company_id, user_id, role, custom_role_id, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (company_id, user_id) DO NOTHING RETURNING user_id
"""
ACCEPTED: Final = """
UPDATE invitations SET accepted_at = $3, accepted_by = $4 WHERE company_id = $1 AND id = $2
"""


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that can be accepted. `inviter` is empty for the first owner of a company."""

    company_id: UUID
    id: UUID
    email: str
    grant: Grant
    inviter: str
    expires_at: datetime


async def find_invitation(session: AsyncSession, token: str, at: datetime) -> Invited:
    """The invitation behind the token of a mail, locked until the transaction ends.

    Raises `NotFound` (`invitation_unknown`) and `Conflict` (`invitation_used`, `invitation_revoked`,
    `invitation_expired`). It is revoked, too, when whoever sent it can no longer give that role: what a
    colleague handed out does not outlive the right to.
    """
    rows = await fetch(session, BY_TOKEN, (hash_token(token),))
    if not rows:
        raise NotFound(
            "invitation_unknown",
            "This link is not complete, or a later mail has replaced it. Open the link of the last mail.",
        )
    row = rows[0]
    if row.accepted_at is not None:
        raise Conflict("invitation_used", "This invitation is accepted already. Sign in to start.")
    invited = _invited(row)
    if row.revoked_at is not None or not await _still_given(session, row, invited):
        raise Conflict("invitation_revoked", "This invitation was taken back. Ask the shop for another.")
    if row.expires_at <= at:
        raise Conflict("invitation_expired", "This invitation is over. Ask the shop to send it again.")
    return invited


async def mint_invitation(
    session: AsyncSession, company_id: UUID, invitation_id: UUID, at: datetime
) -> tuple[Invited, str] | None:
    """A token of 32 bytes for the mail that leaves now, good for seven days; the one before ends.

    None when there is nothing to accept any more. Only the token's hash is kept.
    """
    rows = await fetch(session, BY_ID, (company_id, invitation_id))
    if not rows or rows[0].accepted_at is not None or rows[0].revoked_at is not None:
        return None
    invited = _invited(rows[0])
    if not await _still_given(session, rows[0], invited):
        return None
    token = new_token()
    await fetch(session, MINT, (company_id, invitation_id, hash_token(token), at, at + INVITATION_LIFE))
    return invited, token


async def accept_invitation(session: AsyncSession, invited: Invited, user_id: UUID, at: datetime) -> None:
    """Let the person work there. `invited` was found in this transaction, and is theirs.

    Raises `Conflict` (`already_staff`) for whoever works there already: their role stays.
    """
    role = (invited.grant.role, invited.grant.custom_role_id)
    if not await fetch(session, JOIN, (invited.company_id, user_id, *role, at)):
        raise Conflict("already_staff", "You work there already. Sign in to start.")
    await fetch(session, ACCEPTED, (invited.company_id, invited.id, at, user_id))


async def _still_given(session: AsyncSession, row: Any, invited: Invited) -> bool:
    if row.invited_by is None:
        return True
    giver = await grant_in(session, row.company_id, row.invited_by)
    held = giver.permissions if giver else frozenset[str]()
    return bool({"staff:write", "*"} & held) and not beyond(held, invited.grant.permissions)


def _invited(row: Any) -> Invited:
    return Invited(
        company_id=row.company_id,
        id=row.id,
        email=row.email,
        grant=grant_of(row.role, row.custom_role_id, row.own_name, row.permissions),
        inviter=row.inviter or "",
        expires_at=row.expires_at,
    )
