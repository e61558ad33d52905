"""The kernel's tables: the outbox, idempotency keys, failed attempts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pasar.kernel.db.tables import Base, CompanyKey, CreatedAt, Key


class EventPosition(Base):
    """The last position given to a key. Its row lock makes positions follow the order of commits."""

    __tablename__ = "event_positions"

    company_id: Mapped[CompanyKey]
    key: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)


class Event(Base):
    """One fact."""

    __tablename__ = "events"
    __table_args__ = (UniqueConstraint("company_id", "key", "position"),)

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    type: Mapped[str]
    topic: Mapped[str]
    key: Mapped[str]
    position: Mapped[int] = mapped_column(BigInteger)
    occurred_at: Mapped[datetime]
    data: Mapped[dict[str, Any]]
    traceparent: Mapped[str | None]


class EventDelivery(Base):
    """One fact for one subscriber. `held` after too many failures: it stops its key until released."""

    __tablename__ = "event_deliveries"
    __table_args__ = (
        ForeignKeyConstraint(
            ["company_id", "event_id"], ["events.company_id", "events.id"], ondelete="CASCADE"
        ),
        Index(
            "ix_event_deliveries_waiting",
            "company_id",
            "subscriber",
            "key",
            "position",
            postgresql_where=text("delivered_at IS NULL"),
        ),
        Index(
            "ix_event_deliveries_due",
            "next_attempt_at",
            "position",
            postgresql_where=text("delivered_at IS NULL AND NOT held"),
        ),
        Index(
            "ix_event_deliveries_delivered", "delivered_at", postgresql_where=text("delivered_at IS NOT NULL")
        ),
    )

    company_id: Mapped[CompanyKey]
    event_id: Mapped[Key]
    subscriber: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str]
    position: Mapped[int] = mapped_column(BigInteger)
    next_attempt_at: Mapped[CreatedAt]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    held: Mapped[bool] = mapped_column(server_default=text("false"))
    last_error: Mapped[str | None]
    delivered_at: Mapped[datetime | None]


class IdempotencyKey(Base):
    """A call that was made with an `Idempotency-Key`, and its answer."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("ix_idempotency_keys_expires_at", "expires_at"),)

    company_id: Mapped[CompanyKey]
    scope: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[bytes]
    status: Mapped[int | None]
    body: Mapped[bytes | None]
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]


class ScheduleRun(Base):
    """When a schedule last ended well, whichever process ran it."""

    __tablename__ = "schedule_runs"

    name: Mapped[str] = mapped_column(primary_key=True)
    succeeded_at: Mapped[datetime]


class FailedAttempt(Base):
    """A failed sign-in or look-up, for the limits per account and per address (both hashed)."""

    __tablename__ = "failed_attempts"
    __table_args__ = (
        Index("ix_failed_attempts_scope_subject_at", "scope", "subject", "at"),
        Index("ix_failed_attempts_at", "at"),
    )

    id: Mapped[Key]
    scope: Mapped[str]
    subject: Mapped[bytes]
    at: Mapped[CreatedAt]
