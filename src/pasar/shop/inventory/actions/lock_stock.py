"""Take hold of the stock of many variants, before anything that others hold while they wait for stock."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.shop.inventory.locations import lock_locations
from pasar.shop.inventory.recounting import Shelf

LOCK = """
SELECT variant_id, location_id, on_hand, reserved, priority, allow_backorder
  FROM stock_levels WHERE company_id = $1 AND variant_id = ANY($2::uuid[])
 ORDER BY variant_id, location_id
   FOR UPDATE
"""


@dataclass(slots=True)
class LockedStock:
    """A variant at all its locations, locked by this transaction, in pieces."""

    allow_backorder: bool
    shelves: list[Shelf]

    @property
    def on_hand(self) -> int:
        """What lies there."""
        return sum(shelf.on_hand for shelf in self.shelves)

    @property
    def reserved(self) -> int:
        """What is promised to orders."""
        return sum(shelf.reserved for shelf in self.shelves)

    @property
    def available(self) -> int:
        """What may still be promised; below zero where backordered."""
        return self.on_hand - self.reserved


async def lock_stock(
    session: AsyncSession, company_id: UUID, variant_ids: Collection[UUID]
) -> dict[UUID, LockedStock]:
    """Keep the company's locations open and lock all rows of these variants, in the order in which everybody
    does (see the module's docstring). A variant without rows is missing in the answer.

    Who will write the catalogue and stock in one transaction calls this before it locks a product.
    """
    await lock_locations(session, company_id)
    found: dict[UUID, LockedStock] = {}
    if variant_ids:
        for variant_id, *shelf, backorder in await fetch(session, LOCK, (company_id, list(variant_ids))):
            found.setdefault(variant_id, LockedStock(backorder, [])).shelves.append(Shelf(*shelf))
    return found
