"""Where stock lies, how much of it is promised, and why it changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from pasar.kernel.db.tables import Base, CompanyKey, CreatedAt, Key
from pasar.shop.inventory.reasons import ALL_REASONS

REASONS_SQL = ", ".join(f"'{reason}'" for reason in ALL_REASONS)


class Location(Base):
    """A place that holds stock. Lower `priority` is drawn from first."""

    __tablename__ = "locations"
    __table_args__ = (Index("uq_locations_company_id_name", "company_id", text("lower(name)"), unique=True),)

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    name: Mapped[str]
    priority: Mapped[int] = mapped_column(server_default=text("0"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))


class StockLevel(Base):
    """One variant at one location. The CHECK stands behind the conditional UPDATE: never sold twice.

    `allow_backorder` and `reorder_level` are the variant's and equal on all its rows; `priority` is the
    location's. They are repeated here so that a claim locks and reads this table alone.
    """

    __tablename__ = "stock_levels"
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "location_id"], ["locations.company_id", "locations.id"]),
        CheckConstraint("on_hand >= 0", "on_hand"),
        CheckConstraint("reserved >= 0", "reserved"),
        CheckConstraint("allow_backorder OR reserved <= on_hand", "not_oversold"),
        Index("ix_stock_levels_low", "company_id", text("(on_hand - reserved)")),
        {"postgresql_with": {"fillfactor": "50"}},
    )

    company_id: Mapped[CompanyKey]
    variant_id: Mapped[UUID] = mapped_column(primary_key=True)
    location_id: Mapped[UUID] = mapped_column(primary_key=True)
    on_hand: Mapped[int] = mapped_column(server_default=text("0"))
    reserved: Mapped[int] = mapped_column(server_default=text("0"))
    allow_backorder: Mapped[bool] = mapped_column(server_default=text("false"))
    reorder_level: Mapped[int | None]
    priority: Mapped[int] = mapped_column(server_default=text("0"))


class StockHold(Base):
    """Stock promised to one order. Hold and expiry are the same row; a committed hold does not expire."""

    __tablename__ = "stock_holds"
    __table_args__ = (
        CheckConstraint("quantity > 0", "quantity"),
        CheckConstraint("status IN ('held', 'committed', 'released', 'shipped')", "status"),
        CheckConstraint("status <> 'held' OR expires_at IS NOT NULL", "expiry"),
        Index("ix_stock_holds_company_id_order_id", "company_id", "order_id"),
        Index("ix_stock_holds_expiry", "expires_at", postgresql_where=text("status = 'held'")),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    order_id: Mapped[UUID]
    variant_id: Mapped[UUID]
    location_id: Mapped[UUID]
    quantity: Mapped[int]
    status: Mapped[str]
    expires_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]
    ended_at: Mapped[datetime | None]


class StockAdjustment(Base):
    """A change of stock on hand, with reason and author. Never updated."""

    __tablename__ = "stock_adjustments"
    __table_args__ = (
        Index("ix_stock_adjustments_variant", "company_id", "variant_id", "created_at"),
        CheckConstraint("on_hand_after >= 0", "on_hand_after"),
        CheckConstraint(f"reason IN ({REASONS_SQL})", "reason"),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    variant_id: Mapped[UUID]
    location_id: Mapped[UUID]
    delta: Mapped[int]
    on_hand_after: Mapped[int]
    reason: Mapped[str]
    note: Mapped[str] = mapped_column(server_default=text("''"))
    author: Mapped[str]
    created_at: Mapped[CreatedAt]
