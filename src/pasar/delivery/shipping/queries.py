"""Reads of zones, quotes and shipments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.delivery.shipping.rates import (
    Parcel,
    ShippingMethod,
    ShippingQuote,
    ShippingZone,
    WeightBand,
    quote,
)
from pasar.kernel.cache import Recent
from pasar.kernel.db.database import Database, fetch

ZONES = """
SELECT id, name, countries, regions, postcodes FROM shipping_zones WHERE company_id = $1 ORDER BY id
"""
METHODS = """
SELECT id, zone_id, name, kind, currency, price, bands::text AS bands, free_from, delivery_days, is_active
  FROM shipping_methods WHERE company_id = $1 ORDER BY zone_id, position, id
"""
SHIPMENTS = """
SELECT s.id, s.carrier, s.tracking_number, s.tracking_url, s.status, s.shipped_at, s.delivered_at,
       l.order_line_id, l.quantity
  FROM shipments s
  JOIN shipment_lines l ON l.company_id = s.company_id AND l.shipment_id = s.id
 WHERE s.company_id = $1 AND s.order_id = $2
 ORDER BY s.shipped_at, s.id, l.order_line_id
"""

Zones = tuple[ShippingZone, ...]


@dataclass(frozen=True, slots=True)
class StoredZone:
    """A zone with its id, and which of its methods are offered, by position."""

    id: UUID
    zone: ShippingZone
    active: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Destination:
    """Where goods go; unknown parts are empty."""

    country: str
    region: str
    postal_code: str


@dataclass(frozen=True, slots=True)
class ShipmentFacts:
    """Goods that left together. `lines` are (order line, quantity)."""

    id: UUID
    carrier: str
    tracking_number: str
    tracking_url: str | None
    status: str
    shipped_at: datetime
    delivered_at: datetime | None
    lines: tuple[tuple[UUID, int], ...]


async def quotes(
    database: Database,
    company_id: UUID,
    *,
    currency: str,
    country: str,
    region: str | None,
    postcode: str | None,
    subtotal_minor: int,
    lines_item_count: int,
    weight_grams: int,
) -> list[ShippingQuote]:
    """What each method for a place costs, cheapest first, from zones at most a second old.

    `subtotal_minor`, `lines_item_count` and `weight_grams` count the goods that travel; call it only when
    some do. Empty means that the shop does not deliver there.
    """
    zones = await shipping_zones(database, company_id)
    parcel = Parcel(subtotal_minor, lines_item_count, weight_grams)
    return list(quote(zones, Destination(country, region or "", postcode or ""), parcel, currency))


async def shipping_zones(database: Database, company_id: UUID) -> Zones:
    """The company's zones with the methods that are offered, at most a second old: what `quote` reckons from.

    Read them before a transaction takes locks: they come over the bare pool.
    """
    return await RECENT.get(database, company_id)


async def stored_zones(database: Database, company_id: UUID) -> list[StoredZone]:
    """All zones with all their methods, offered or not."""
    methods: dict[UUID, list[tuple[ShippingMethod, bool]]] = {}
    for row in await database.rows(METHODS, company_id):
        methods.setdefault(row["zone_id"], []).append((_method(row), row["is_active"]))
    found = []
    for row in await database.rows(ZONES, company_id):
        own = methods.get(row["id"], [])
        zone = ShippingZone(
            row["name"],
            frozenset(row["countries"]),
            tuple(method for method, _ in own),
            frozenset(row["regions"]),
            tuple(row["postcodes"]),
        )
        found.append(StoredZone(row["id"], zone, tuple(active for _, active in own)))
    return found


async def shipments_of(session: AsyncSession, company_id: UUID, order_id: UUID) -> list[ShipmentFacts]:
    """An order's shipments, the oldest first."""
    grouped: dict[UUID, tuple[Any, list[tuple[UUID, int]]]] = {}
    for row in await fetch(session, SHIPMENTS, (company_id, order_id)):
        grouped.setdefault(row[0], (row, []))[1].append((row[7], row[8]))
    return [
        ShipmentFacts(
            id=row.id,
            carrier=row.carrier,
            tracking_number=row.tracking_number,
            tracking_url=row.tracking_url,
            status=row.status,
            shipped_at=row.shipped_at,
            delivered_at=row.delivered_at,
            lines=tuple(lines),
        )
        for row, lines in grouped.values()
    ]


def forget_zones(database: Database, company_id: UUID) -> None:
    """Read the company's zones anew next time: they were just changed."""
    RECENT.forget(database, company_id)


async def _offered(database: Database, company_id: UUID) -> Zones:
    return tuple(
        ShippingZone(
            stored.zone.name,
            stored.zone.countries,
            tuple(method for method, on in zip(stored.zone.methods, stored.active, strict=True) if on),
            stored.zone.regions,
            stored.zone.postcodes,
        )
        for stored in await stored_zones(database, company_id)
    )


def _method(row: Any) -> ShippingMethod:
    return ShippingMethod(
        method_id=str(row["id"]),
        name=row["name"],
        kind=row["kind"],
        currency=row["currency"],
        price_minor=row["price"],
        bands=tuple(
            WeightBand(band["upToGrams"], band["price"]) for band in msgspec.json.decode(row["bands"])
        ),
        free_from_minor=row["free_from"],
        delivery_days=row["delivery_days"],
    )


RECENT: Recent[Zones] = Recent("shipping_zones", _offered)
