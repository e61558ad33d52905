"""Commit an order's holds: from now on only cancelling or shipping ends them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch

COMMIT = """
UPDATE stock_holds SET status = 'committed', expires_at = NULL
 WHERE company_id = $1 AND order_id = $2 AND status = 'held'
"""
COMMITTED = """
SELECT coalesce(sum(quantity) FILTER (WHERE status = 'committed'), 0)::bigint,
       coalesce(bool_or(status = 'released'), false)
  FROM stock_holds WHERE company_id = $1 AND order_id = $2
"""
LOCK_ALL = """
SELECT FROM stock_levels
 WHERE company_id = $1
   AND variant_id IN (SELECT variant_id FROM stock_holds WHERE company_id = $1 AND order_id = $2)
 ORDER BY variant_id, location_id
   FOR UPDATE
"""


async def commit_holds(session: AsyncSession, company_id: UUID, order_id: UUID, at: datetime) -> int:
    """Turn what is held into what is committed, and answer how many pieces the order has committed now.

    Fewer than were ordered means that its holds ended meanwhile (they expired): the caller claims again, or
    refuses. Safe to repeat. A hold past its time that no sweep has released yet is still good.

    Where some have ended, the levels of all the order's variants are locked at once: releasing the rest may
    lock products, after which no level may be waited for.
    """
    del at  # every verb of the door takes the time; a commitment has none of its own to keep
    await fetch(session, COMMIT, (company_id, order_id))
    ((pieces, some_ended),) = await fetch(session, COMMITTED, (company_id, order_id))
    if some_ended:
        await fetch(session, LOCK_ALL, (company_id, order_id))
    return int(pieces)
