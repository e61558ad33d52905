"""Place an order from a cart: everything in the caller's one transaction, stock last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.finance.payments.public import (
    PaymentFacts,
    hold_life,
    payment_methods,
    payments_of,
    start_payment,
)
from pasar.kernel.clock import business_date
from pasar.kernel.ids import hash_token, new_id
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context, sold_currency
from pasar.people.companies.public import CompanySettings
from pasar.shop.carts.public import (
    CartFacts,
    Owner,
    cart_for_checkout,
    cart_not_found,
    convert_cart,
    converted_cart,
    seen_price,
)
from pasar.shop.checkout import refusals
from pasar.shop.checkout.details import BuyerDetails, buyer_details
from pasar.shop.checkout.ordering import Identity, new_order
from pasar.shop.checkout.reckoning import Reckoning, reckon
from pasar.shop.checkout.schemas import CheckoutInput
from pasar.shop.checkout.terms import CheckoutTerms, Tariff
from pasar.shop.inventory.public import ClaimLine, claim_stock
from pasar.shop.orders.public import OrderFacts, order_of_cart, place_order, view_token

__all__ = ["Placed", "place_from_cart"]


@dataclass(frozen=True, slots=True)
class Placed:
    """An order and its latest payment."""

    order: OrderFacts
    payment: PaymentFacts | None


async def place_from_cart(
    session: AsyncSession,
    runtime: Runtime,
    context: Context,
    owner: Owner,
    data: CheckoutInput,
    terms: CheckoutTerms,
) -> Placed:
    """Place an order from the owner's cart, or answer the one that it has already become.

    `terms` were read before the transaction began: under the cart's lock nothing is asked of the bare pool.
    Two calls for one cart wait for each other on the cart's row: the second finds it converted and answers
    the first one's order. Raises `Unprocessable` (`details_invalid`, `cart_empty`, `currency_not_sold`,
    `no_shipping`, `payment_method_unknown`), `NotFound` (`cart_not_found`) and `Conflict`
    (`not_for_sale`, `out_of_stock`, `price_changed`, `already_ordered`). On a refusal nothing changed.
    """
    at = runtime.clock.now()
    details = buyer_details(data.email or terms.email, data.shipping_address, data.billing_address)
    if details.errors:
        raise refusals.details_wrong(details.errors)
    cart = await cart_for_checkout(session, owner, at=at, cart_id=data.cart_id)
    if cart is None:
        return await _placed_before(session, owner, data.cart_id, details.email)
    reckoning = _checked(cart, details, data, terms.tariff)
    return await _place(session, runtime, context, terms.settings, cart, details, reckoning, data, at)


def _checked(cart: CartFacts, details: BuyerDetails, data: CheckoutInput, tariff: Tariff) -> Reckoning:
    """Everything that may be wrong with an order before anything is written."""
    if not cart.lines:
        raise refusals.cart_empty()
    sold_currency(tariff.site, cart.currency)
    gone = [line for line in cart.lines if line.amount is None]
    if gone:
        raise refusals.not_for_sale(gone)
    ways = [method.name for method in payment_methods(cart.currency)]
    if data.payment_method not in ways:
        raise refusals.payment_unknown(ways)
    reckoning = reckon(tariff, cart, details.shipping, data.shipping_method_id)
    if reckoning.needs_shipping and reckoning.chosen is None:
        raise refusals.no_shipping(offered=bool(reckoning.quotes))
    total = reckoning.totals.grand_total
    seen = data.expected_total
    if seen is not None and seen_price(seen, cart.currency, "expectedTotal") != total:
        raise refusals.total_changed(total, cart.currency)
    return reckoning


async def _place(
    session: AsyncSession,
    runtime: Runtime,
    context: Context,
    settings: CompanySettings,
    cart: CartFacts,
    details: BuyerDetails,
    reckoning: Reckoning,
    data: CheckoutInput,
    at: datetime,
) -> Placed:
    """Write order, payment and cart, then claim the stock: its rows are what others wait for."""
    company_id, order_id = context.company_id, new_id()
    life = hold_life(data.payment_method, settings)
    expires_at = at + life if life is not None else None
    identity = Identity(
        id=order_id,
        view_token_hash=hash_token(view_token(runtime, company_id, order_id)),
        day=business_date(at, settings.time_zone),
        placed_at=at,
    )
    order = await place_order(
        session, new_order(context, identity, cart, details, reckoning, data.payment_method)
    )
    payment = await start_payment(
        session,
        company_id,
        order_id,
        method=data.payment_method,
        amount_minor=order.grand_total,
        currency=order.currency,
        at=at,
        expires_at=expires_at,
        note=settings.bank_transfer_note,
    )
    assert cart.id is not None, "a locked cart has an id"
    await convert_cart(session, company_id, cart.id, email=details.email, at=at)
    wanted = [ClaimLine(line.variant_id, line.quantity) for line in cart.lines]
    await claim_stock(session, company_id, order_id, wanted, expires_at=expires_at, at=at)
    return Placed(order, payment)


async def _placed_before(session: AsyncSession, owner: Owner, cart_id: UUID | None, email: str) -> Placed:
    """The order of the owner's last cart, told again to whoever holds its token and knows its e-mail."""
    cart = await converted_cart(session, owner, cart_id=cart_id)
    if cart is None:
        raise cart_not_found() if owner.token_hash else refusals.cart_empty()
    order = await order_of_cart(session, owner.company_id, cart.id, cart.generation)
    if order is None or order.status == "cancelled":
        raise refusals.cart_empty()
    if order.email != email:
        raise refusals.already_ordered()
    payments = await payments_of(session, owner.company_id, order.id)
    return Placed(order, payments[-1] if payments else None)
