"""Ship an order, or a part of it: stock leaves the shelf and a shipment is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.delivery.shipping.public import create_shipment, shipments_of
from pasar.kernel.db.database import fetch
from pasar.kernel.errors import FieldProblem, Unprocessable
from pasar.kernel.events import record
from pasar.shop.inventory.public import ClaimLine, ship_holds
from pasar.shop.orders.events import OrderShipped
from pasar.shop.orders.moving import lock_order, move, require_allowed
from pasar.shop.orders.shipping_lines import LineLeft, NotLeftError, ShipPart, parts_to_ship
from pasar.shop.orders.states import Status

__all__ = ["ship_order"]

LINES: Final = """
SELECT id, variant_id, quantity FROM order_lines WHERE company_id = $1 AND order_id = $2 ORDER BY position
"""


async def ship_order(
    session: AsyncSession,
    company_id: UUID,
    order_id: UUID,
    *,
    carrier: str,
    tracking_number: str,
    lines: Mapping[UUID, int] | None,
    author: str,
    at: datetime,
) -> UUID:
    """Ship `lines` (order line id → pieces), or everything left, and answer the shipment's id.

    The order is shipped when nothing is left, and processing until then. Raises `NotFound`, `Conflict`
    `order_state`, `Unprocessable` `nothing_to_ship`, and what inventory refuses.
    """
    order = await lock_order(session, company_id, order_id)
    require_allowed("ship", order)
    parts, everything = await _parts(session, company_id, order_id, lines)
    shipment_id = await create_shipment(
        session,
        company_id,
        order_id,
        carrier=carrier,
        tracking_number=tracking_number,
        lines=[(part.line_id, part.quantity) for part in parts],
        at=at,
    )
    target: Status = "shipped" if everything else "processing"
    if target != order.status:
        reason = f"{carrier} {tracking_number}".strip()
        await move(session, company_id, order, target, author=author, at=at, reason=reason)
    fact = OrderShipped(order_id=order_id, shipment_id=shipment_id, complete=everything)
    await record(session, company_id, fact, at=at)
    leaving = [ClaimLine(part.variant_id, part.quantity) for part in parts]
    await ship_holds(session, company_id, order_id, leaving, at, author=author)
    return shipment_id


async def _parts(
    session: AsyncSession, company_id: UUID, order_id: UUID, wanted: Mapping[UUID, int] | None
) -> tuple[list[ShipPart], bool]:
    shipped: dict[UUID, int] = {}
    for shipment in await shipments_of(session, company_id, order_id):
        for line_id, quantity in shipment.lines:
            shipped[line_id] = shipped.get(line_id, 0) + quantity
    left = [
        LineLeft(line_id, variant_id, quantity - shipped.get(line_id, 0))
        for line_id, variant_id, quantity in await fetch(session, LINES, (company_id, order_id))
    ]
    try:
        parts, everything = parts_to_ship(left, wanted)
    except NotLeftError as problem:
        field = FieldProblem("lines", "not_left", f"Line {problem.line_id}: {problem.left} pieces are left.")
        raise Unprocessable(
            "nothing_to_ship", "More is to be shipped than is left.", errors=[field]
        ) from None
    if not parts:
        raise Unprocessable("nothing_to_ship", "Name at least one line with pieces left.")
    return parts, everything
