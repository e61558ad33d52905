"""How inventory keeps the stock that catalogue files speak of: the two know each other only here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import Database
from pasar.kernel.errors import Problem
from pasar.shop.inventory.public import adjust_stock, levels_of, set_initial_stock

REASON = "counted"


class InventoryStock:
    """The catalogue's `StockKeeper`."""

    async def put_in(
        self, session: AsyncSession, company_id: UUID, rows: Sequence[tuple[UUID, int, bool]], *, author: str
    ) -> None:
        """Give variants without stock their (variant, on hand, allow backorder); leave the others alone."""
        await set_initial_stock(session, company_id, rows, author=author)

    async def count(
        self,
        session: AsyncSession,
        database: Database,
        company_id: UUID,
        counts: Mapping[UUID, int],
        *,
        author: str,
        at: datetime,
    ) -> Mapping[UUID, str]:
        """Set on hand to what was counted; answer why not, for each variant where it cannot be.

        Only what differs is written. A variant at several locations counts over all of them, and the
        difference is laid where it is drawn from first.
        """
        refused: dict[UUID, str] = {}
        there = await self.on_hand(database, company_id, list(counts))
        for variant_id in sorted(counts):
            delta = counts[variant_id] - there.get(variant_id, 0)
            if not delta:
                continue
            try:
                await adjust_stock(
                    session,
                    company_id,
                    variant_id,
                    location_id=None,
                    set_to=None,
                    delta=delta,
                    reason=REASON,
                    note="",
                    author=author,
                    at=at,
                )
            except Problem as refusal:
                refused[variant_id] = refusal.detail
        return refused

    async def on_hand(
        self, database: Database, company_id: UUID, variant_ids: Sequence[UUID]
    ) -> Mapping[UUID, int]:
        """On hand over all locations; a variant whose stock nobody keeps is missing."""
        if not variant_ids:
            return {}
        known = await levels_of(database, company_id, variant_ids)
        return {variant_id: facts.on_hand for variant_id, facts in known.items() if facts.levels}
