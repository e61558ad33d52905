"""Say that an order has arrived; cash paid at the door is then here too."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.delivery.shipping.public import mark_delivered
from pasar.finance.payments.public import settle_payments
from pasar.kernel.events import record
from pasar.shop.orders.actions.confirm_order import PAID_AT_DELIVERY
from pasar.shop.orders.events import OrderDelivered
from pasar.shop.orders.moving import lock_order, move, require_allowed


async def deliver_order(
    session: AsyncSession, company_id: UUID, order_id: UUID, *, author: str, at: datetime
) -> None:
    """A shipped order has arrived, with all its shipments. Raises `NotFound` and `Conflict` `order_state`."""
    order = await lock_order(session, company_id, order_id)
    require_allowed("deliver", order)
    await mark_delivered(session, company_id, order_id, at)
    cash = order.payment_method == PAID_AT_DELIVERY
    if cash:
        await settle_payments(session, company_id, order_id, at)
    status = "paid" if cash else None
    await move(session, company_id, order, "delivered", author=author, at=at, payment_status=status)
    await record(session, company_id, OrderDelivered(order_id=order_id), at=at)
