"""Make ten new recovery codes; those before them are void."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict
from pasar.kernel.ids import new_id
from pasar.people.sign_in.second_factor.actions.telling import Changer, tell_change
from pasar.people.sign_in.second_factor.factors import has_factor, lock_factors
from pasar.people.sign_in.second_factor.recovery import new_codes, recovery_hash

FORGET = "DELETE FROM recovery_codes WHERE user_id = $1"
INSERT = """
INSERT INTO recovery_codes (id, user_id, code_hash, created_at)
SELECT id, $2, hash, $4 FROM unnest($1::uuid[], $3::bytea[]) AS made(id, hash)
"""


async def make_recovery_codes(session: AsyncSession, changer: Changer, at: datetime) -> list[str]:
    """Ten codes to show once. Raises `Conflict` (`no_second_factor`) for who has nothing to recover."""
    await lock_factors(session, changer.user_id)
    if not await has_factor(session, changer.user_id):
        raise Conflict("no_second_factor", "Set up an authenticator app or a passkey first.")
    codes = await replace_codes(session, changer.user_id, at)
    await tell_change(session, changer.user_id, changer.company_id, "recovery_codes_made", at)
    return codes


async def replace_codes(session: AsyncSession, user_id: UUID, at: datetime) -> list[str]:
    """New codes in place of the old; the caller holds the lock."""
    codes = new_codes()
    await fetch(session, FORGET, (user_id,))
    hashes = [recovery_hash(user_id, code) for code in codes]
    await fetch(session, INSERT, ([new_id() for _ in codes], user_id, hashes, at))
    return codes
