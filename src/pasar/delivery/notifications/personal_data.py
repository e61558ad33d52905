"""What notifications hold of a person: which messages went to which of their addresses."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.people.privacy.public import PersonalData, Subject, Told, facts, register_personal_data

MESSAGES: Final = """
SELECT company_id, id, kind, channel, recipient, locale, subject, state, created_at, sent_at
  FROM messages WHERE recipient = ANY ($1::text[]) ORDER BY created_at, id
"""
FORGET_MAILBOX: Final = "DELETE FROM outbox_mails WHERE recipient = ANY ($1::text[])"
# One that waits is not sent any more. What its writer was given are ids; errors may quote the address.
FORGET: Final = """
UPDATE messages
   SET recipient = '', subject = '', last_error = NULL,
       state = CASE WHEN state = 'queued' THEN 'failed' ELSE state END
 WHERE recipient = ANY ($1::text[])
"""


async def export(session: AsyncSession, subject: Subject) -> Told:
    """Messages to addresses that the person has proved to be theirs."""
    return {"messages": await facts(session, MESSAGES, (list(subject.proved),))}


async def erase(session: AsyncSession, subject: Subject, _at: datetime) -> bool:
    """Forget to whom messages went and what they were about; that one was sent stays for the figures."""
    if subject.addresses:
        await fetch(session, FORGET_MAILBOX, (list(subject.addresses),))
        await fetch(session, FORGET, (list(subject.addresses),))
    return True


register_personal_data(
    PersonalData(
        name="messages",
        purpose="To tell you about your orders and your account",
        retention="90 days",
        export=export,
        erase=erase,
    )
)
