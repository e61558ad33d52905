"""What OpenID holds of a person: by which providers they sign in, and who they are there."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.people.privacy.public import PersonalData, Subject, Told, facts, register_personal_data

IDENTITIES: Final = """
SELECT id, issuer, subject, created_at, last_used_at FROM identities WHERE user_id = $1 ORDER BY id
"""
FORGET: Final = (
    "DELETE FROM identities WHERE user_id = $1",
    "DELETE FROM openid_attempts WHERE user_id = $1",
)


async def export(session: AsyncSession, subject: Subject) -> Told:
    """The person's identities at providers."""
    return {"identities": await facts(session, IDENTITIES, (subject.user_id,))}


async def erase(session: AsyncSession, subject: Subject, _at: datetime) -> bool:
    """Disconnect them all."""
    for statement in FORGET:
        await fetch(session, statement, (subject.user_id,))
    return True


register_personal_data(
    PersonalData(
        name="identities",
        purpose="To let you sign in by an account that you have elsewhere",
        retention="Until you disconnect it",
        export=export,
        erase=erase,
        order=20,
    )
)
