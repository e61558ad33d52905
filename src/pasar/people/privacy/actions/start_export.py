"""Ask for the file of somebody's data: a job makes it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.ids import new_id
from pasar.kernel.jobs import enqueue
from pasar.people.privacy.personal_data import personal_data

EXPORT_JOB: Final = "privacy.export"
KEPT: Final = timedelta(days=7)

# One under way is the answer to a second request: the index admits no other.
ADD: Final = """
INSERT INTO personal_exports (id, user_id, company_id, customer_id, total, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING RETURNING id
"""
UNDER_WAY: Final = """
SELECT id FROM personal_exports
 WHERE state = 'queued' AND (user_id = $1 OR (company_id = $2 AND customer_id = $3))
"""


async def start_export(
    session: AsyncSession,
    *,
    at: datetime,
    user_id: UUID | None = None,
    customer: tuple[UUID, UUID] | None = None,
) -> tuple[UUID, bool]:
    """The id of a person's export, or of a guest customer's `(company, customer)`; and whether it begins with
    this: not when one is under way.
    """
    export_id = new_id()
    company_id, customer_id = customer or (None, None)
    values = (export_id, user_id, company_id, customer_id, len(personal_data()), at, at + KEPT)
    if not await fetch(session, ADD, values):
        rows = await fetch(session, UNDER_WAY, (user_id, company_id, customer_id))
        if rows:
            return rows[0][0], False
        # It was finished between the two looks.
        return await start_export(session, at=at, user_id=user_id, customer=customer)
    await enqueue(session, EXPORT_JOB, {"export_id": str(export_id)}, once_per=f"export:{export_id}")
    return export_id, True
