"""What travels at checkout."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from pasar.kernel.errors import FieldProblem
from pasar.kernel.http.schema import Input, Output
from pasar.shop.carts.public import TotalsView
from pasar.shop.orders.public import OrderView

__all__ = ["AddressInput", "CheckoutInput", "PaymentView", "PlacedView", "PreviewInput", "PreviewView"]

Text = Annotated[str, msgspec.Meta(max_length=500)]


class AddressInput(Input):
    """A postal address. Which parts are required depends on the country, an ISO 3166-1 alpha-2 code."""

    name: Text = ""
    line1: Text = ""
    line2: Text | None = None
    city: Text = ""
    region: Text | None = None
    postal_code: Text | None = None
    country: Text = ""
    phone: Text | None = None


class CheckoutInput(Input):
    """An order to be placed from a cart. Without `billingAddress` the shipping address is meant, without
    `shippingMethodId` the cheapest method. `expectedTotal` is the total that the buyer saw, if the client
    wants to hear of a difference instead of ordering. Without `email` a customer's is the account's."""

    payment_method: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    shipping_address: AddressInput
    email: Annotated[str, msgspec.Meta(max_length=320)] | None = None
    billing_address: AddressInput | None = None
    shipping_method_id: UUID | None = None
    cart_id: UUID | None = None
    expected_total: Annotated[str, msgspec.Meta(max_length=40)] | None = None


class PreviewInput(Input):
    """What is known of an order so far; everything may be left out."""

    email: Annotated[str, msgspec.Meta(max_length=320)] | None = None
    shipping_address: AddressInput | None = None
    billing_address: AddressInput | None = None
    shipping_method_id: UUID | None = None
    payment_method: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    cart_id: UUID | None = None
    expected_total: Annotated[str, msgspec.Meta(max_length=40)] | None = None


class PaymentView(Output):
    """The attempt to be paid. `instructions` are told to the buyer, who goes to `redirectUrl` if given."""

    id: UUID
    method: str
    status: str
    amount: str
    currency: str
    redirect_url: str | None
    instructions: dict[str, str]
    expires_at: datetime | None


class PlacedView(Output):
    """A placed order and its payment."""

    order: OrderView
    payment: PaymentView | None


class MethodView(Output):
    """A way to send the goods. `amountToFree` is what the subtotal lacks to be sent free; null for never."""

    id: UUID
    name: str
    price: str
    delivery_days: str
    amount_to_free: str | None
    selected: bool


class TaxView(Output):
    """One tax by name."""

    name: str
    amount: str


class WayToPayView(Output):
    """A way to pay: send `name` as `paymentMethod`."""

    name: str
    title: str
    description: str


class PreviewView(Output):
    """What the order would cost. `errors` are those that placing it with the same body would answer."""

    currency: str
    totals: TotalsView
    taxes: list[TaxView]
    shipping_methods: list[MethodView]
    payment_methods: list[WayToPayView]
    errors: list[FieldProblem]
