"""Try messages again that have failed for good."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.delivery.notifications.actions.notify import JOB
from pasar.kernel.db.database import fetch
from pasar.kernel.jobs import enqueue

AGAIN = """
WITH failed AS (
    SELECT company_id, id FROM messages
     WHERE state = 'failed' AND ($1::text IS NULL OR kind = $1) AND (company_id, id) > ($2, $3)
     ORDER BY company_id, id LIMIT $4 FOR UPDATE SKIP LOCKED
)
UPDATE messages m SET state = 'queued', attempts = 0
  FROM failed f WHERE m.company_id = f.company_id AND m.id = f.id
RETURNING m.company_id, m.id
"""
NOTHING_YET = (UUID(int=0), UUID(int=0))


async def resend_failed(
    session: AsyncSession, *, kind: str | None, after: tuple[UUID, UUID], most: int
) -> list[tuple[UUID, UUID]]:
    """Queue up to `most` failed messages behind `after` again, all of them or those of one `kind`; answers
    which, in order. Nothing to say is found out again when they leave: a link that is over stays over."""
    rows = await fetch(session, AGAIN, (kind, *after, most))
    queued = sorted((row[0], row[1]) for row in rows)
    for company_id, message_id in queued:
        await enqueue(session, JOB, {"companyId": company_id, "messageId": message_id})
    return queued
