"""How inventory keeps the stock that the catalogue speaks of: the two know each other only here."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import Database
from pasar.shop.inventory.public import (
    levels_of,
    lock_stock,
    recount_stock,
    set_initial_stock,
    switch_backorder,
)


class InventoryStock:
    """The catalogue's `StockKeeper`."""

    async def lock(self, session: AsyncSession, company_id: UUID, variant_ids: Collection[UUID]) -> None:
        """Keep locations open and lock the levels of these variants."""
        await lock_stock(session, company_id, variant_ids)

    async def put_in(
        self, session: AsyncSession, company_id: UUID, rows: Sequence[tuple[UUID, int, bool]], *, author: str
    ) -> None:
        """Give variants without stock their (variant, on hand, allow backorder); leave the others alone."""
        await set_initial_stock(session, company_id, rows, author=author)

    async def count(
        self, session: AsyncSession, company_id: UUID, rows: Sequence[tuple[UUID, int, bool]], *, author: str
    ) -> Mapping[UUID, int]:
        """Set on hand to what was counted; answer what stayed where more is reserved."""
        return await recount_stock(session, company_id, rows, author=author)

    async def allow_backorder(
        self, session: AsyncSession, company_id: UUID, switches: Mapping[UUID, bool], *, author: str
    ) -> Collection[UUID]:
        """Set whether variants may be ordered without stock; answer those that stay so."""
        return await switch_backorder(session, company_id, switches, author=author)

    async def on_hand(
        self, database: Database, company_id: UUID, variant_ids: Sequence[UUID]
    ) -> Mapping[UUID, int]:
        """On hand over all locations; a variant whose stock nobody keeps is missing."""
        if not variant_ids:
            return {}
        known = await levels_of(database, company_id, variant_ids)
        return {variant_id: facts.on_hand for variant_id, facts in known.items() if facts.levels}
