"""What does the cart's page show of its lines? Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from pasar.kernel.errors import Problem
from pasar.kernel.i18n import Translator
from pasar.shop.carts.queries import CartFacts, LineFacts, LinePicture
from pasar.web.pictures import Picture, PictureSize

__all__ = ["CartPageLine", "cart_page_lines", "refusal_words"]


@dataclass(frozen=True, slots=True)
class CartPageLine:
    """A line as `cart_line` and `summary_line` take it. Amounts in minor units; None when not for sale.

    `available` bounds the quantity, None where more may be back-ordered.
    """

    id: UUID
    title: str
    path: str
    variant: str
    quantity: int
    unit_price: int | None
    total: int | None
    currency: str
    picture: Picture | None
    available: int | None
    problem: str


def cart_page_lines(
    cart: CartFacts, words: Translator, media_base: str, errors: Mapping[UUID, str] | None = None
) -> list[CartPageLine]:
    """The cart's lines in order. `errors` are what was wrong with the change just tried, by line."""
    said = errors or {}
    return [_line(line, cart.currency, words, media_base, said.get(line.id, "")) for line in cart.lines]


def _line(line: LineFacts, currency: str, words: Translator, media_base: str, error: str) -> CartPageLine:
    fields = [f"{name}: {value}" for name, value in (line.custom_fields or {}).items()]
    return CartPageLine(
        id=line.id,
        title=line.title,
        path=f"/products/{line.handle}?variant={line.variant_id}" if line.handle else "/products",
        variant=" · ".join([part for part in (line.variant_title, *fields) if part]),
        quantity=line.quantity,
        unit_price=line.amount,
        total=None if line.amount is None else line.amount * line.quantity,
        currency=currency,
        picture=_picture(line.picture, media_base),
        available=None if line.allow_backorder else max(0, line.available),
        problem=error or _standing_problem(line, words),
    )


def _standing_problem(line: LineFacts, words: Translator) -> str:
    """What keeps the line from being ordered as it is; empty when nothing does."""
    if line.amount is None:
        return words.gettext("No longer for sale. Take it out to go on.")
    if line.enough:
        return ""
    if line.available <= 0:
        return words.gettext("Sold out meanwhile. Take it out to go on.")
    return words.ngettext(
        "Only {n} left. Lower the quantity to go on.",
        "Only {n} left. Lower the quantity to go on.",
        line.available,
    )


def refusal_words(problem: Problem, words: Translator) -> str:
    """A refusal of a cart by its code, in the page's language. The API's own words are English."""
    extra = problem.extra
    match problem.code:
        case "out_of_stock" if extra.get("available", 0) > 0:
            left = int(extra["available"])
            return words.ngettext("Only {n} left. Choose fewer.", "Only {n} left. Choose fewer.", left)
        case "out_of_stock":
            return words.gettext("This is sold out at the moment.")
        case "quantity_above_limit":
            most = int(extra.get("max", 0))
            return words.ngettext("At most {n} of one thing.", "At most {n} of one thing.", most)
        case "quantity_not_positive":
            return words.gettext("Write a whole number.")
        case "not_for_sale":
            return words.gettext("No longer for sale. Take it out to go on.")
        case _:
            return problem.detail


def _picture(picture: LinePicture | None, media_base: str) -> Picture | None:
    if picture is None:
        return None
    start = f"{media_base}/media/{picture.content_hash}-"
    sizes = [PictureSize(width, f"{start}{width}.webp", f"{start}{width}.jpg") for width in picture.widths]
    return Picture(picture.alt, picture.width, picture.height, picture.colour, tuple(sizes))
