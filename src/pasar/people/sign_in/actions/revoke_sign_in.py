"""End a sign-in with all its tokens, or all of a person's."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.people.audit.public import audit_own_act

log = structlog.get_logger(__name__)

Reason = Literal["signed_out", "revoked", "password", "reuse", "erased", "left"]

REVOKE = """
UPDATE sign_ins SET revoked_at = $2, revoked_for = $3 WHERE id = $1 AND revoked_at IS NULL
RETURNING user_id, company_id
"""
REVOKE_ALL = """
UPDATE sign_ins SET revoked_at = $2, revoked_for = $3
 WHERE user_id = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $4
RETURNING id
"""
# Whoever has given the password and still owes the second factor begins anew, too.
FORGET_CHALLENGES = "DELETE FROM factor_challenges WHERE user_id = $1"
FORGET_PAGES = "DELETE FROM page_sessions WHERE sign_in_id = ANY($1::uuid[])"


async def revoke_sign_in(session: AsyncSession, sign_in_id: UUID, reason: Reason, at: datetime) -> None:
    """End one sign-in: its refresh tokens are refused from here on, its access tokens within a second.

    A refresh that is under way holds the row; this waits for it, and its new token is refused, too.
    """
    ended = await fetch(session, REVOKE, (sign_in_id, at, reason))
    await fetch(session, FORGET_PAGES, ([sign_in_id],))
    for user_id, company_id in ended:
        why = {"reason": reason}
        log.info("sign_in.ended", userId=str(user_id), signInId=str(sign_in_id), reason=reason)
        await audit_own_act(
            session, user_id, "sign_in.ended", "sign_in", sign_in_id, company_id=company_id, after=why
        )


async def revoke_all(
    session: AsyncSession, user_id: UUID, reason: Reason, at: datetime, *, but: UUID | None = None
) -> int:
    """End every sign-in of a person except `but`; answers how many were open."""
    rows = await fetch(session, REVOKE_ALL, (user_id, at, reason, but))
    await fetch(session, FORGET_PAGES, ([row[0] for row in rows],))
    await fetch(session, FORGET_CHALLENGES, (user_id,))
    if rows:
        after = {"reason": reason, "signIns": len(rows)}
        log.info("sign_in.all_ended", userId=str(user_id), reason=reason, signIns=len(rows))
        await audit_own_act(session, user_id, "account.sign_ins_revoked", after=after)
    return len(rows)
