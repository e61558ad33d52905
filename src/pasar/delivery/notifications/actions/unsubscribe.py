"""Send somebody no marketing any more."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.delivery.notifications.unsubscribing import recipient_hash
from pasar.kernel.db.database import fetch

ADD = """
INSERT INTO unsubscribes (company_id, recipient_hash, message_id, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (company_id, recipient_hash) DO NOTHING
"""


async def unsubscribe(
    session: AsyncSession,
    company_id: UUID,
    *,
    channel: str,
    recipient: str,
    message_id: UUID | None,
    at: datetime,
) -> None:
    """Note that this reader wants no marketing from the company; twice is once."""
    await fetch(session, ADD, (company_id, recipient_hash(channel, recipient), message_id, at))
