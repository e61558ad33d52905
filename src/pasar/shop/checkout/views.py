"""How do a placed order and a preview look on the wire?"""

from __future__ import annotations

from uuid import UUID

from pasar.delivery.shipping.public import ShippingQuote
from pasar.finance.payments.public import PaymentFacts
from pasar.kernel.money import Money
from pasar.kernel.runtime import Runtime
from pasar.shop.carts.public import totals_view
from pasar.shop.checkout.actions.place_order import Placed
from pasar.shop.checkout.previewing import Preview
from pasar.shop.checkout.schemas import (
    MethodView,
    PaymentView,
    PlacedView,
    PreviewView,
    TaxView,
    WayToPayView,
)
from pasar.shop.orders.public import order_view, view_token

__all__ = ["placed_view", "preview_view"]


def placed_view(runtime: Runtime, placed: Placed) -> PlacedView:
    """The same bytes for the same order, whether it was placed now or read back."""
    token = view_token(runtime, placed.order.company_id, placed.order.id)
    payment = _payment(placed.payment) if placed.payment else None
    return PlacedView(order=order_view(placed.order, token), payment=payment)


def preview_view(preview: Preview) -> PreviewView:
    """Totals, methods, and what is still wrong."""
    totals = preview.reckoning.totals
    currency = totals.currency
    return PreviewView(
        currency=currency,
        totals=totals_view(totals),
        taxes=[
            TaxView(name=name, amount=Money(amount, currency).decimal_string())
            for name, amount in totals.tax_by_name
        ],
        shipping_methods=[
            _method(quote, currency, selected=quote is preview.reckoning.chosen)
            for quote in preview.reckoning.quotes
        ],
        payment_methods=[
            WayToPayView(name=way.name, title=way.title, description=way.description)
            for way in preview.ways_to_pay
        ],
        errors=list(preview.errors),
    )


def _payment(payment: PaymentFacts) -> PaymentView:
    return PaymentView(
        id=payment.id,
        method=payment.method,
        status=payment.status,
        amount=Money(payment.amount_minor, payment.currency).decimal_string(),
        currency=payment.currency,
        redirect_url=payment.redirect_url,
        # In one order: jsonb does not keep the one in which they were written.
        instructions=dict(sorted(payment.instructions.items())),
        expires_at=payment.expires_at,
    )


def _method(quote: ShippingQuote, currency: str, *, selected: bool) -> MethodView:
    lacking = quote.amount_to_free
    return MethodView(
        id=UUID(quote.method.method_id),
        name=quote.method.name,
        price=Money(quote.price_minor, currency).decimal_string(),
        delivery_days=quote.method.delivery_days,
        amount_to_free=None if lacking is None else Money(lacking, currency).decimal_string(),
        selected=selected,
    )
