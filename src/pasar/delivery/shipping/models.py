"""Where a company ships, what it costs, and what was sent."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pasar.kernel.db.tables import Base, CompanyKey, CreatedAt, Key, Minor


class ShippingZoneRow(Base):
    """A set of places: countries, regions or postcode patterns; `*` is the rest of the world."""

    __tablename__ = "shipping_zones"

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    name: Mapped[str]
    countries: Mapped[list[str]]
    regions: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    postcodes: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))


class ShippingMethodRow(Base):
    """A way to ship to a zone and its price in one currency. `bands`: [{upToGrams, price}] for by_weight."""

    __tablename__ = "shipping_methods"
    __table_args__ = (
        ForeignKeyConstraint(
            ["company_id", "zone_id"], ["shipping_zones.company_id", "shipping_zones.id"], ondelete="CASCADE"
        ),
        CheckConstraint("kind IN ('flat', 'per_item', 'by_weight')", "kind"),
        CheckConstraint("price >= 0 AND free_from >= 0", "price"),
        Index("ix_shipping_methods_company_id_zone_id", "company_id", "zone_id"),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    zone_id: Mapped[UUID]
    name: Mapped[str]
    kind: Mapped[str]
    currency: Mapped[str]
    price: Mapped[Minor]
    bands: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'"))
    free_from: Mapped[int | None] = mapped_column(BigInteger)
    delivery_days: Mapped[str] = mapped_column(server_default=text("''"))
    position: Mapped[int] = mapped_column(server_default=text("0"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))


class Shipment(Base):
    """Goods that left together."""

    __tablename__ = "shipments"
    __table_args__ = (
        Index("ix_shipments_company_id_order_id", "company_id", "order_id"),
        CheckConstraint("status IN ('shipped', 'delivered')", "status"),
    )

    company_id: Mapped[CompanyKey]
    id: Mapped[Key]
    order_id: Mapped[UUID]
    carrier: Mapped[str]
    tracking_number: Mapped[str]
    tracking_url: Mapped[str | None]
    status: Mapped[str] = mapped_column(server_default=text("'shipped'"))
    shipped_at: Mapped[CreatedAt]
    delivered_at: Mapped[datetime | None]


class ShipmentLine(Base):
    """How many of an order's line a shipment holds."""

    __tablename__ = "shipment_lines"
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "shipment_id"], ["shipments.company_id", "shipments.id"]),
        CheckConstraint("quantity >= 1", "quantity"),
    )

    company_id: Mapped[CompanyKey]
    shipment_id: Mapped[UUID] = mapped_column(primary_key=True)
    order_line_id: Mapped[UUID] = mapped_column(primary_key=True)
    quantity: Mapped[int]
