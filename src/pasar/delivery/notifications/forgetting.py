"""Old messages: that one was sent stays, to whom and about what goes."""

from __future__ import annotations

from typing import Final

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


async def forget_old_messages(runtime: Runtime) -> int:
    """Blank recipients and subjects older than 90 days, and empty the development mailbox; how many rows."""
    now, gone = runtime.clock.now(), 0
    while rows := await runtime.database.rows(FORGET, now):
        gone += len(rows)
    return gone + len(await runtime.database.rows(FORGET_MAILBOX, now))
