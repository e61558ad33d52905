"""Messages to people, and the development mailbox."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pasar.kernel.db.tables import Base, CompanyKey, Key


class Message(Base):
    """One message. `given` holds ids for whoever writes it; `dedupe_key` names its cause."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("company_id", "dedupe_key"),
        CheckConstraint("channel IN ('mail', 'whatsapp', 'sms', 'push')", "channel"),
        CheckConstraint("state IN ('queued', 'sent', 'failed')", "state"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", "sent"),
        Index("ix_messages_company_id_related", "company_id", "related"),
        Index("ix_messages_failed", "company_id", "created_at", postgresql_where=text("state = 'failed'")),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    kind: Mapped[str]
    channel: Mapped[str]
    recipient: Mapped[str]
    locale: Mapped[str]
    given: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'"))
    dedupe_key: Mapped[str]
    related: Mapped[str] = mapped_column(server_default=text("''"))
    subject: Mapped[str] = mapped_column(server_default=text("''"))
    state: Mapped[str] = mapped_column(server_default=text("'queued'"))
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    provider_id: Mapped[str | None]
    last_error: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class OutboxMail(Base):
    """A mail as it would have left, kept where no mail server is set. Never written in production."""

    __tablename__ = "outbox_mails"
    __table_args__ = (
        ForeignKeyConstraint(
            ["company_id", "id"], ["messages.company_id", "messages.id"], ondelete="CASCADE"
        ),
        Index("ix_outbox_mails_company_id_at", "company_id", "at"),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    recipient: Mapped[str]
    sender: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    at: Mapped[datetime]


class Unsubscribe(Base):
    """Who wants no marketing from a company. Of the address only its hash is kept (`unsubscribing`)."""

    __tablename__ = "unsubscribes"

    company_id: Mapped[CompanyKey]
    recipient_hash: Mapped[bytes] = mapped_column(primary_key=True)
    message_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
