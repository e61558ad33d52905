"""Adjust what lies on the shelf: count it, or note what came and went, with reason and author."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import NotFound
from pasar.kernel.events import record
from pasar.kernel.ids import new_id
from pasar.shop.inventory.actions.open_level import lock_levels, open_level
from pasar.shop.inventory.events import StockAdjusted
from pasar.shop.inventory.in_stock import Change, tell_catalogue
from pasar.shop.inventory.locations import default_location
from pasar.shop.inventory.on_hand import changed_on_hand

FIRST_LOCATION = """
SELECT location_id FROM stock_levels WHERE company_id = $1 AND variant_id = $2
 ORDER BY priority, location_id LIMIT 1
"""
# FOR SHARE: nobody may close the location while stock is put there.
LOCATION_OPEN = "SELECT 1 FROM locations WHERE company_id = $1 AND id = $2 AND is_active FOR SHARE"
SET = "UPDATE stock_levels SET on_hand = $4 WHERE company_id = $1 AND variant_id = $2 AND location_id = $3"
NOTE = """
INSERT INTO stock_adjustments
       (company_id, id, variant_id, location_id, delta, on_hand_after, reason, note, author, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A change that was made. `available` counts the variant over all locations."""

    id: UUID
    variant_id: UUID
    location_id: UUID
    delta: int
    on_hand: int
    available: int
    reason: str
    note: str
    author: str
    at: datetime


async def adjust_stock(
    session: AsyncSession,
    company_id: UUID,
    variant_id: UUID,
    *,
    location_id: UUID | None,
    set_to: int | None,
    delta: int | None,
    reason: str,
    note: str,
    author: str,
    at: datetime,
) -> Adjustment:
    """Set stock on hand to a count, or move it by `delta`; exactly one of the two.

    Without a location, the one that the variant is drawn from first, else the company's default. The caller
    has made sure that the variant is this company's. Records the fact `inventory.adjusted`.
    Raises `NotFound` for a location that is unknown or closed, and what `changed_on_hand` raises.
    """
    location_id = await _open_location(session, company_id, variant_id, location_id)
    levels = await lock_levels(session, company_id, variant_id)
    if location_id not in {level.location_id for level in levels}:
        await open_level(session, company_id, variant_id, location_id)
        levels = await lock_levels(session, company_id, variant_id)
    level = next(level for level in levels if level.location_id == location_id)
    after = changed_on_hand(
        level.on_hand, level.reserved, set_to=set_to, delta=delta, allow_backorder=level.allow_backorder
    )
    moved = after - level.on_hand
    await fetch(session, SET, (company_id, variant_id, location_id, after))
    adjustment_id = new_id()
    entry = (company_id, adjustment_id, variant_id, location_id, moved, after, reason, note, author, at)
    await fetch(session, NOTE, entry)
    fact = StockAdjusted(
        adjustment_id=adjustment_id,
        variant_id=variant_id,
        location_id=location_id,
        delta=moved,
        on_hand=after,
        reason=reason,
    )
    await record(session, company_id, fact, at=at)
    before = sum(one.on_hand - one.reserved for one in levels)
    backorder = level.allow_backorder
    await tell_catalogue(
        session, company_id, [Change(variant_id, before, before + moved, backorder, backorder)]
    )
    return Adjustment(
        adjustment_id, variant_id, location_id, moved, after, before + moved, reason, note, author, at
    )


async def _open_location(
    session: AsyncSession, company_id: UUID, variant_id: UUID, asked: UUID | None
) -> UUID:
    """The location to adjust, kept open: before the levels, as who closes one takes it before its levels."""
    location_id = asked or await _first_location(session, company_id, variant_id)
    if await fetch(session, LOCATION_OPEN, (company_id, location_id)):
        return location_id
    if asked is None:  # it was closed while this waited for it
        return await default_location(session, company_id)
    raise NotFound("location_not_found", "There is no such open location. List them at /api/admin/locations.")


async def _first_location(session: AsyncSession, company_id: UUID, variant_id: UUID) -> UUID:
    """Where the variant is drawn from first, read without a lock: its order changes with locations only."""
    rows = await fetch(session, FIRST_LOCATION, (company_id, variant_id))
    first: UUID = rows[0][0] if rows else await default_location(session, company_id)
    return first
