"""What does the page of one product show? The chosen variant, the choices that lead to it, and its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from pasar.kernel.i18n import Translator, format_minor
from pasar.shop.catalog.product_facts import Offer, ProductFacts, StockedProduct

__all__ = ["Option", "Stock", "chosen_offer", "offer_for", "options_of", "script_variants", "stock_of"]

Level = Literal["good", "low", "out", "later"]


class Option(NamedTuple):
    """A choice, as `option_picker` takes it: name, values in the order of the variants, the chosen one."""

    name: str
    values: tuple[str, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Stock:
    """What is said of the stock: a level for the eye, a sentence for the mind."""

    level: Level
    text: str


def offer_for(product: StockedProduct, currency: str, wanted: Sequence[str]) -> Offer | None:
    """The variant that has exactly these option values, when it is sold in `currency`."""
    values = tuple(wanted)
    return next((offer for offer in product.offers(currency) if offer.variant.option_values == values), None)


def chosen_offer(
    product: StockedProduct, currency: str, asked: Mapping[str, str]
) -> tuple[Offer | None, tuple[str, ...]]:
    """The variant to show, and the option values that are marked as chosen.

    `asked` is the address's query: `variant` (an id), or `option1` to `option3`. Nothing asked, the first
    that can be bought, else the first. Values that no variant combines give no variant.
    """
    offers = product.offers(currency)
    by_id = next((offer for offer in offers if str(offer.variant.id) == asked.get("variant")), None)
    usual = by_id or next((offer for offer in offers if offer.in_stock), offers[0])
    names = product.facts.option_names
    values = tuple(
        asked.get(f"option{position}") or value
        for position, value in enumerate(usual.variant.option_values[: len(names)], 1)
    )
    if by_id is not None or values == usual.variant.option_values:
        return usual, usual.variant.option_values
    return offer_for(product, currency, values), values


def options_of(product: StockedProduct, currency: str, chosen: Sequence[str]) -> tuple[Option, ...]:
    """The choices of a product with variants; empty where there is nothing to choose."""
    offers = product.offers(currency)
    options = []
    for position, name in enumerate(product.facts.option_names):
        values = dict.fromkeys(
            offer.variant.option_values[position]
            for offer in offers
            if position < len(offer.variant.option_values)
        )
        if values and position < len(chosen):
            options.append(Option(name, tuple(values), chosen[position]))
    return tuple(options)


def stock_of(offer: Offer, low_at: int, words: Translator) -> Stock:
    """How much there is, in words. `low_at` pieces and fewer are few."""
    if offer.available > low_at:
        return Stock("good", words.gettext("In stock, ready to leave the hall"))
    if offer.available > 0:
        return Stock("low", words.ngettext("Only {n} left", "Only {n} left", offer.available))
    if offer.variant.allow_backorder:
        return Stock("later", words.gettext("Made to order: it leaves a little later"))
    return Stock("out", words.gettext("Sold out for now"))


def script_variants(
    product: StockedProduct, currency: str, low_at: int, words: Translator
) -> list[dict[str, object]]:
    """The variants for `product.js`, with every text ready to be shown."""
    variants: list[dict[str, object]] = []
    for offer in product.offers(currency):
        stock = stock_of(offer, low_at, words)
        on_sale = offer.compare_at is not None and offer.compare_at > offer.amount
        variants.append(
            {
                "options": offer.variant.option_values,
                "price": format_minor(offer.amount, currency, words.locale),
                "compareAt": format_minor(offer.compare_at, currency, words.locale)
                if on_sale and offer.compare_at is not None
                else None,
                "stock": stock.text,
                "level": stock.level,
                "picture": _picture_number(product.facts, offer),
            }
        )
    return variants


def _picture_number(facts: ProductFacts, offer: Offer) -> int | None:
    """The place of the variant's own picture in the gallery, from 1."""
    numbers = {picture.id: number for number, picture in enumerate(facts.pictures, 1)}
    return numbers.get(offer.variant.media_id) if offer.variant.media_id else None
