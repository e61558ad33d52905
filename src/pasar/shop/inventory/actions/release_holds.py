"""Release holds: an order's, when it is cancelled, or all that are over, by the clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.shop.inventory.in_stock import Change, tell_catalogue

END_OF_ORDER = """
UPDATE stock_holds SET status = 'released', ended_at = $3
 WHERE company_id = $1 AND order_id = $2 AND status IN ('held', 'committed')
RETURNING company_id, variant_id, location_id, quantity
"""
# A second sweep skips what the first has locked, and a hold being committed right now is left alone.
END_EXPIRED = """
WITH due AS MATERIALIZED (
    SELECT company_id, id FROM stock_holds
     WHERE status = 'held' AND expires_at <= $1
     ORDER BY expires_at, id LIMIT $2
       FOR UPDATE SKIP LOCKED
)
UPDATE stock_holds h SET status = 'released', ended_at = $1
  FROM due
 WHERE h.company_id = due.company_id AND h.id = due.id AND h.status = 'held'
RETURNING h.company_id, h.variant_id, h.location_id, h.quantity
"""
# All rows of a variant are locked, not only those that change: whether it is in stock is their sum.
GIVE_BACK = """
WITH back AS MATERIALIZED (
    SELECT company_id, variant_id, location_id, sum(quantity)::integer AS quantity
      FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::integer[])
        AS b (company_id, variant_id, location_id, quantity)
     GROUP BY company_id, variant_id, location_id
), locked AS MATERIALIZED (
    SELECT s.company_id, s.variant_id, s.location_id, s.allow_backorder,
           (s.on_hand - s.reserved)::bigint AS available, coalesce(b.quantity, 0) AS quantity
      FROM stock_levels s
      LEFT JOIN back b
        ON b.company_id = s.company_id AND b.variant_id = s.variant_id AND b.location_id = s.location_id
     WHERE (s.company_id, s.variant_id) IN (SELECT company_id, variant_id FROM back)
     ORDER BY s.company_id, s.variant_id, s.location_id
       FOR UPDATE OF s
), moved AS (
    UPDATE stock_levels s SET reserved = s.reserved - l.quantity
      FROM locked l
     WHERE s.company_id = l.company_id AND s.variant_id = l.variant_id AND s.location_id = l.location_id
       AND l.quantity > 0
)
SELECT company_id, variant_id, sum(available)::bigint, sum(quantity)::bigint, bool_or(allow_backorder)
  FROM locked GROUP BY company_id, variant_id
"""


async def release_holds(session: AsyncSession, company_id: UUID, order_id: UUID, at: datetime) -> int:
    """Give back what is held or committed for an order, and answer how many pieces. Safe to repeat.

    What was shipped stays shipped.
    """
    return await _give_back(session, await fetch(session, END_OF_ORDER, (company_id, order_id, at)))


async def release_expired_batch(session: AsyncSession, at: datetime, most: int) -> int:
    """Release up to `most` holds whose time is over, of all companies, and answer how many holds."""
    ended = await fetch(session, END_EXPIRED, (at, most))
    await _give_back(session, ended)
    return len(ended)


async def _give_back(session: AsyncSession, ended: list[Any]) -> int:
    if not ended:
        return 0
    columns = [list(column) for column in zip(*ended, strict=True)]
    rows = await fetch(session, GIVE_BACK, columns)
    for company_id in sorted({row[0] for row in rows}):
        await tell_catalogue(session, company_id, _changes(row for row in rows if row[0] == company_id))
    return sum(columns[3])


def _changes(rows: Iterable[Any]) -> list[Change]:
    return [
        Change(variant, available, available + quantity, backorder, backorder)
        for _, variant, available, quantity, backorder in rows
    ]
