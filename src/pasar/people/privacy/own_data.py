"""What privacy itself holds of a person: consents, exports, answers kept for repeated calls."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.idempotency import forget_answers
from pasar.kernel.jobs import enqueue
from pasar.people.privacy.personal_data import (
    PersonalData,
    Subject,
    Told,
    facts,
    register_personal_data,
)

DROP_JOB: Final = "privacy.drop_file"
CONSENTS: Final = """
SELECT company_id, purpose, wording, given, at, address FROM consents
 WHERE user_id = $1 ORDER BY company_id, id
"""
# That somebody consented stays provable (GDPR 7(1)), without saying who or from where.
FORGET_ADDRESSES: Final = "UPDATE consents SET address = '' WHERE user_id = $1 AND address <> ''"
FORGET_EXPORTS: Final = """
DELETE FROM personal_exports
 WHERE user_id = $1 OR (company_id, customer_id) IN (SELECT * FROM unnest($2::uuid[], $3::uuid[]))
RETURNING file_key
"""


async def export(session: AsyncSession, subject: Subject) -> Told:
    """The person's consents."""
    return {"consents": await facts(session, CONSENTS, (subject.user_id,))}


async def erase(session: AsyncSession, subject: Subject, _at: datetime) -> bool:
    """Files are dropped by jobs: what a transaction takes back stays taken back."""
    await fetch(session, FORGET_ADDRESSES, (subject.user_id,))
    values = (subject.user_id, subject.companies, subject.customer_ids)
    for (file_key,) in await fetch(session, FORGET_EXPORTS, values):
        if file_key is not None:
            await enqueue(session, DROP_JOB, {"file_key": file_key})
    if subject.user_id is not None:
        await forget_answers(session, subject.user_id)
    return True


OWN_DATA: Final = PersonalData(
    name="privacy",
    purpose="To act on what you agreed to, and to prove that you did",
    retention="As long as your account; after that without your address, as proof",
    export=export,
    erase=erase,
)
register_personal_data(OWN_DATA)
