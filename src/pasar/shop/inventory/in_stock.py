"""When does the catalogue have to hear that something is in or out of stock?

Only when a variant's availability crosses zero: a claim with plenty of stock costs no extra statement.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.shop.catalog.public import set_in_stock
from pasar.shop.inventory.stock_status import sellable


@dataclass(frozen=True, slots=True)
class Change:
    """What a variant had available, over all locations, and has now."""

    variant_id: UUID
    before: int
    after: int
    backorder_before: bool
    backorder_after: bool


async def tell_catalogue(session: AsyncSession, company_id: UUID, changes: Iterable[Change]) -> None:
    """Tell the catalogue which variants came into or went out of stock, in order of id, if any did."""
    crossed = [
        (change.variant_id, sellable(change.after, change.backorder_after))
        for change in changes
        if sellable(change.before, change.backorder_before) != sellable(change.after, change.backorder_after)
    ]
    if crossed:
        await set_in_stock(session, company_id, sorted(crossed))
