"""What notifications hold of a person: which messages went to which of their addresses."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.people.privacy.public import PersonalData, Subject, Told, facts, register_personal_data

# Those about the account; and those to an address that is proved to be the person's, which in the scope of a
# guest are none about accounts: an account is its person's alone.
MESSAGES: Final = """
SELECT m.company_id, m.id, m.kind, m.channel, m.recipient, m.locale, m.subject, m.state, m.created_at,
       m.sent_at
  FROM messages m
 WHERE m.related = 'user:' || $1::uuid
    OR (m.recipient = ANY ($2::text[])
        AND ($3::uuid[] IS NULL OR (m.company_id = ANY ($3::uuid[]) AND m.kind NOT LIKE 'account.%')))
 ORDER BY m.created_at, m.id
"""
# One that waits is not sent any more. What its writer was given are ids; errors may quote the address.
FORGET: Final = """
WITH mine AS (
    UPDATE messages m
       SET recipient = '', subject = '', last_error = NULL,
           state = CASE WHEN m.state = 'queued' THEN 'failed' ELSE m.state END
     WHERE m.related = 'user:' || $1::uuid
        OR (m.recipient = ANY ($2::text[])
            AND ($3::uuid[] IS NULL OR (m.company_id = ANY ($3::uuid[]) AND m.kind NOT LIKE 'account.%')))
    RETURNING m.company_id, m.id
)
DELETE FROM outbox_mails o USING mine WHERE o.company_id = mine.company_id AND o.id = mine.id
"""
KNOWN: Final = """
SELECT 1 FROM messages WHERE company_id = $1 AND recipient = $2 AND kind NOT LIKE 'account.%' LIMIT 1
"""


async def export(session: AsyncSession, subject: Subject) -> Told:
    """Messages about the person's account, and to addresses that they have proved to be theirs."""
    return {"messages": await facts(session, MESSAGES, _whose(subject))}


async def erase(session: AsyncSession, subject: Subject, _at: datetime) -> bool:
    """Forget to whom messages went and what they were about; that one was sent stays for the figures."""
    await fetch(session, FORGET, _whose(subject))
    return True


async def knows(session: AsyncSession, company_id: UUID, email: str) -> bool:
    """Did the company write to this e-mail, about anything but an account?"""
    return bool(await fetch(session, KNOWN, (company_id, email)))


def _whose(subject: Subject) -> tuple[object, ...]:
    """The arguments that say which messages are the person's."""
    return subject.user_id, list(subject.proved), subject.scope


register_personal_data(
    PersonalData(
        name="messages",
        purpose="To tell you about your orders and your account",
        retention="90 days",
        export=export,
        erase=erase,
        knows=knows,
    )
)
