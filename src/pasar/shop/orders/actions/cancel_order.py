"""Cancel an order until it ships: stock goes back, a payment still to come is called off."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.delivery.shipping.public import shipments_of
from pasar.finance.payments.public import void_payments
from pasar.kernel.errors import Conflict
from pasar.kernel.events import record
from pasar.shop.inventory.public import release_holds
from pasar.shop.orders.events import OrderCancelled
from pasar.shop.orders.moving import LockedOrder, lock_order, move, order_not_found, require_allowed

__all__ = ["cancel_order", "cancel_unpaid_order"]

UNPAID: Final = frozenset({"pending", "failed"})


async def cancel_order(
    session: AsyncSession,
    company_id: UUID,
    order_id: UUID,
    *,
    reason: str,
    author: str,
    at: datetime,
    customer_id: UUID | None = None,
    sources: frozenset[str] | None = None,
) -> None:
    """Cancel, for `reason`. `customer_id` cancels only that customer's own; `sources` narrows the states
    from which this author may (the buyer: until it is packed).

    Money already received stays recorded as paid, until it is refunded. The cart lives again, by a subscriber
    of `order.cancelled`, if the order was never paid or confirmed.
    Raises `NotFound`, `Conflict` `order_state`, and `Conflict` `partly_shipped`.
    """
    order = await lock_order(session, company_id, order_id)
    if customer_id is not None and order.customer_id != customer_id:
        raise order_not_found()
    require_allowed("cancel", order)
    if sources is not None and order.status not in sources:
        raise Conflict(
            "order_state",
            f"The order is {order.status} and can no longer be cancelled here. Please write to the shop.",
            orderStatus=order.status,
        )
    if order.status == "processing" and await shipments_of(session, company_id, order_id):
        raise Conflict("partly_shipped", "A part has left already. Ship the rest, or take the parcel back.")
    await _cancel(session, company_id, order, reason, author, at)


async def cancel_unpaid_order(
    session: AsyncSession, company_id: UUID, order_id: UUID, *, reason: str, author: str, at: datetime
) -> bool:
    """Cancel an order whose payment has expired, if it still waits for it; False when it does not."""
    order = await lock_order(session, company_id, order_id)
    if order.status != "pending" or order.payment_status not in UNPAID:
        return False
    await _cancel(session, company_id, order, reason, author, at)
    return True


async def _cancel(
    session: AsyncSession, company_id: UUID, order: LockedOrder, reason: str, author: str, at: datetime
) -> None:
    unpaid = order.payment_status in UNPAID
    await void_payments(session, company_id, order.id, at)
    await move(
        session,
        company_id,
        order,
        "cancelled",
        author=author,
        at=at,
        reason=reason,
        payment_status="voided" if unpaid else None,
    )
    fact = OrderCancelled(
        order_id=order.id,
        cart_id=order.cart_id,
        cart_generation=order.cart_generation,
        reopen_cart=unpaid and order.confirmed_at is None and order.cart_id is not None,
    )
    await record(session, company_id, fact, at=at)
    await release_holds(session, company_id, order.id, at)
