"""Recount many variants at once: an import that was told to bring its stock (`--stock`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.shop.inventory.actions.set_initial_stock import set_initial_stock
from pasar.shop.inventory.in_stock import Change, tell_catalogue
from pasar.shop.inventory.on_hand import MOST_ON_HAND

LOCK = """
SELECT variant_id, location_id, on_hand, reserved, allow_backorder, priority
  FROM stock_levels WHERE company_id = $1 AND variant_id = ANY($2::uuid[])
 ORDER BY variant_id, location_id
   FOR UPDATE
"""
SET = """
WITH counted AS (
    SELECT variant_id, location_id, on_hand, delta
      FROM unnest($2::uuid[], $3::uuid[], $4::integer[], $5::integer[])
        AS c (variant_id, location_id, on_hand, delta)
), moved AS (
    UPDATE stock_levels s SET on_hand = c.on_hand FROM counted c
     WHERE s.company_id = $1 AND s.variant_id = c.variant_id AND s.location_id = c.location_id
)
INSERT INTO stock_adjustments (company_id, id, variant_id, location_id, delta, on_hand_after, reason, author)
SELECT $1, row_id(), variant_id, location_id, delta, on_hand, 'counted', $6 FROM counted
"""


async def recount_stock(
    session: AsyncSession, company_id: UUID, rows: Sequence[tuple[UUID, int, bool]], *, author: str = "import"
) -> list[UUID]:
    """Set the stock on hand of (variant, on hand, allow backorder), new or known, and answer which known
    ones had to keep more than was counted because it is reserved.

    A file has one figure a variant: it is set at the location drawn from first, and what lies elsewhere is
    left alone. Backorder of known variants stays as it is. Unchanged figures write nothing.
    """
    new = set(await set_initial_stock(session, company_id, rows, author=author))
    counts = {variant: min(max(count, 0), MOST_ON_HAND) for variant, count, _ in rows if variant not in new}
    levels = await fetch(session, LOCK, (company_id, list(counts)))
    firsts = {row[0]: row for row in sorted(levels, key=lambda row: (row[5], row[1]), reverse=True)}
    available: dict[UUID, int] = {}
    for variant, _, on_hand, reserved, _, _ in levels:
        available[variant] = available.get(variant, 0) + on_hand - reserved
    short: list[UUID] = []
    moved: list[tuple[UUID, UUID, int, int]] = []
    changes: list[Change] = []
    for variant, location, on_hand, reserved, backorder, _ in firsts.values():
        after = counts[variant] if backorder else max(counts[variant], reserved)
        if after > counts[variant]:
            short.append(variant)
        if after != on_hand:
            moved.append((variant, location, after, after - on_hand))
            now = available[variant] + after - on_hand
            changes.append(Change(variant, available[variant], now, backorder, backorder))
    if moved:
        await fetch(
            session, SET, (company_id, *(list(column) for column in zip(*moved, strict=True)), author)
        )
        await tell_catalogue(session, company_id, changes)
    return short
