"""Open a shelf: the row that says how much of a variant lies at a location."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch

LOCK = """
SELECT location_id, on_hand, reserved, allow_backorder, reorder_level, priority
  FROM stock_levels WHERE company_id = $1 AND variant_id = $2
 ORDER BY location_id
   FOR UPDATE
"""
# The variant's own settings come along from a row that it has elsewhere, the priority from the location.
OPEN = """
INSERT INTO stock_levels (company_id, variant_id, location_id, allow_backorder, reorder_level, priority)
SELECT $1, $2, l.id, coalesce(sibling.allow_backorder, false), sibling.reorder_level, l.priority
  FROM locations l
  LEFT JOIN LATERAL (SELECT allow_backorder, reorder_level FROM stock_levels
                      WHERE company_id = $1 AND variant_id = $2 LIMIT 1) sibling ON true
 WHERE l.company_id = $1 AND l.id = $3
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class LockedLevel:
    """One variant at one location, locked by this transaction."""

    location_id: UUID
    on_hand: int
    reserved: int
    allow_backorder: bool
    reorder_level: int | None
    priority: int


async def lock_levels(session: AsyncSession, company_id: UUID, variant_id: UUID) -> list[LockedLevel]:
    """Lock all rows of a variant, in the order in which everybody locks them."""
    return [LockedLevel(*row) for row in await fetch(session, LOCK, (company_id, variant_id))]


async def open_level(session: AsyncSession, company_id: UUID, variant_id: UUID, location_id: UUID) -> None:
    """Make the row of a variant at a location, empty, unless it is there."""
    await fetch(session, OPEN, (company_id, variant_id, location_id))
