"""Payments: one row an attempt to be paid for an order."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pasar.kernel.db.tables import Base, CompanyKey, CreatedAt, Key, Minor


class Payment(Base):
    """An attempt to be paid. The stock's hold lives as long as it does."""

    __tablename__ = "payments"
    __table_args__ = (
        Index("ix_payments_company_id_order_id", "company_id", "order_id"),
        Index("ix_payments_expiry", "expires_at", postgresql_where=text("status = 'pending'")),
        CheckConstraint(
            "status IN ('pending', 'authorised', 'paid', 'failed', 'expired', 'voided')", "status"
        ),
        CheckConstraint("amount >= 0", "amount"),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    order_id: Mapped[UUID]
    method: Mapped[str]
    gateway: Mapped[str]
    amount: Mapped[Minor]
    currency: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=text("'pending'"))
    instructions: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    expires_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    settled_at: Mapped[datetime | None]
