"""What others may know of an order: frozen, in minor units of the order's currency."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

__all__ = ["HistoryFacts", "LinePictureFacts", "OrderFacts", "OrderLineFacts", "OrderSummary", "PostalFacts"]


class PostalFacts(msgspec.Struct, frozen=True, rename="camel"):
    """A postal address as it stood when the order was placed."""

    name: str
    line1: str
    city: str
    country: str
    line2: str = ""
    region: str = ""
    postal_code: str = ""
    phone: str = ""


class LinePictureFacts(msgspec.Struct, frozen=True, rename="camel"):
    """A picture of the goods as it stood when the order was placed."""

    url: str
    alt: str = ""
    width: int = 0
    height: int = 0
    colour: str = ""


class OrderLineFacts(msgspec.Struct, frozen=True):
    """One line. `line_total` is after `discount` and before added tax; `tax` is the line's part."""

    id: UUID
    position: int
    product_id: UUID
    variant_id: UUID
    handle: str
    title: str
    variant_title: str
    sku: str | None
    picture: LinePictureFacts | None
    quantity: int
    unit_price: int
    compare_at: int | None
    discount: int
    tax: int
    line_total: int
    requires_shipping: bool
    custom_fields: dict[str, str] | None


class OrderFacts(msgspec.Struct, frozen=True):
    """An order with its lines. `status` is fulfilment, `payment_status` money."""

    company_id: UUID
    id: UUID
    site_id: UUID
    number: str
    customer_id: UUID | None
    cart_id: UUID | None
    cart_generation: int | None
    email: str
    locale: str
    status: str
    payment_status: str
    payment_method: str
    currency: str
    subtotal: int
    discount_total: int
    tax_total: int
    tax_included: bool
    shipping_total: int
    grand_total: int
    item_count: int
    shipping_method_id: UUID | None
    shipping_method_name: str
    shipping_address: PostalFacts
    billing_address: PostalFacts
    explanation: list[dict[str, Any]]
    placed_at: datetime
    confirmed_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    completed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancel_reason: str | None = None
    lines: tuple[OrderLineFacts, ...] = ()


class OrderSummary(msgspec.Struct, frozen=True):
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
    grand_total: int
    item_count: int
    placed_at: datetime


class HistoryFacts(msgspec.Struct, frozen=True):
    """One change of state: who, when, why. `from_status` is None for the placing."""

    from_status: str | None
    to_status: str
    reason: str
    author: str
    at: datetime
