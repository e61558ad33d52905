"""Makers and readers of stock for the tests of inventory: rows straight into its tables, variants unborn.

Inventory knows variants by id only, so most of its proofs need no product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from pasar.kernel.db.database import Database
from pasar.kernel.ids import new_id
from pasar.shop.inventory.actions.claim_stock import ClaimLine, claim_stock

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)


async def make_locations(database: Database, company_id: UUID, *priorities: int) -> list[UUID]:
    """Open locations of these priorities, in the order given."""
    made = []
    for priority in priorities:
        location_id = new_id()
        await database.rows(
            "INSERT INTO locations (company_id, id, name, priority) VALUES ($1, $2, $3, $4)",
            company_id,
            location_id,
            f"Place {location_id.hex[-6:]}",
            priority,
        )
        made.append(location_id)
    return made


async def put_stock(
    database: Database, company_id: UUID, levels: Mapping[UUID, int], *, backorder: bool = False
) -> UUID:
    """A new variant with so much on hand at each location."""
    variant_id = new_id()
    for location_id, on_hand in levels.items():
        await database.rows(
            "INSERT INTO stock_levels"
            " (company_id, variant_id, location_id, on_hand, allow_backorder, priority)"
            " SELECT $1, $2, id, $4, $5, priority FROM locations WHERE company_id = $1 AND id = $3",
            company_id,
            variant_id,
            location_id,
            on_hand,
            backorder,
        )
    return variant_id


async def claim(
    database: Database,
    company_id: UUID,
    lines: Sequence[tuple[UUID, int]],
    *,
    order_id: UUID | None = None,
    expires_at: datetime | None = LATER,
) -> UUID:
    """Claim in a transaction of its own, and answer the order's id."""
    order_id = order_id or new_id()
    async with database.transaction() as session:
        await claim_stock(
            session,
            company_id,
            order_id,
            [ClaimLine(variant, quantity) for variant, quantity in lines],
            expires_at=expires_at,
            at=NOW,
        )
    return order_id


async def levels(database: Database, company_id: UUID, variant_id: UUID) -> dict[UUID, tuple[int, int]]:
    """(on hand, reserved) by location."""
    rows = await database.rows(
        "SELECT location_id, on_hand, reserved FROM stock_levels WHERE company_id = $1 AND variant_id = $2",
        company_id,
        variant_id,
    )
    return {row[0]: (row[1], row[2]) for row in rows}


async def holds(database: Database, company_id: UUID, order_id: UUID) -> list[tuple[str, int]]:
    """(status, quantity) of an order's holds, sorted."""
    rows = await database.rows(
        "SELECT status, quantity FROM stock_holds WHERE company_id = $1 AND order_id = $2",
        company_id,
        order_id,
    )
    return sorted((row[0], row[1]) for row in rows)


async def live_holds_match(database: Database, company_id: UUID) -> bool:
    """Whether every level's `reserved` is what its live holds add up to, and nothing is oversold."""
    wrong = await database.value(
        """
        SELECT count(*) FROM stock_levels s
         WHERE s.company_id = $1
           AND (s.reserved <> (SELECT coalesce(sum(quantity), 0) FROM stock_holds h
                                WHERE (h.company_id, h.variant_id, h.location_id)
                                    = (s.company_id, s.variant_id, s.location_id)
                                  AND status IN ('held', 'committed'))
                OR (s.reserved > s.on_hand AND NOT s.allow_backorder) OR s.on_hand < 0)
        """,
        company_id,
    )
    return bool(wrong == 0)
