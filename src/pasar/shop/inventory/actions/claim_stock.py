"""Claim stock for an order: one statement, all lines or none, never more than there is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict
from pasar.shop.inventory.in_stock import Change, tell_catalogue

# `locked` waits for the rows and then reads them as they are now: under READ COMMITTED a row that another
# transaction changed meanwhile is read again after the wait. Everything below reckons with those figures and
# none with the statement's snapshot, which may be older. Rows are locked in the order of their key, which
# never changes, so that two carts cannot wait for each other in a circle, and are drawn from by priority.
# MATERIALIZED keeps each step a step: window functions and row locks do not mix in one level, and the
# UPDATE joins finished figures only. When any line is short nothing is written at all.
# `moved` writes every column that a CHECK names as `locked` read it: an UPDATE begins with the row of the
# statement's snapshot, and its CHECKs are tried on that before it is found to be old.
CLAIM = """
WITH wanted AS (
    SELECT variant_id, quantity FROM unnest($2::uuid[], $3::bigint[]) AS w (variant_id, quantity)
), locked AS MATERIALIZED (
    SELECT s.variant_id, s.location_id, s.priority, s.allow_backorder, w.quantity,
           s.on_hand, s.reserved, (s.on_hand - s.reserved)::bigint AS available,
           greatest(s.on_hand - s.reserved, 0)::bigint AS free
      FROM stock_levels s
      JOIN wanted w ON w.variant_id = s.variant_id
     WHERE s.company_id = $1
     ORDER BY s.variant_id, s.location_id
       FOR UPDATE OF s
), totals AS MATERIALIZED (
    SELECT w.variant_id, w.quantity, coalesce(sum(l.free), 0)::bigint AS free,
           coalesce(sum(l.available), 0)::bigint AS available,
           coalesce(bool_or(l.allow_backorder), false) AS allow_backorder
      FROM wanted w LEFT JOIN locked l ON l.variant_id = w.variant_id
     GROUP BY w.variant_id, w.quantity
), draws AS MATERIALIZED (
    SELECT variant_id, location_id, quantity, on_hand, reserved, free, allow_backorder,
           sum(free) OVER earlier - free AS before, row_number() OVER earlier AS place
      FROM locked
    WINDOW earlier AS (PARTITION BY variant_id ORDER BY priority, location_id)
), parts AS MATERIALIZED (
    SELECT d.variant_id, d.location_id, d.on_hand, d.reserved, d.allow_backorder,
           (least(d.free, greatest(d.quantity - d.before, 0))
            + CASE WHEN d.place = 1 AND d.allow_backorder THEN greatest(t.quantity - t.free, 0) ELSE 0 END
           )::integer AS quantity
      FROM draws d JOIN totals t ON t.variant_id = d.variant_id
     WHERE NOT EXISTS (
           SELECT FROM totals short WHERE short.free < short.quantity AND NOT short.allow_backorder)
), moved AS (
    UPDATE stock_levels s
       SET reserved = p.reserved + p.quantity, on_hand = p.on_hand, allow_backorder = p.allow_backorder
      FROM parts p
     WHERE s.company_id = $1 AND s.variant_id = p.variant_id AND s.location_id = p.location_id
       AND p.quantity > 0
    RETURNING s.variant_id, s.location_id, p.quantity
), held AS (
    INSERT INTO stock_holds
           (company_id, id, order_id, variant_id, location_id, quantity, status, expires_at, created_at)
    SELECT $1, row_id(), $4, variant_id, location_id, quantity,
           CASE WHEN $5::timestamptz IS NULL THEN 'committed' ELSE 'held' END, $5, $6
      FROM moved
    RETURNING variant_id, quantity
), claimed AS (
    SELECT variant_id, sum(quantity)::bigint AS quantity FROM held GROUP BY variant_id
)
SELECT t.variant_id, t.quantity, coalesce(c.quantity, 0), t.available, t.allow_backorder
  FROM totals t LEFT JOIN claimed c ON c.variant_id = t.variant_id
"""


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """So many pieces of a variant. Several lines may name the same one."""

    variant_id: UUID
    quantity: int


async def claim_stock(
    session: AsyncSession,
    company_id: UUID,
    order_id: UUID,
    lines: Sequence[ClaimLine],
    *,
    expires_at: datetime | None,
    at: datetime,
) -> None:
    """Hold the stock of all `lines` for an order until `expires_at`; None commits it at once.

    A line is split over locations by their priority; where the variant may be backordered, what is missing
    goes to its first location below zero. Claim last in a transaction and commit soon: others wait meanwhile.
    Raises `Conflict` `out_of_stock` naming every line that is short, and then has written nothing;
    ValueError for a line of less than one piece.
    """
    wanted = _by_variant(lines)
    if not wanted:
        return
    rows = await fetch(
        session, CLAIM, (company_id, list(wanted), list(wanted.values()), order_id, expires_at, at)
    )
    short = [row for row in rows if row[2] < row[1]]
    if short:
        raise out_of_stock([row for row in short if row[3] < row[1] and not row[4]] or short)
    changes = [
        Change(variant, available, available - claimed, backorder, backorder)
        for variant, _, claimed, available, backorder in rows
    ]
    await tell_catalogue(session, company_id, changes)


def out_of_stock(rows: Sequence[Any]) -> Conflict:
    """The refusal, for rows of (variant, wanted, claimed, available, …)."""
    return Conflict(
        "out_of_stock",
        "Some of this is no longer available in the quantity wanted. Lower the quantity, or take it out.",
        lines=[
            {"variantId": str(row[0]), "wanted": row[1], "available": max(row[3], 0)}
            for row in sorted(rows, key=lambda row: str(row[0]))
        ],
    )


def _by_variant(lines: Sequence[ClaimLine]) -> dict[UUID, int]:
    wanted: dict[UUID, int] = {}
    for line in lines:
        if line.quantity < 1:
            raise ValueError("a line claims at least one piece")
        wanted[line.variant_id] = wanted.get(line.variant_id, 0) + line.quantity
    return wanted
