"""How is a checkout refused? A stable code, the field where there is one, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from pasar.kernel.errors import Conflict, FieldProblem, Problem, Unauthorised, Unprocessable
from pasar.kernel.http.switching import switched_on
from pasar.kernel.money import Money
from pasar.kernel.tenancy import Context
from pasar.shop.carts.public import LineFacts

__all__ = [
    "already_ordered",
    "cart_empty",
    "details_wrong",
    "no_shipping",
    "not_for_sale",
    "payment_unknown",
    "refuse_guests",
    "total_changed",
]


def refuse_guests(context: Context) -> None:
    """Raise `Unauthorised` (`sign_in_required`) for a guest where the site's `guestCheckout` is off."""
    if context.caller.customer_id is None and not switched_on(context.site, "guestCheckout"):
        raise Unauthorised("sign_in_required", "This shop sells to customers with an account. Sign in first.")


def cart_empty() -> Problem:
    """Nothing to order."""
    return Unprocessable("cart_empty", "The cart is empty. Add something first.")


def already_ordered() -> Problem:
    """The cart became an order under another e-mail."""
    return Conflict("already_ordered", "This cart has been ordered already. Open a new one.")


def details_wrong(errors: Sequence[FieldProblem]) -> Problem:
    """E-mail or addresses."""
    return Unprocessable("details_invalid", "Please correct the fields named below.", errors=errors)


def not_for_sale(lines: Sequence[LineFacts]) -> Problem:
    """Lines whose goods are no longer for sale, named."""
    names = ", ".join(f"“{line.title}”" for line in lines)
    return Conflict(
        "not_for_sale",
        f"No longer for sale: {names}. Take it out of the cart.",
        lines=[
            {"itemId": str(line.id), "variantId": str(line.variant_id), "title": line.title} for line in lines
        ],
    )


def no_shipping(*, offered: bool) -> Problem:
    """`offered`: other methods do go there."""
    if offered:
        field = FieldProblem("shippingMethodId", "not_offered", "This method does not go to this address.")
        return Unprocessable("no_shipping", "Choose another shipping method.", errors=[field])
    field = FieldProblem("shippingAddress.country", "no_shipping", "We do not deliver to this address.")
    return Unprocessable("no_shipping", "We do not deliver to this address.", errors=[field])


def payment_unknown(names: Sequence[str]) -> Problem:
    """`names` are the methods on offer."""
    field = FieldProblem("paymentMethod", "unknown", f"One of: {', '.join(names)}.")
    return Unprocessable("payment_method_unknown", "Choose one of the ways to pay on offer.", errors=[field])


def total_changed(minor: int, currency: str) -> Problem:
    """The buyer saw another total."""
    total = Money(minor, currency).decimal_string()
    return Conflict(
        "price_changed",
        f"The total is now {currency} {total}. Show it, then order again.",
        total=total,
        currency=currency,
    )
