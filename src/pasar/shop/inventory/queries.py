"""Reads of stock: what lies where, what is low, and the history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pasar.kernel.db.database import Database
from pasar.shop.inventory.stock_status import StockStatus, reorder_level_of, status_of

# A page of variants first, then their levels, in one statement. $2 the variants asked for or NULL for all,
# $3 the last one of the page before.
STOCK = """
WITH variants AS (
    SELECT variant_id FROM stock_levels
     WHERE company_id = $1 AND ($2::uuid[] IS NULL OR variant_id = ANY($2))
       AND ($3::uuid IS NULL OR variant_id > $3)
     GROUP BY variant_id ORDER BY variant_id LIMIT $4
)
SELECT s.variant_id, s.location_id, l.name, s.on_hand, s.reserved, s.allow_backorder, s.reorder_level
  FROM variants v
  JOIN stock_levels s ON s.company_id = $1 AND s.variant_id = v.variant_id
  JOIN locations l ON l.company_id = s.company_id AND l.id = s.location_id
 ORDER BY s.variant_id, s.priority, s.location_id
"""
LOW = """
SELECT variant_id, sum(on_hand - reserved)::bigint AS available
  FROM stock_levels WHERE company_id = $1
 GROUP BY variant_id
HAVING sum(on_hand - reserved) <= coalesce(max(reorder_level), $2)
   AND ($3::bigint IS NULL OR (sum(on_hand - reserved), variant_id) > ($3::bigint, $4::uuid))
 ORDER BY 2, 1 LIMIT $5
"""
LOW_COUNT = """
SELECT count(*) FROM (
    SELECT FROM stock_levels WHERE company_id = $1 GROUP BY variant_id
    HAVING sum(on_hand - reserved) <= coalesce(max(reorder_level), $2)) low
"""
COUNT = "SELECT count(DISTINCT variant_id) FROM stock_levels WHERE company_id = $1"
HISTORY = """
SELECT id, variant_id, location_id, delta, on_hand_after, reason, note, author, created_at
  FROM stock_adjustments
 WHERE company_id = $1 AND variant_id = $2 AND ($3::timestamptz IS NULL OR (created_at, id) < ($3, $4::uuid))
 ORDER BY created_at DESC, id DESC LIMIT $5
"""


@dataclass(frozen=True, slots=True)
class LevelFacts:
    """A variant at one location, in pieces."""

    location_id: UUID
    location_name: str
    on_hand: int
    reserved: int

    @property
    def available(self) -> int:
        """What may still be promised; below zero where backordered."""
        return self.on_hand - self.reserved


@dataclass(frozen=True, slots=True)
class StockFacts:
    """A variant over all locations, in pieces. `reorder_level` None means the company's default."""

    variant_id: UUID
    allow_backorder: bool = False
    reorder_level: int | None = None
    levels: tuple[LevelFacts, ...] = ()

    @property
    def on_hand(self) -> int:
        """What lies there."""
        return sum(level.on_hand for level in self.levels)

    @property
    def reserved(self) -> int:
        """What is promised to orders."""
        return sum(level.reserved for level in self.levels)

    @property
    def available(self) -> int:
        """What may still be promised; below zero where backordered."""
        return self.on_hand - self.reserved

    def status(self, company_default: int) -> StockStatus:
        """Out, low, reserved or in stock; `company_default` is the company's reorder level."""
        return status_of(self.available, self.reserved, reorder_level_of(self.reorder_level, company_default))


@dataclass(frozen=True, slots=True)
class AdjustmentFacts:
    """One line of a variant's history."""

    id: UUID
    variant_id: UUID
    location_id: UUID
    delta: int
    on_hand_after: int
    reason: str
    note: str
    author: str
    created_at: datetime


async def stock_list(
    database: Database,
    company_id: UUID,
    *,
    variant_ids: Sequence[UUID] | None = None,
    after: UUID | None = None,
    limit: int,
) -> list[StockFacts]:
    """Up to `limit` variants that have stock rows, in order of id: of `variant_ids`, or all."""
    wanted = None if variant_ids is None else list(variant_ids)
    grouped: dict[UUID, list[LevelFacts]] = {}
    own: dict[UUID, tuple[bool, int | None]] = {}
    for row in await database.rows(STOCK, company_id, wanted, after, limit):
        variant_id = row[0]
        own[variant_id] = (row[5], row[6])
        grouped.setdefault(variant_id, []).append(LevelFacts(*row[1:5]))
    return [StockFacts(variant_id, *own[variant_id], tuple(levels)) for variant_id, levels in grouped.items()]


async def levels_of(
    database: Database, company_id: UUID, variant_ids: Sequence[UUID]
) -> dict[UUID, StockFacts]:
    """The stock of each variant asked for; one without rows has none."""
    known = await stock_list(database, company_id, variant_ids=variant_ids, limit=len(variant_ids))
    by_id = {facts.variant_id: facts for facts in known}
    return {variant_id: by_id.get(variant_id, StockFacts(variant_id)) for variant_id in variant_ids}


async def count_stocked(database: Database, company_id: UUID) -> int:
    """How many variants have stock rows."""
    return int(await database.value(COUNT, company_id))


async def low_stock(
    database: Database,
    company_id: UUID,
    *,
    company_default: int,
    after: tuple[int, UUID] | None = None,
    limit: int,
) -> list[StockFacts]:
    """Variants at or under their reorder level (else `company_default`), the scarcest first.

    `after` is the (available, variant) of the last one of the page before.
    """
    available, variant_id = after or (None, None)
    rows = await database.rows(LOW, company_id, company_default, available, variant_id, limit)
    stock = await levels_of(database, company_id, [row[0] for row in rows])
    return [stock[row[0]] for row in rows]


async def count_low_stock(database: Database, company_id: UUID, company_default: int) -> int:
    """How many variants are at or under their reorder level."""
    return int(await database.value(LOW_COUNT, company_id, company_default))


async def history_of(
    database: Database,
    company_id: UUID,
    variant_id: UUID,
    *,
    before: tuple[datetime, UUID] | None = None,
    limit: int,
) -> list[AdjustmentFacts]:
    """A variant's adjustments, newest first; `before` is the (time, id) of the last one seen."""
    at, adjustment_id = before or (None, None)
    rows = await database.rows(HISTORY, company_id, variant_id, at, adjustment_id, limit)
    return [AdjustmentFacts(*row) for row in rows]
