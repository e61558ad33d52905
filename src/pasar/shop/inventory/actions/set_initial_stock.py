"""Set the first stock of many variants at once: imports and the demo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.shop.inventory.in_stock import Change, tell_catalogue
from pasar.shop.inventory.locations import default_location
from pasar.shop.inventory.on_hand import MOST_ON_HAND

# Rows go in in the order in which everybody locks them.
INSERT_NEW = """
WITH made AS (
    INSERT INTO stock_levels (company_id, variant_id, location_id, on_hand, allow_backorder, priority)
    SELECT $1, r.variant_id, $2, r.on_hand, r.allow_backorder, l.priority
      FROM unnest($3::uuid[], $4::integer[], $5::boolean[]) AS r (variant_id, on_hand, allow_backorder)
      JOIN locations l ON l.company_id = $1 AND l.id = $2
     WHERE NOT EXISTS (SELECT FROM stock_levels s WHERE s.company_id = $1 AND s.variant_id = r.variant_id)
     ORDER BY r.variant_id
    ON CONFLICT DO NOTHING
    RETURNING variant_id, on_hand, allow_backorder
), noted AS (
    INSERT INTO stock_adjustments
           (company_id, id, variant_id, location_id, delta, on_hand_after, reason, author)
    SELECT $1, row_id(), variant_id, $2, on_hand, on_hand, 'initial', $6 FROM made WHERE on_hand > 0
)
SELECT variant_id, on_hand, allow_backorder FROM made
"""


async def set_initial_stock(
    session: AsyncSession,
    company_id: UUID,
    rows: Sequence[tuple[UUID, int, bool]],
    *,
    author: str = "import",
) -> list[UUID]:
    """Give variants that have no stock row yet their (variant, on hand, allow backorder) at the default
    location, and answer which those were; others are left alone (decisions, "Stock").

    A quantity below zero counts as 0 and one beyond the limit as the limit: the import reports both. One
    statement for all rows; one history row, reason `initial`, for each that has any.
    """
    changes = await open_shelves(session, company_id, rows, author=author)
    await tell_catalogue(session, company_id, changes)
    return [change.variant_id for change in changes]


async def open_shelves(
    session: AsyncSession, company_id: UUID, rows: Sequence[tuple[UUID, int, bool]], *, author: str
) -> list[Change]:
    """The same without telling the catalogue: the caller tells it the answer, with all else that it changed,
    so that products are locked once and in order."""
    wanted = {row[0]: row for row in rows}
    if not wanted:
        return []
    location_id = await default_location(session, company_id)
    ordered = sorted(wanted.values())
    made: list[Any] = await fetch(
        session,
        INSERT_NEW,
        (
            company_id,
            location_id,
            [row[0] for row in ordered],
            [min(max(row[1], 0), MOST_ON_HAND) for row in ordered],
            [row[2] for row in ordered],
            author,
        ),
    )
    return [Change(variant, 0, on_hand, False, backorder) for variant, on_hand, backorder in made]
