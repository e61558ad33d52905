"""Ask for a message: in the transaction of its cause, once however often the cause is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.delivery.notifications.kinds import ChannelName, kind_called
from pasar.delivery.notifications.unsubscribing import wants_none
from pasar.kernel.db.database import fetch
from pasar.kernel.ids import new_id
from pasar.kernel.jobs import enqueue

JOB = "notifications.send"

ADD = """
INSERT INTO messages
    (company_id, id, kind, channel, recipient, locale, given, dedupe_key, related, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8, $9, $10)
ON CONFLICT (company_id, dedupe_key) DO NOTHING
RETURNING id
"""


async def notify(
    session: AsyncSession,
    company_id: UUID,
    *,
    kind: str,
    recipient: str,
    locale: str,
    dedupe_key: str,
    given: Mapping[str, str],
    at: datetime,
    related: str = "",
    channel: ChannelName = "mail",
) -> UUID | None:
    """Queue a message and the job that sends it; None when `dedupe_key` has had its message, and
    for marketing to somebody who has unsubscribed.

    `given` are ids for the kind's writer: no names, no texts, no secrets. Raises LookupError for a kind that
    nobody registered.
    """
    known = kind_called(kind)
    if known.marketing and await wants_none(session, company_id, channel, recipient):
        return None
    rows = await fetch(
        session,
        ADD,
        (
            company_id,
            new_id(),
            known.name,
            channel,
            recipient,
            locale,
            msgspec.json.encode(given).decode(),
            dedupe_key,
            related,
            at,
        ),
    )
    if not rows:
        return None
    message_id = UUID(str(rows[0][0]))
    await enqueue(session, JOB, {"companyId": company_id, "messageId": message_id})
    return message_id
