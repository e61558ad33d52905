"""Which ways into an account are there beside its password, and take them all away."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.people.audit.public import audit_own_act
from pasar.people.sign_in.events import WayIn
from pasar.people.users.public import unprove_phone

WAYS: Final = """
SELECT EXISTS (SELECT 1 FROM users WHERE id = $1 AND phone_verified_at IS NOT NULL) AS phone,
       EXISTS (SELECT 1 FROM passkeys WHERE user_id = $1) AS passkey,
       EXISTS (SELECT 1 FROM totp_secrets WHERE user_id = $1 AND confirmed_at IS NOT NULL) AS totp,
       EXISTS (SELECT 1 FROM identities WHERE user_id = $1) AS provider
"""
# As whoever changes factors does it: nobody adds one while they go.
LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('second_factor:' || $1::uuid::text, 0))"
FORGET: Final = (
    "DELETE FROM totp_secrets WHERE user_id = $1",
    "DELETE FROM passkeys WHERE user_id = $1",
    "DELETE FROM recovery_codes WHERE user_id = $1",
    "DELETE FROM identities WHERE user_id = $1",
    "DELETE FROM openid_attempts WHERE user_id = $1",
)
_ACTS: Final[dict[WayIn, str]] = {
    "passkey": "second_factor.passkey_removed",
    "totp": "second_factor.totp_removed",
    "provider": "account.way_disconnected",
}


async def ways_in(session: AsyncSession, user_id: UUID) -> list[WayIn]:
    """What opens the account beside its password, or is asked for with it."""
    (row,) = await fetch(session, WAYS, (user_id,))
    there: list[tuple[WayIn, bool]] = [
        ("phone", row.phone),
        ("passkey", row.passkey),
        ("totp", row.totp),
        ("provider", row.provider),
    ]
    return [way for way, is_there in there if is_there]


async def forget_ways_in(session: AsyncSession, user_id: UUID) -> list[WayIn]:
    """Take them all away, with recovery codes and what was begun; answers which there were.

    For an account whose address is proved for the first time by who has forgotten its password: whatever was
    set up before may be somebody else's.
    """
    await fetch(session, LOCK, (user_id,))
    gone = await ways_in(session, user_id)
    for statement in FORGET:
        await fetch(session, statement, (user_id,))
    await unprove_phone(session, user_id)
    for way in gone:
        if way in _ACTS:
            await audit_own_act(session, user_id, _ACTS[way], after={"reason": "first_proof"})
    return gone
