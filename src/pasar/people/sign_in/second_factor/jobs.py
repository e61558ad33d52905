"""What of second factors is tidied up by the clock."""

from __future__ import annotations

from pasar.kernel.db.database import fetch
from pasar.kernel.jobs import Schedule
from pasar.kernel.runtime import Runtime

FORGET_CHALLENGES = "DELETE FROM factor_challenges WHERE expires_at <= $1"
FORGET_PASSKEY_CHALLENGES = "DELETE FROM passkey_challenges WHERE expires_at <= $1"
# A secret that nobody confirmed within a day was given up.
FORGET_SETUPS = """
DELETE FROM totp_secrets WHERE confirmed_at IS NULL AND created_at < $1::timestamptz - interval '1 day'
"""


async def forget_challenges(runtime: Runtime) -> None:
    """Delete challenges that are over and setups that were given up."""
    async with runtime.database.transaction() as session:
        for statement in (FORGET_CHALLENGES, FORGET_PASSKEY_CHALLENGES, FORGET_SETUPS):
            await fetch(session, statement, (runtime.clock.now(),))


FACTOR_SCHEDULES = (Schedule("second_factor.forget_challenges", "37 * * * *", forget_challenges),)
