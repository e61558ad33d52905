"""Say that an order is being packed. Optional before shipping (decisions, "Order")."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.events import record
from pasar.shop.orders.events import OrderProcessing
from pasar.shop.orders.moving import lock_order, move, require_allowed


async def process_order(
    session: AsyncSession, company_id: UUID, order_id: UUID, *, author: str, at: datetime
) -> None:
    """A confirmed order is being packed. Raises `NotFound` and `Conflict` `order_state`."""
    order = await lock_order(session, company_id, order_id)
    require_allowed("process", order)
    await move(session, company_id, order, "processing", author=author, at=at)
    await record(session, company_id, OrderProcessing(order_id=order_id), at=at)
