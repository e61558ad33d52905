"""The audit log's entries, the chain that holds them, and what waits to be linked."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Computed, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from pasar.kernel.db.tables import Base, CompanyKey, Key


class AuditEntry(Base):
    """One thing done. The database writes it (trigger `audit`), or an action by `audit_event`.

    `before` and `after` hold the columns that changed; `withheld` names those whose values are secret or
    personal. What was personal may lie in `sealed`, under the key of `person_id`, gone when it is destroyed.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        CheckConstraint(
            "actor_kind IN ('staff', 'key', 'customer', 'guest', 'job', 'command')", "actor_kind"
        ),
        CheckConstraint("sealed IS NULL OR person_id IS NOT NULL", "sealed"),
        Index("ix_audit_entries_actor", "company_id", "actor_id", "id"),
        Index("ix_audit_entries_action", "company_id", "action", "id"),
        Index("ix_audit_entries_type", "company_id", "object_type", "id"),
        Index("ix_audit_entries_object", "company_id", "object_type", "object_id", "id"),
        Index("ix_audit_entries_words", "words", postgresql_using="gin"),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key] = mapped_column(server_default=text("row_id()"))
    at: Mapped[datetime] = mapped_column(server_default=text("clock_timestamp()"))
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(server_default=text("''"))
    action: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[str]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    withheld: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    person_id: Mapped[UUID | None]
    sealed: Mapped[bytes | None]
    address: Mapped[str] = mapped_column(server_default=text("''"))
    agent: Mapped[str] = mapped_column(server_default=text("''"))
    request_id: Mapped[str] = mapped_column(server_default=text("''"))
    words: Mapped[Any] = mapped_column(
        TSVECTOR,
        Computed(
            "audit_words(company_id, action, object_id, actor_name, address, request_id, before, after)",
            persisted=True,
        ),
        nullable=True,
    )


class AuditLink(Base):
    """An entry's place in its company's chain: `hash` covers the link before, so that none can be changed,
    taken out or put in between without breaking all that follow."""

    __tablename__ = "audit_links"
    __table_args__ = (UniqueConstraint("company_id", "entry_id"),)

    company_id: Mapped[CompanyKey]
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[UUID]
    linked_at: Mapped[datetime]
    entry_hash: Mapped[bytes]
    hash: Mapped[bytes]


class AuditUnlinked(Base):
    """An entry that waits for its link; written with it, in the same transaction."""

    __tablename__ = "audit_unlinked"

    company_id: Mapped[CompanyKey]
    entry_id: Mapped[UUID] = mapped_column(primary_key=True)
