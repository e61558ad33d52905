"""Buyers hear of their order: one mail for what happened, however often the fact is delivered."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.delivery.notifications.public import notify
from pasar.kernel.events import Delivered, Subscriber
from pasar.kernel.runtime import Runtime
from pasar.shop.orders.events import OrderCancelled, OrderDelivered, OrderPlaced, OrderShipped
from pasar.shop.orders.mails import CANCELLED, DELIVERED, PLACED, SHIPPED, register_order_mails
from pasar.shop.orders.queries import order_by_id

__all__ = ["MAIL_SUBSCRIBERS"]

_KINDS = {
    OrderPlaced.type: PLACED,
    OrderShipped.type: SHIPPED,
    OrderDelivered.type: DELIVERED,
    OrderCancelled.type: CANCELLED,
}


async def _tell_buyer(runtime: Runtime, session: AsyncSession, fact: Delivered) -> None:
    """Queue the mail. An order is placed, delivered and cancelled once, but may leave in several parcels."""
    order_id = UUID(fact.data["orderId"])
    order = await order_by_id(session, fact.company_id, order_id)
    if order is None:
        return
    given = {"orderId": str(order_id)}
    if fact.type == OrderShipped.type:
        given["shipmentId"] = fact.data["shipmentId"]
    await notify(
        session,
        fact.company_id,
        kind=_KINDS[fact.type],
        recipient=order.email,
        locale=order.locale,
        dedupe_key=":".join([fact.type, *given.values()]),
        given=given,
        related=f"order:{order_id}",
        at=runtime.clock.now(),
    )


register_order_mails()
MAIL_SUBSCRIBERS = (Subscriber("orders.mail", tuple(_KINDS), _tell_buyer),)
