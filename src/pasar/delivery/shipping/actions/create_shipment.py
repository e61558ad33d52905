"""Send goods: a shipment with carrier, tracking number and lines; and note that it arrived."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.delivery.shipping.models import Shipment, ShipmentLine
from pasar.delivery.shipping.tracking import tracking_url
from pasar.kernel.db.database import fetch
from pasar.kernel.ids import new_id

DELIVERED = """
UPDATE shipments SET status = 'delivered', delivered_at = $3
 WHERE company_id = $1 AND order_id = $2 AND status = 'shipped'
RETURNING id
"""


async def create_shipment(
    session: AsyncSession,
    company_id: UUID,
    order_id: UUID,
    *,
    carrier: str,
    tracking_number: str,
    lines: Sequence[tuple[UUID, int]],
    at: datetime,
) -> UUID:
    """Goods left: `lines` are (order line, quantity), at least one, none twice. Answers the shipment's id.

    How much of an order may still be sent is the order's to know. Raises ValueError without lines and for a
    quantity under one.
    """
    if not lines or min(quantity for _, quantity in lines) < 1:
        raise ValueError("a shipment holds at least one piece of each of its lines")
    shipment_id = new_id()
    session.add(
        Shipment(
            company_id=company_id,
            id=shipment_id,
            order_id=order_id,
            carrier=carrier,
            tracking_number=tracking_number,
            tracking_url=tracking_url(carrier, tracking_number),
            shipped_at=at,
        )
    )
    await session.flush()
    session.add_all(
        ShipmentLine(company_id=company_id, shipment_id=shipment_id, order_line_id=line, quantity=quantity)
        for line, quantity in lines
    )
    await session.flush()
    return shipment_id


async def mark_delivered(session: AsyncSession, company_id: UUID, order_id: UUID, at: datetime) -> int:
    """Everything of the order that is under way has arrived. Answers how many shipments; safe to repeat."""
    return len(await fetch(session, DELIVERED, (company_id, order_id, at)))
