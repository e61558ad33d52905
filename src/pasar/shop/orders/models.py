"""Orders, their lines and their history."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pasar.kernel.db.tables import Base, CompanyKey, Key, Minor


class Order(Base):
    """A placed order. Amounts never change after placing; `status` is fulfilment, `payment_status` money."""

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("company_id", "number"),
        Index(
            "uq_orders_live_cart",
            "company_id",
            "cart_id",
            "cart_generation",
            unique=True,
            postgresql_where=text("cart_id IS NOT NULL"),
        ),
        Index("ix_orders_company_id_placed_at", "company_id", "placed_at"),
        Index("ix_orders_company_id_status_placed_at", "company_id", "status", "placed_at"),
        Index("ix_orders_company_id_customer_id_placed_at", "company_id", "customer_id", "placed_at"),
        Index("ix_orders_company_id_email", "company_id", "email"),
        UniqueConstraint("company_id", "view_token_hash"),
        CheckConstraint(
            "status IN ('pending', 'confirmed', 'processing', 'shipped', 'delivered', 'completed', "
            "'cancelled', 'returned')",
            "status",
        ),
        CheckConstraint(
            "payment_status IN ('pending', 'authorised', 'paid', 'failed', 'partially_refunded', "
            "'refunded', 'voided')",
            "payment_status",
        ),
        CheckConstraint(
            "subtotal >= 0 AND discount_total >= 0 AND tax_total >= 0 AND shipping_total >= 0 "
            "AND grand_total >= 0",
            "amounts",
        ),
        CheckConstraint(
            "grand_total = subtotal - discount_total + shipping_total "
            "+ CASE WHEN tax_included THEN 0 ELSE tax_total END",
            "sum",
        ),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    site_id: Mapped[UUID]
    number: Mapped[str]
    customer_id: Mapped[UUID | None]
    cart_id: Mapped[UUID | None]
    cart_generation: Mapped[int | None]
    view_token_hash: Mapped[bytes]
    email: Mapped[str]
    locale: Mapped[str]
    status: Mapped[str] = mapped_column(server_default=text("'pending'"))
    payment_status: Mapped[str] = mapped_column(server_default=text("'pending'"))
    payment_method: Mapped[str]
    currency: Mapped[str]
    subtotal: Mapped[Minor]
    discount_total: Mapped[Minor]
    tax_total: Mapped[Minor]
    tax_included: Mapped[bool]
    shipping_total: Mapped[Minor]
    grand_total: Mapped[Minor]
    item_count: Mapped[int]
    shipping_method_id: Mapped[UUID | None]
    shipping_method_name: Mapped[str] = mapped_column(server_default=text("''"))
    shipping_address: Mapped[dict[str, Any]]
    billing_address: Mapped[dict[str, Any]]
    explanation: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    placed_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    shipped_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str | None]


class OrderLine(Base):
    """One line of an order: the goods as they were when it was placed."""

    __tablename__ = "order_lines"
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "order_id"], ["orders.company_id", "orders.id"]),
        Index("ix_order_lines_company_id_order_id", "company_id", "order_id", "position"),
        Index("ix_order_lines_company_id_variant_id", "company_id", "variant_id"),
        CheckConstraint("quantity >= 1 AND unit_price >= 0 AND discount >= 0 AND tax >= 0", "amounts"),
        CheckConstraint("line_total = unit_price * quantity - discount", "total"),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    order_id: Mapped[UUID]
    position: Mapped[int]
    product_id: Mapped[UUID]
    variant_id: Mapped[UUID]
    handle: Mapped[str]
    title: Mapped[str]
    variant_title: Mapped[str]
    sku: Mapped[str | None]
    picture: Mapped[dict[str, Any] | None]
    quantity: Mapped[int]
    unit_price: Mapped[Minor]
    compare_at: Mapped[int | None] = mapped_column(BigInteger)
    discount: Mapped[Minor]
    tax: Mapped[Minor]
    line_total: Mapped[Minor]
    requires_shipping: Mapped[bool]
    custom_fields: Mapped[dict[str, Any] | None]


class OrderHistory(Base):
    """Every change of an order's state, with author and reason. Never updated."""

    __tablename__ = "order_history"
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "order_id"], ["orders.company_id", "orders.id"]),
        Index("ix_order_history_company_id_order_id_at", "company_id", "order_id", "at"),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    order_id: Mapped[UUID]
    from_status: Mapped[str | None]
    to_status: Mapped[str]
    reason: Mapped[str] = mapped_column(server_default=text("''"))
    author: Mapped[str]
    at: Mapped[datetime]
