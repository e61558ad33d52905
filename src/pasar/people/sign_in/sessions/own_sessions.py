"""Where is this person signed in, and sign out there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import Database, fetch
from pasar.kernel.errors import NotFound
from pasar.people.sign_in.actions.revoke_sign_in import revoke_all, revoke_sign_in

MOST: Final = 200

# Alive is what can still be used or renewed: an unused refresh token, or a cookie that has not expired.
OWN = """
SELECT s.id, s.kind, s.agent, s.address, s.created_at, s.last_seen_at, s.second_factor_at
  FROM sign_ins s
 WHERE s.user_id = $1 AND s.revoked_at IS NULL
   AND (EXISTS (SELECT 1 FROM refresh_tokens t
                 WHERE t.family = s.id AND t.used_at IS NULL AND t.expires_at > $2)
        OR EXISTS (SELECT 1 FROM page_sessions p WHERE p.sign_in_id = s.id AND p.expires_at > $2))
 ORDER BY s.last_seen_at DESC, s.id DESC
 LIMIT $3
"""
IS_OWN = "SELECT 1 FROM sign_ins WHERE id = $1 AND user_id = $2 AND revoked_at IS NULL"


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One sign-in of a person's. `kind` is `pages` for a browser on our pages, `tokens` for a client."""

    id: UUID
    kind: str
    agent: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    second_factor_at: datetime | None


async def own_sessions(database: Database, user_id: UUID, now: datetime) -> Sequence[OwnSession]:
    """The person's open sign-ins at all shops, the last used first; the last `MOST` of them."""
    return [OwnSession(*row) for row in await database.rows(OWN, user_id, now, MOST)]


async def end_own_session(session: AsyncSession, user_id: UUID, sign_in_id: UUID, at: datetime) -> None:
    """Sign one device out. Raises `NotFound` alike for another person's, an ended and an unknown one."""
    if not await fetch(session, IS_OWN, (sign_in_id, user_id)):
        raise NotFound("session_not_found", "There is no such sign-in of yours, or it is over already.")
    await revoke_sign_in(session, sign_in_id, "revoked", at)


async def end_other_sessions(session: AsyncSession, user_id: UUID, current: UUID | None, at: datetime) -> int:
    """Sign the person out everywhere but at `current`, and answer at how many devices that was."""
    return await revoke_all(session, user_id, "revoked", at, but=current)
