"""Old messages, and those about what is forgotten: that one was sent stays, to whom and about what goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.runtime import Runtime

# A queued one is none of these: it is sent or fails within hours.
FORGET: Final = """
UPDATE messages SET recipient = '', subject = '', last_error = NULL
 WHERE (company_id, id) IN (
       SELECT company_id, id FROM messages
        WHERE created_at < $1::timestamptz - interval '90 days' AND recipient <> '' AND state <> 'queued'
        LIMIT 5000)
RETURNING 1
"""
FORGET_MAILBOX: Final = "DELETE FROM outbox_mails WHERE at < $1::timestamptz - interval '90 days' RETURNING 1"
# One that waits is not sent any more. Errors may quote the address.
FORGET_ABOUT: Final = """
WITH about AS (
    UPDATE messages m
       SET recipient = '', subject = '', last_error = NULL,
           state = CASE WHEN m.state = 'queued' THEN 'failed' ELSE m.state END
      FROM unnest($1::uuid[], $2::text[]) AS cause (company_id, related)
     WHERE m.company_id = cause.company_id AND m.related = cause.related
    RETURNING m.company_id, m.id
)
DELETE FROM outbox_mails o USING about WHERE o.company_id = about.company_id AND o.id = about.id
"""


async def forget_messages_about(
    session: AsyncSession, companies: Sequence[UUID], related: Sequence[str]
) -> None:
    """Forget the messages about each `related` (as given to `notify`), at the company of the same place."""
    if related:
        await fetch(session, FORGET_ABOUT, (list(companies), list(related)))


async def forget_old_messages(runtime: Runtime) -> int:
    """Blank recipients and subjects older than 90 days, and empty the development mailbox; how many rows."""
    now, gone = runtime.clock.now(), 0
    while rows := await runtime.database.rows(FORGET, now):
        gone += len(rows)
    return gone + len(await runtime.database.rows(FORGET_MAILBOX, now))
