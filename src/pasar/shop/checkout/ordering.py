"""Which order does a reckoned cart become? Pure: figures come from the totals, texts from the offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from pasar.kernel.ids import new_id
from pasar.kernel.tenancy import Context
from pasar.shop.carts.public import CartFacts, LineFacts, LineTotals, picture_view
from pasar.shop.checkout.details import BuyerDetails, postal
from pasar.shop.checkout.reckoning import Reckoning
from pasar.shop.orders.public import LinePictureFacts, NewOrder, OrderLineFacts

__all__ = ["Identity", "new_order"]


@dataclass(frozen=True, slots=True)
class Identity:
    """What makes the order this one; `day` is the business day in the company's zone."""

    id: UUID
    view_token_hash: bytes
    day: date
    placed_at: datetime


def new_order(
    context: Context,
    identity: Identity,
    cart: CartFacts,
    details: BuyerDetails,
    reckoning: Reckoning,
    payment_method: str,
) -> NewOrder:
    """The order to be placed, with the steps that explain its total."""
    totals, chosen = reckoning.totals, reckoning.chosen
    return NewOrder(
        company_id=context.company_id,
        id=identity.id,
        site_id=context.site.id,
        customer_id=context.caller.customer_id,
        cart_id=cart.id,
        cart_generation=cart.generation,
        view_token_hash=identity.view_token_hash,
        email=details.email,
        locale=context.locale,
        payment_method=payment_method,
        currency=cart.currency,
        subtotal=totals.subtotal,
        discount_total=totals.discount_total,
        tax_total=totals.tax_total,
        tax_included=totals.tax_included,
        shipping_total=totals.shipping_total,
        grand_total=totals.grand_total,
        item_count=totals.item_count,
        shipping_method_id=UUID(chosen.method.method_id) if chosen else None,
        shipping_method_name=chosen.method.name if chosen else "",
        shipping_address=postal(details.shipping),
        billing_address=postal(details.billing),
        explanation=[
            {"rule": step.rule, "amount": step.amount, "subject": step.subject} for step in totals.why()
        ],
        lines=tuple(
            _line(position, line, reckoned)
            for position, (line, reckoned) in enumerate(zip(cart.lines, totals.lines, strict=True), start=1)
        ),
        author=context.caller.label,
        day=identity.day,
        placed_at=identity.placed_at,
    )


def _line(position: int, line: LineFacts, reckoned: LineTotals) -> OrderLineFacts:
    picture = picture_view(line.picture)
    return OrderLineFacts(
        id=new_id(),
        position=position,
        product_id=line.product_id,
        variant_id=line.variant_id,
        handle=line.handle,
        title=line.title,
        variant_title=line.variant_title,
        sku=line.sku,
        picture=LinePictureFacts(picture.url, picture.alt, picture.width, picture.height, picture.colour)
        if picture
        else None,
        quantity=line.quantity,
        unit_price=reckoned.unit_minor,
        compare_at=line.compare_at,
        discount=reckoned.discount,
        tax=reckoned.tax,
        line_total=reckoned.line_total,
        requires_shipping=line.requires_shipping,
        custom_fields=line.custom_fields,
    )
