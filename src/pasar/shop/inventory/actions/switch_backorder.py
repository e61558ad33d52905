"""Take over from the catalogue which variants may be sold below zero."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.shop.inventory.actions.lock_stock import lock_stock
from pasar.shop.inventory.actions.set_initial_stock import open_shelves
from pasar.shop.inventory.in_stock import Change, tell_catalogue

SET = """
UPDATE stock_levels s SET allow_backorder = c.allow_backorder
  FROM unnest($2::uuid[], $3::boolean[]) AS c (variant_id, allow_backorder)
 WHERE s.company_id = $1 AND s.variant_id = c.variant_id
"""


async def switch_backorder(
    session: AsyncSession, company_id: UUID, wanted: Mapping[UUID, bool], *, author: str = "import"
) -> set[UUID]:
    """Set for each variant whether it may be ordered without stock; answer which had to stay open, because
    more is promised than lies there.

    A variant without stock gets an empty row, so that it can be ordered at all. What is so already writes
    nothing.
    """
    known = await lock_stock(session, company_id, wanted)
    changes: list[Change] = []
    stay: set[UUID] = set()
    for variant, stock in sorted(known.items()):
        if wanted[variant] == stock.allow_backorder:
            continue
        if not wanted[variant] and any(shelf.reserved > shelf.on_hand for shelf in stock.shelves):
            stay.add(variant)
            continue
        available = stock.available
        changes.append(Change(variant, available, available, stock.allow_backorder, wanted[variant]))
    if changes:
        switched = [change.variant_id for change in changes]
        await fetch(session, SET, (company_id, switched, [change.backorder_after for change in changes]))
    new = [(variant, 0, True) for variant, allowed in wanted.items() if allowed and variant not in known]
    changes += await open_shelves(session, company_id, new, author=author)
    await tell_catalogue(session, company_id, changes)
    return stay
