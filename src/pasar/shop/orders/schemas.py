"""What travels about orders."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from pasar.kernel.http.schema import Input, Output
from pasar.shop.orders.facts import LinePictureFacts, PostalFacts

__all__ = [
    "CancelOrder",
    "HistoryView",
    "OrderListItem",
    "OrderView",
    "ShipLine",
    "ShipOrder",
    "ShipmentView",
    "StaffOrderView",
    "TimelineView",
    "TrackingView",
]

ShortText = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class ShipLine(Input):
    """Pieces of one line that leave."""

    line_id: UUID
    quantity: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class ShipOrder(Input):
    """A shipment. Without `lines` it covers everything left."""

    carrier: ShortText
    tracking_number: Annotated[str, msgspec.Meta(max_length=200)] = ""
    lines: Annotated[list[ShipLine], msgspec.Meta(min_length=1, max_length=200)] | None = None


class CancelOrder(Input):
    """Why the order is cancelled; kept in its history."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class OrderTotalsView(Output):
    """Decimal strings in the order's currency."""

    subtotal: str
    discount_total: str
    tax_total: str
    shipping_total: str
    grand_total: str
    item_count: int
    tax_included: bool


class OrderItemView(Output):
    """A line as it was when the order was placed. `lineTotal` is after `discount`, before added tax."""

    id: UUID
    product_id: UUID
    variant_id: UUID
    handle: str
    title: str
    variant_title: str
    sku: str | None
    quantity: int
    unit_price: str
    compare_at_price: str | None
    discount: str
    tax: str
    line_total: str
    requires_shipping: bool
    picture: LinePictureFacts | None
    custom_fields: dict[str, str] | None


class OrderView(Output):
    """An order. `status` is fulfilment, `paymentStatus` money."""

    id: UUID
    number: str
    status: str
    payment_status: str
    payment_method: str
    currency: str
    email: str
    items: list[OrderItemView]
    totals: OrderTotalsView
    shipping_method: str
    shipping_address: PostalFacts
    billing_address: PostalFacts
    placed_at: datetime
    confirmed_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str | None
    view_url: str


class ShipmentView(Output):
    """What left together, and where it can be followed."""

    id: UUID
    carrier: str
    tracking_number: str
    tracking_url: str | None
    status: str
    shipped_at: datetime
    delivered_at: datetime | None


class TimelineView(Output):
    """One of five steps: `placed`, `confirmed`, `processing`, `shipped`, `delivered`; or `cancelled`.
    `state` is `done`, `current`, `upcoming` or `cancelled`."""

    key: str
    state: str
    at: datetime | None


class TrackingView(Output):
    """How far an order is."""

    number: str
    status: str
    timeline: list[TimelineView]
    shipments: list[ShipmentView]


class TrackedOrderView(OrderView):
    """An order with its way so far."""

    timeline: list[TimelineView]
    shipments: list[ShipmentView]


class HistoryView(Output):
    """One change of state."""

    from_status: str | None
    to_status: str
    reason: str
    author: str
    at: datetime


class StaffOrderView(TrackedOrderView):
    """An order as staff see it. `actions` are the verbs that are allowed now."""

    customer_id: UUID | None
    site_id: UUID
    history: list[HistoryView]
    actions: list[str]


class OrderListItem(Output):
    """An order in a list."""

    id: UUID
    number: str
    status: str
    payment_status: str
    payment_method: str
    customer_id: UUID | None
    customer_name: str
    email: str
    currency: str
    grand_total: str
    item_count: int
    placed_at: datetime
