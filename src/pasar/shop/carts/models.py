"""Carts and their lines."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from pasar.kernel.db.tables import Base, CompanyKey, CreatedAt, Key


class Cart(Base):
    """What somebody means to buy: a guest, by the hash of a session token, or a customer.

    `generation` counts the times that a cancelled order made it active again: at most one live
    order exists per (cart, generation).
    """

    __tablename__ = "carts"
    __table_args__ = (
        Index(
            "uq_carts_token",
            "company_id",
            "token_hash",
            unique=True,
            postgresql_where=text("status = 'active' AND token_hash IS NOT NULL"),
        ),
        Index(
            "uq_carts_customer",
            "company_id",
            "customer_id",
            "site_id",
            unique=True,
            # Customers' alone: with every guest's cart in it, it would be a trap for the planner.
            postgresql_where=text("status = 'active' AND customer_id IS NOT NULL"),
        ),
        # A token whose cart became an order, or a customer's, reads an empty cart instead of a refusal.
        Index(
            "ix_carts_token_past",
            "company_id",
            "token_hash",
            postgresql_where=text("status IN ('converted', 'merged')"),
        ),
        # Not on last_activity_at: an index there would make every added line rewrite it.
        Index("ix_carts_company_id_status_created_at", "company_id", "status", "created_at"),
        CheckConstraint("status IN ('active', 'converted', 'abandoned', 'merged', 'expired')", "status"),
        CheckConstraint("token_hash IS NOT NULL OR customer_id IS NOT NULL", "owner"),
        {"postgresql_with": {"fillfactor": "80"}},
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    site_id: Mapped[UUID]
    customer_id: Mapped[UUID | None]
    token_hash: Mapped[bytes | None]
    currency: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=text("'active'"))
    generation: Mapped[int] = mapped_column(server_default=text("1"))
    email: Mapped[str | None]
    merged_into_id: Mapped[UUID | None]
    created_at: Mapped[CreatedAt]
    last_activity_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]


class CartLine(Base):
    """A variant in a cart. `line_key` hashes variant and custom fields, so that equal lines add up.

    `title` is how the goods were called when added: what is no longer for sale can still be named.
    """

    __tablename__ = "cart_lines"
    __table_args__ = (
        UniqueConstraint("company_id", "cart_id", "line_key"),
        ForeignKeyConstraint(["company_id", "cart_id"], ["carts.company_id", "carts.id"], ondelete="CASCADE"),
        CheckConstraint("quantity >= 1", "quantity"),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    cart_id: Mapped[UUID]
    line_key: Mapped[UUID]
    product_id: Mapped[UUID]
    variant_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(server_default=text("''"))
    quantity: Mapped[int]
    custom_fields: Mapped[dict[str, Any] | None]
    created_at: Mapped[CreatedAt]
