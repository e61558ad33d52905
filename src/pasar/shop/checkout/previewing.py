"""What would this order cost, and what is still wrong with it? Of what was said, the e-mail is kept."""

from __future__ import annotations

from dataclasses import dataclass

from pasar.finance.payments.public import MethodFacts, payment_methods
from pasar.kernel.errors import FieldProblem
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context, sold_currency
from pasar.people.users.public import EmailError, known_country, normalise_email
from pasar.shop.carts.public import CartFacts, Owner, cart_not_found, note_email, read_cart
from pasar.shop.checkout import refusals
from pasar.shop.checkout.details import address_of
from pasar.shop.checkout.reckoning import Reckoning, reckon
from pasar.shop.checkout.schemas import PreviewInput
from pasar.shop.checkout.terms import tariff_of

__all__ = ["Preview", "preview_order"]


@dataclass(frozen=True, slots=True)
class Preview:
    """The cart as reckoned with what is known so far, the ways to pay, and errors by field."""

    cart: CartFacts
    reckoning: Reckoning
    ways_to_pay: tuple[MethodFacts, ...]
    errors: tuple[FieldProblem, ...]


async def preview_order(runtime: Runtime, context: Context, owner: Owner, data: PreviewInput) -> Preview:
    """Reckon the owner's cart. Without an address whose country is known, neither tax nor shipping is.

    Raises `NotFound` `cart_not_found`, `Unprocessable` `currency_not_sold`.
    """
    cart = await read_cart(runtime.database, owner, currency=context.site.currency, at=runtime.clock.now())
    if cart is None:
        raise cart_not_found()
    sold_currency(context.site, cart.currency)
    errors: list[FieldProblem] = []
    reckoning = Reckoning(cart.totals(), needs_shipping=False, quotes=(), chosen=None)
    if data.email is not None:
        errors.extend(await _keep_email(runtime, owner, data.email))
    if data.shipping_address is not None:
        address, found = address_of("shippingAddress", data.shipping_address)
        errors.extend(found)
        if known_country(address.country):
            tariff = await tariff_of(runtime.database, context.site)
            reckoning = reckon(tariff, cart, address, data.shipping_method_id)
            if reckoning.needs_shipping and reckoning.chosen is None:
                errors.extend(refusals.no_shipping(offered=bool(reckoning.quotes)).errors)
    if data.billing_address is not None:
        errors.extend(address_of("billingAddress", data.billing_address)[1])
    ways = payment_methods(cart.currency)
    names = [method.name for method in ways]
    if data.payment_method is not None and data.payment_method not in names:
        errors.extend(refusals.payment_unknown(names).errors)
    return Preview(cart, reckoning, ways, (*_cart_errors(cart), *errors))


async def _keep_email(runtime: Runtime, owner: Owner, email: str) -> list[FieldProblem]:
    """Save the cart's e-mail when it is one (decisions: at the first checkout step), else what is wrong."""
    try:
        kept = normalise_email(email)
    except EmailError as problem:
        return [FieldProblem("email", "invalid", str(problem))]
    await note_email(runtime.database, owner, kept, at=runtime.clock.now())
    return []


def _cart_errors(cart: CartFacts) -> list[FieldProblem]:
    if not cart.lines:
        return [FieldProblem("cart", "cart_empty", "The cart is empty. Add something first.")]
    errors = []
    for line in cart.lines:
        if line.amount is None:
            errors.append(
                FieldProblem(f"items.{line.id}", "not_for_sale", f"{line.title}: no longer for sale.")
            )
        elif not line.enough:
            left = max(0, line.available)
            errors.append(
                FieldProblem(f"items.{line.id}", "out_of_stock", f"{line.title}: only {left} left.")
            )
    return errors
