"""How is a cart's refusal told? A stable code, and a sentence that says what to do next."""

from __future__ import annotations

from typing import Any

from pasar.kernel.errors import Conflict, NotFound, Problem, Unprocessable
from pasar.kernel.money import Money
from pasar.shop.carts.limits import LimitRefusal

__all__ = [
    "cart_not_found",
    "limit_refused",
    "line_not_found",
    "not_for_sale",
    "out_of_stock",
    "price_changed",
    "product_not_found",
    "variant_required",
]


def cart_not_found() -> Problem:
    """Unknown, foreign and over are one answer: which of them is never said."""
    return NotFound(
        "cart_not_found", "There is no such cart, or not for this token. Open one: POST /api/public/cart"
    )


def line_not_found() -> Problem:
    """The cart has no such line."""
    return NotFound("line_not_found", "The cart has no such line. Read the cart again.")


def product_not_found() -> Problem:
    """Unknown, or not shown to shoppers."""
    return NotFound("product_not_found", "There is no such product for sale here.")


def not_for_sale(title: str = "") -> Problem:
    """The variant is inactive, unknown, or has no price in the cart's currency."""
    named = f"“{title}”" if title else "This variant"
    return Unprocessable("not_for_sale", f"{named} is not for sale in this currency. Choose another variant.")


def variant_required() -> Problem:
    """The product has several variants."""
    return Unprocessable("variant_required", "This product has several variants. Say which one by variantId.")


def out_of_stock(available: int, in_cart: int) -> Problem:
    """`available` is what the shop has in all, `in_cart` what the cart already holds of it."""
    left = max(0, available)
    detail = f"Only {left} left. Choose a smaller quantity." if left else "This is sold out at the moment."
    return Conflict("out_of_stock", detail, available=left, inCart=in_cart)


def price_changed(minor: int, currency: str) -> Problem:
    """The client saw another price than the server's."""
    price = Money(minor, currency).decimal_string()
    return Conflict(
        "price_changed",
        f"The price is now {currency} {price}. Show it, and send it as expectedUnitPrice.",
        unitPrice=price,
        currency=currency,
    )


def limit_refused(refusal: LimitRefusal) -> Problem:
    """By `limits`: the code is its own."""
    sentences = {
        "quantity_not_positive": "Ask for at least one piece.",
        "quantity_above_limit": "A cart holds at most {max} pieces of one variant.",
        "too_many_lines": "A cart holds at most {max} lines. Order these first.",
    }
    figures: dict[str, Any] = dict(refusal.args)
    return Unprocessable(refusal.code, sentences[refusal.code].format(**figures), **figures)
