"""What sign-in holds of a person: sign-ins with device and address, and requests for a proof."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.people.privacy.public import PersonalData, Subject, Told, facts, register_personal_data

SIGN_INS: Final = """
SELECT id, company_id, kind, agent, address, created_at, last_seen_at, second_factor_at,
       revoked_at, revoked_for
  FROM sign_ins WHERE user_id = $1 ORDER BY created_at, id
"""
PROOFS: Final = """
SELECT id, company_id, kind, recipient, created_at, expires_at, used_at
  FROM proofs WHERE user_id = $1 ORDER BY created_at, id
"""
# Their tokens and page sessions go with them, and every process hears of it within a second.
FORGET_SIGN_INS: Final = "DELETE FROM sign_ins WHERE user_id = $1"
# Codes to a phone name no account. What names another account is that one's, wherever it was sent.
FORGET_PROOFS: Final = """
DELETE FROM proofs
 WHERE user_id = $1
    OR (user_id IS NULL AND recipient = ANY ($2::text[])
        AND ($3::uuid[] IS NULL OR company_id = ANY ($3::uuid[])))
"""


async def export(session: AsyncSession, subject: Subject) -> Told:
    """Where the person signed in, and what they were asked to prove."""
    return {
        "sign_ins": await facts(session, SIGN_INS, (subject.user_id,)),
        "proofs": await facts(session, PROOFS, (subject.user_id,)),
    }


async def erase(session: AsyncSession, subject: Subject, _at: datetime) -> bool:
    """End every sign-in, at once and without a trace."""
    await fetch(session, FORGET_SIGN_INS, (subject.user_id,))
    await fetch(session, FORGET_PROOFS, (subject.user_id, list(subject.proved), subject.scope))
    return True


register_personal_data(
    PersonalData(
        name="sign_ins",
        purpose="To keep you signed in, and to show you where you are",
        retention="90 days after the last use; requests for a proof a day",
        export=export,
        erase=erase,
        order=10,
    )
)
