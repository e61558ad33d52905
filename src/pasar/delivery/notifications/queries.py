"""Reads of messages and of the development mailbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pasar.kernel.db.database import Database

OUTBOX = """
SELECT id, recipient, sender, subject, text, html, at FROM outbox_mails
 WHERE company_id = $1 AND ($2::text IS NULL OR lower(recipient) = lower($2))
 ORDER BY at DESC, id DESC
 LIMIT $3
"""
OUTBOX_MAIL = """
SELECT id, recipient, sender, subject, text, html, at FROM outbox_mails WHERE company_id = $1 AND id = $2
"""
FAILED = """
SELECT last_error, count(*) FROM messages WHERE state = 'failed' GROUP BY 1 ORDER BY 2 DESC LIMIT 3
"""


@dataclass(frozen=True, slots=True)
class KeptMail:
    """A mail of the development mailbox."""

    id: UUID
    recipient: str
    sender: str
    subject: str
    text: str
    html: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FailedMessages:
    """How many messages failed for one reason."""

    reason: str
    count: int


async def outbox(database: Database, company_id: UUID, *, to: str | None, limit: int) -> list[KeptMail]:
    """The newest mails of a company, newest first; `to` keeps those to one address."""
    return [KeptMail(**dict(row)) for row in await database.rows(OUTBOX, company_id, to, limit)]


async def outbox_mail(database: Database, company_id: UUID, mail_id: UUID) -> KeptMail | None:
    """One mail of a company."""
    row = await database.row(OUTBOX_MAIL, company_id, mail_id)
    return KeptMail(**dict(row)) if row else None


async def failed_messages(database: Database) -> list[FailedMessages]:
    """The most frequent reasons for which messages of the whole installation failed for good."""
    return [FailedMessages(reason or "", count) for reason, count in await database.rows(FAILED)]
