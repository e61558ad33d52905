"""Confirm an order: its payment is settled and its stock no longer expires."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.finance.payments.public import settle_payments
from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict
from pasar.kernel.events import record
from pasar.shop.inventory.public import ClaimLine, claim_stock, commit_holds, release_holds
from pasar.shop.orders.events import OrderConfirmed
from pasar.shop.orders.moving import LockedOrder, lock_order, move, require_allowed

__all__ = ["PAID_AT_DELIVERY", "confirm_order"]

PAID_AT_DELIVERY: Final = "cash_on_delivery"
PIECES: Final = "SELECT variant_id, quantity FROM order_lines WHERE company_id = $1 AND order_id = $2"


async def confirm_order(
    session: AsyncSession, company_id: UUID, order_id: UUID, *, author: str, at: datetime
) -> None:
    """Confirm a pending order; by that the money is here, except when it is paid at delivery.

    Raises `NotFound`, `Conflict` `order_state`, `payment_over` when the payment has expired, and
    `out_of_stock` when the holds had expired and the goods have gone to others meanwhile.
    """
    order = await lock_order(session, company_id, order_id)
    require_allowed("confirm", order)
    status = None
    if order.payment_method != PAID_AT_DELIVERY:
        status = "paid"
        settled = await settle_payments(session, company_id, order_id, at)
        if not settled and order.payment_status != "paid":
            raise Conflict("payment_over", "The time to pay is over, and the order is being cancelled.")
    await move(session, company_id, order, "confirmed", author=author, at=at, payment_status=status)
    await record(session, company_id, OrderConfirmed(order_id=order_id), at=at)
    await _keep_stock(session, company_id, order, at)


async def _keep_stock(session: AsyncSession, company_id: UUID, order: LockedOrder, at: datetime) -> None:
    """Commit what is held. Holds that ended are claimed again, or the confirmation is refused with them."""
    if await commit_holds(session, company_id, order.id, at) >= order.item_count:
        return
    await release_holds(session, company_id, order.id, at)
    rows = await fetch(session, PIECES, (company_id, order.id))
    lines = [ClaimLine(variant_id, quantity) for variant_id, quantity in rows]
    await claim_stock(session, company_id, order.id, lines, expires_at=None, at=at)
