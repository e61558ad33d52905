"""What second factors hold of a person: that there are some, never their secrets."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.people.privacy.public import PersonalData, Subject, Told, facts, register_personal_data

TOTP: Final = "SELECT id, created_at, confirmed_at FROM totp_secrets WHERE user_id = $1 ORDER BY id"
PASSKEYS: Final = """
SELECT id, rp_id, name, transports, created_at, last_used_at FROM passkeys WHERE user_id = $1 ORDER BY id
"""
CODES: Final = "SELECT id, created_at, used_at FROM recovery_codes WHERE user_id = $1 ORDER BY id"
FORGET: Final = (
    "DELETE FROM totp_secrets WHERE user_id = $1",
    "DELETE FROM passkeys WHERE user_id = $1",
    "DELETE FROM recovery_codes WHERE user_id = $1",
    "DELETE FROM factor_challenges WHERE user_id = $1",
)


async def export(session: AsyncSession, subject: Subject) -> Told:
    """Which second factors there are."""
    person = (subject.user_id,)
    return {
        "authenticator_apps": await facts(session, TOTP, person),
        "passkeys": await facts(session, PASSKEYS, person),
        "recovery_codes": await facts(session, CODES, person),
    }


async def erase(session: AsyncSession, subject: Subject, _at: datetime) -> bool:
    """Delete them."""
    for statement in FORGET:
        await fetch(session, statement, (subject.user_id,))
    return True


register_personal_data(
    PersonalData(
        name="second_factors",
        purpose="To make sure that it is you who signs in",
        retention="Until you remove them",
        export=export,
        erase=erase,
        order=20,
    )
)
