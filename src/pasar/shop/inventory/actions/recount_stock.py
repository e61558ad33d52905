"""Recount many variants at once: an import that was told to bring its stock (`--stock`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.shop.inventory.actions.lock_stock import lock_stock
from pasar.shop.inventory.actions.set_initial_stock import open_shelves
from pasar.shop.inventory.in_stock import Change, tell_catalogue
from pasar.shop.inventory.on_hand import MOST_ON_HAND
from pasar.shop.inventory.recounting import recounted

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
) -> dict[UUID, int]:
    """Set the stock on hand of (variant, on hand, allow backorder), over all locations, new or known; answer
    how much stayed of those known ones that had to keep more than was counted because it is reserved.

    The last row of a variant counts. The figures are read and written under the same locks, so what is sold
    meanwhile is neither lost nor counted twice. Backorder of known variants stays as it is. Unchanged
    figures write nothing; each that changes is one row of history, reason `counted`. The limits are those
    of `set_initial_stock`.
    """
    wanted = {variant: min(max(count, 0), MOST_ON_HAND) for variant, count, _ in rows}
    known = await lock_stock(session, company_id, wanted)
    kept: dict[UUID, int] = {}
    moved: list[tuple[UUID, UUID, int, int]] = []
    changes: list[Change] = []
    for variant, stock in sorted(known.items()):
        before = {shelf.location_id: shelf.on_hand for shelf in stock.shelves}
        after = recounted(stock.shelves, wanted[variant], allow_backorder=stock.allow_backorder)
        moved += [(variant, place, now, now - before[place]) for place, now in after.items()]
        on_hand = sum((before | after).values())
        if on_hand > wanted[variant]:
            kept[variant] = on_hand
        now_available, backorder = on_hand - stock.reserved, stock.allow_backorder
        changes.append(Change(variant, stock.available, now_available, backorder, backorder))
    if moved:
        columns = (list(column) for column in zip(*moved, strict=True))
        await fetch(session, SET, (company_id, *columns, author))
    new = [row for row in rows if row[0] not in known]
    changes += await open_shelves(session, company_id, new, author=author)
    await tell_catalogue(session, company_id, changes)
    return kept
