"""Take a factor away, unless it is the last and a company demands one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict, NotFound
from pasar.people.sign_in.second_factor.actions.telling import Changer, tell_change
from pasar.people.sign_in.second_factor.factors import has_factor, is_demanded, lock_factors

REMOVE_PASSKEY = "DELETE FROM passkeys WHERE user_id = $1 AND id = $2 RETURNING 1"
# One that only waits goes, too: nothing of the app is left.
REMOVE_TOTP = "DELETE FROM totp_secrets WHERE user_id = $1 RETURNING confirmed_at"
FORGET_CODES = "DELETE FROM recovery_codes WHERE user_id = $1"


async def remove_totp(session: AsyncSession, changer: Changer, at: datetime) -> None:
    """Turn the authenticator app off. Raises `NotFound` (`totp_not_found`), and as `_refuse_last`."""
    await lock_factors(session, changer.user_id)
    rows = await fetch(session, REMOVE_TOTP, (changer.user_id,))
    if not any(row[0] for row in rows):
        raise NotFound("totp_not_found", "No authenticator app is set up.")
    await _refuse_last(session, changer.user_id)
    await tell_change(session, changer.user_id, changer.company_id, "totp_removed", at)


async def remove_passkey(session: AsyncSession, changer: Changer, passkey_id: UUID, at: datetime) -> None:
    """Forget a passkey. Raises `NotFound` for one that is not the person's own, and as `_refuse_last`."""
    await lock_factors(session, changer.user_id)
    if not await fetch(session, REMOVE_PASSKEY, (changer.user_id, passkey_id)):
        raise NotFound("passkey_not_found", "You have no such passkey.")
    await _refuse_last(session, changer.user_id)
    await tell_change(session, changer.user_id, changer.company_id, "passkey_removed", at)


async def _refuse_last(session: AsyncSession, user_id: UUID) -> None:
    """Without a factor, recovery codes go as well. Raises `Conflict` (`second_factor_demanded`) when a
    company where the person works demands one; what was taken away is then back."""
    if await has_factor(session, user_id):
        return
    if await is_demanded(session, user_id):
        raise Conflict(
            "second_factor_demanded",
            "Your company asks for a second factor. Set up another one before you remove this.",
        )
    await fetch(session, FORGET_CODES, (user_id,))
