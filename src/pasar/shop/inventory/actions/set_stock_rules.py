"""Set how a variant is sold: from which level it counts as low, and whether below zero."""

from __future__ import annotations

from uuid import UUID

from msgspec import UNSET, UnsetType
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict
from pasar.shop.inventory.actions.open_level import lock_levels, open_level
from pasar.shop.inventory.in_stock import Change, tell_catalogue
from pasar.shop.inventory.locations import default_location, lock_locations

SET_RULES = """
UPDATE stock_levels SET reorder_level = $3, allow_backorder = $4 WHERE company_id = $1 AND variant_id = $2
"""


async def set_stock_rules(
    session: AsyncSession,
    company_id: UUID,
    variant_id: UUID,
    *,
    reorder_level: int | UnsetType | None = UNSET,
    allow_backorder: bool | UnsetType = UNSET,
) -> None:
    """Change a variant's reorder level (None: the company's default) or backorder; what is UNSET stays.

    Raises `Conflict` `backorders_open` when backorder is switched off while more is promised than lies there.
    """
    await lock_locations(session, company_id)
    levels = await lock_levels(session, company_id, variant_id)
    if not levels:
        await open_level(session, company_id, variant_id, await default_location(session, company_id))
        levels = await lock_levels(session, company_id, variant_id)
    backorder_before = levels[0].allow_backorder
    backorder = backorder_before if allow_backorder is UNSET else allow_backorder
    level = levels[0].reorder_level if reorder_level is UNSET else reorder_level
    if not backorder and any(one.reserved > one.on_hand for one in levels):
        raise Conflict(
            "backorders_open",
            "More is promised than lies on the shelf. Receive goods or cancel orders first.",
        )
    await fetch(session, SET_RULES, (company_id, variant_id, level, backorder))
    available = sum(one.on_hand - one.reserved for one in levels)
    change = Change(variant_id, available, available, backorder_before, backorder)
    await tell_catalogue(session, company_id, [change])
