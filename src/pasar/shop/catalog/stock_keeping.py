"""What the catalogue needs of stock: for imports and exports, and for the switch "may be backordered".

Inventory stands on the catalogue, so the catalogue cannot call it: it says here what it needs, and
`roles.assembling` registers inventory's answer. Inventory's order of locks holds for who calls it: locations,
then stock levels, then products (`shop.inventory`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import Database


class StockKeeper(Protocol):
    """Keeps stock of variants, in pieces."""

    async def lock(self, session: AsyncSession, company_id: UUID, variant_ids: Collection[UUID]) -> None:
        """Lock what the calls below need for these variants, and for new ones. Who writes products in the
        same transaction calls it before the first of them is locked."""

    async def put_in(
        self, session: AsyncSession, company_id: UUID, rows: Sequence[tuple[UUID, int, bool]], *, author: str
    ) -> None:
        """Give variants without stock their (variant, on hand, allow backorder); leave the others alone."""

    async def count(
        self, session: AsyncSession, company_id: UUID, rows: Sequence[tuple[UUID, int, bool]], *, author: str
    ) -> Mapping[UUID, int]:
        """Set on hand, over all locations, to what was counted, the last row of a variant; answer what stayed
        where more is reserved than was counted. Allow backorder is for variants without stock."""

    async def allow_backorder(
        self, session: AsyncSession, company_id: UUID, switches: Mapping[UUID, bool], *, author: str
    ) -> Collection[UUID]:
        """Set whether variants may be ordered without stock; answer those that stay so, because more is
        promised than lies there."""

    async def on_hand(
        self, database: Database, company_id: UUID, variant_ids: Sequence[UUID]
    ) -> Mapping[UUID, int]:
        """On hand over all locations; a variant whose stock nobody keeps is missing."""


_registered: list[StockKeeper] = []


def register_stock_keeper(keeper: StockKeeper) -> None:
    """Say who keeps the stock of this process's catalogue."""
    _registered[:] = [keeper]


def stock_keeper() -> StockKeeper:
    """Who keeps the stock. Raises RuntimeError before anybody has registered."""
    if not _registered:
        raise RuntimeError("no stock keeper: open the runtime with roles.assembling.open_runtime")
    return _registered[0]
