"""Ship: what was promised to an order leaves the shelf."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict
from pasar.shop.inventory.actions.claim_stock import ClaimLine
from pasar.shop.inventory.leaving_holds import Leaving, NotHeldError, OpenHold, leaving_holds

COMMITTED_HOLDS = """
SELECT id, variant_id, location_id, quantity FROM stock_holds
 WHERE company_id = $1 AND order_id = $2 AND status = 'committed'
 ORDER BY variant_id, id
   FOR UPDATE
"""
# The rest of a hold that leaves in part stays behind under the id that it had.
SPLIT = """
WITH kept AS (
    UPDATE stock_holds h SET quantity = h.quantity - l.quantity
      FROM unnest($2::uuid[], $3::integer[]) AS l (id, quantity)
     WHERE h.company_id = $1 AND h.id = l.id
    RETURNING h.order_id, h.variant_id, h.location_id, l.quantity, h.created_at
)
INSERT INTO stock_holds
       (company_id, id, order_id, variant_id, location_id, quantity, status, created_at, ended_at)
SELECT $1, row_id(), order_id, variant_id, location_id, quantity, 'shipped', created_at, $4 FROM kept
"""
END_SHIPPED = """
UPDATE stock_holds SET status = 'shipped', ended_at = $3 WHERE company_id = $1 AND id = ANY($2::uuid[])
"""
LOCK_LEVELS = """
SELECT s.variant_id, s.location_id, s.on_hand
  FROM stock_levels s
  JOIN unnest($2::uuid[], $3::uuid[]) AS l (variant_id, location_id)
    ON l.variant_id = s.variant_id AND l.location_id = s.location_id
 WHERE s.company_id = $1
 ORDER BY s.variant_id, s.location_id
   FOR UPDATE OF s
"""
LOWER = """
WITH moved AS (
    UPDATE stock_levels s SET on_hand = s.on_hand - l.quantity, reserved = s.reserved - l.quantity
      FROM unnest($2::uuid[], $3::uuid[], $4::integer[]) AS l (variant_id, location_id, quantity)
     WHERE s.company_id = $1 AND s.variant_id = l.variant_id AND s.location_id = l.location_id
    RETURNING s.variant_id, s.location_id, s.on_hand, l.quantity
)
INSERT INTO stock_adjustments
       (company_id, id, variant_id, location_id, delta, on_hand_after, reason, note, author, created_at)
SELECT $1, row_id(), variant_id, location_id, -quantity, on_hand, 'shipped', $5, $6, $7 FROM moved
"""


async def ship_holds(
    session: AsyncSession,
    company_id: UUID,
    order_id: UUID,
    lines: Sequence[ClaimLine] | None,
    at: datetime,
    *,
    author: str = "system",
) -> int:
    """Take shipped goods off the shelf: on hand and reserved go down together. Answers the pieces shipped.

    `lines` says how many of which variant; None ships all that the order has committed. The history keeps a
    row with the reason `shipped`, the order's id as its note, and `author`.
    Raises `Conflict` `not_committed` when more is to be shipped than is committed (confirm the order first),
    and `not_on_hand` when backordered goods have not arrived.
    """
    rows = await fetch(session, COMMITTED_HOLDS, (company_id, order_id))
    try:
        leaving = leaving_holds([OpenHold(*row) for row in rows], _wanted(lines))
    except NotHeldError as problem:
        raise Conflict(
            "not_committed",
            "More is to be shipped than is committed to this order. Confirm it first, or ship fewer.",
            lines=[
                {"variantId": str(problem.variant_id), "wanted": problem.wanted, "committed": problem.held}
            ],
        ) from None
    if not leaving:
        return 0
    await _end(session, company_id, leaving, at)
    await _lower(session, company_id, order_id, leaving, at, author)
    return sum(part.ship for part in leaving)


def _wanted(lines: Sequence[ClaimLine] | None) -> dict[UUID, int] | None:
    if lines is None:
        return None
    wanted: dict[UUID, int] = {}
    for line in lines:
        wanted[line.variant_id] = wanted.get(line.variant_id, 0) + line.quantity
    return wanted


async def _end(session: AsyncSession, company_id: UUID, leaving: list[Leaving], at: datetime) -> None:
    whole = [part.hold.id for part in leaving if part.left == 0]
    partly = [part for part in leaving if part.left > 0]
    await fetch(session, END_SHIPPED, (company_id, whole, at))
    if partly:
        await fetch(
            session,
            SPLIT,
            (company_id, [part.hold.id for part in partly], [part.ship for part in partly], at),
        )


async def _lower(
    session: AsyncSession, company_id: UUID, order_id: UUID, leaving: list[Leaving], at: datetime, author: str
) -> None:
    pieces: dict[tuple[UUID, UUID], int] = {}
    for part in leaving:
        place = (part.hold.variant_id, part.hold.location_id)
        pieces[place] = pieces.get(place, 0) + part.ship
    variants, locations = [place[0] for place in pieces], [place[1] for place in pieces]
    levels = await fetch(session, LOCK_LEVELS, (company_id, variants, locations))
    missing = [
        {"variantId": str(variant), "wanted": pieces[variant, location], "onHand": on_hand}
        for variant, location, on_hand in levels
        if on_hand < pieces[variant, location]
    ]
    if missing:
        raise Conflict(
            "not_on_hand", "Backordered goods have not arrived yet. Receive them, then ship.", lines=missing
        )
    arguments = (company_id, variants, locations, list(pieces.values()), f"order:{order_id}", author, at)
    await fetch(session, LOWER, arguments)
