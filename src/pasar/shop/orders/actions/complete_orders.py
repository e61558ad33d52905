"""Complete orders whose time to complain is over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from pasar.kernel.db.database import Database
from pasar.kernel.events import record
from pasar.shop.orders.events import OrderCompleted
from pasar.shop.orders.moving import lock_order, move

__all__ = ["COMPLETED_AFTER", "complete_orders"]

COMPLETED_AFTER: Final = timedelta(days=14)
"""After delivery (decisions, "Order")."""

BATCH: Final = 200
DUE: Final = """
SELECT company_id, id FROM orders
 WHERE status = 'delivered' AND delivered_at <= $1
 ORDER BY delivered_at LIMIT $2
"""


async def complete_orders(database: Database, *, at: datetime, author: str = "system") -> int:
    """Complete what was delivered at least `COMPLETED_AFTER` ago, one transaction each; answer how many."""
    completed = 0
    while due := await database.rows(DUE, at - COMPLETED_AFTER, BATCH):
        for company_id, order_id in due:
            async with database.transaction() as session:
                order = await lock_order(session, company_id, order_id)
                if order.status != "delivered":
                    continue  # another sweep was first
                await move(session, company_id, order, "completed", author=author, at=at)
                await record(session, company_id, OrderCompleted(order_id=order_id), at=at)
                completed += 1
    return completed
