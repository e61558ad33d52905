"""How does an order change its state? Locked, allowed by the table, by compare-and-set, with history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict, NotFound
from pasar.kernel.ids import new_id
from pasar.shop.orders.states import TRANSITIONS, Status, Verb, may

__all__ = ["LockedOrder", "lock_order", "move", "order_not_found", "require_allowed"]

LOCK: Final = """
SELECT id, status, payment_status, payment_method, item_count, cart_id, cart_generation, customer_id,
       confirmed_at
  FROM orders WHERE company_id = $1 AND id = $2
   FOR UPDATE
"""
MOVE: Final = """
WITH moved AS (
    UPDATE orders
       SET status = $4, payment_status = $5,
           confirmed_at = CASE $4 WHEN 'confirmed' THEN $6 ELSE confirmed_at END,
           shipped_at = CASE $4 WHEN 'shipped' THEN $6 ELSE shipped_at END,
           delivered_at = CASE $4 WHEN 'delivered' THEN $6 ELSE delivered_at END,
           completed_at = CASE $4 WHEN 'completed' THEN $6 ELSE completed_at END,
           cancelled_at = CASE $4 WHEN 'cancelled' THEN $6 ELSE cancelled_at END,
           cancel_reason = CASE $4 WHEN 'cancelled' THEN $7 ELSE cancel_reason END
     WHERE company_id = $1 AND id = $2 AND status = $3
    RETURNING company_id, id
)
INSERT INTO order_history (company_id, id, order_id, from_status, to_status, reason, author, at)
SELECT company_id, $8, id, $3, $4, $7, $9, $6 FROM moved
RETURNING 1
"""


@dataclass(frozen=True, slots=True)
class LockedOrder:
    """What a verb decides by. Its row is locked until the transaction ends."""

    id: UUID
    status: str
    payment_status: str
    payment_method: str
    item_count: int
    cart_id: UUID | None
    cart_generation: int | None
    customer_id: UUID | None
    confirmed_at: datetime | None


def order_not_found() -> NotFound:
    """Unknown and foreign are one answer."""
    return NotFound("order_not_found", "There is no such order.")


async def lock_order(session: AsyncSession, company_id: UUID, order_id: UUID) -> LockedOrder:
    """Lock the order's row. Raises `NotFound` `order_not_found`."""
    rows = await fetch(session, LOCK, (company_id, order_id))
    if not rows:
        raise order_not_found()
    return LockedOrder(*rows[0])


def require_allowed(verb: Verb, order: LockedOrder) -> None:
    """Raise `Conflict` `order_state`, naming the present state, unless `verb` is allowed now."""
    if not may(verb, order.status):
        sources = ", ".join(sorted(TRANSITIONS[verb].sources))
        raise Conflict(
            "order_state",
            f"The order is {order.status}; to {verb} it, it must be one of: {sources}.",
            orderStatus=order.status,
        )


async def move(
    session: AsyncSession,
    company_id: UUID,
    order: LockedOrder,
    target: Status,
    *,
    author: str,
    at: datetime,
    reason: str = "",
    payment_status: str | None = None,
) -> None:
    """Write the new state and its history row. Raises RuntimeError if the row was not locked after all."""
    arguments = (
        company_id,
        order.id,
        order.status,
        target,
        payment_status or order.payment_status,
        at,
        reason,
        new_id(),
        author,
    )
    if not await fetch(session, MOVE, arguments):
        raise RuntimeError("an order is locked before it is moved")
