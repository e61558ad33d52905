"""What an import and an export need of stock.

Inventory stands on the catalogue, so the catalogue cannot call it: it says here what it needs, and
`roles.assembling` registers inventory's answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import Database


class StockKeeper(Protocol):
    """Keeps stock of variants, in pieces."""

    async def put_in(
        self, session: AsyncSession, company_id: UUID, rows: Sequence[tuple[UUID, int, bool]], *, author: str
    ) -> None:
        """Give variants without stock their (variant, on hand, allow backorder); leave the others alone."""

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
        """Set on hand to what was counted; answer why not, for each variant where it cannot be."""

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
