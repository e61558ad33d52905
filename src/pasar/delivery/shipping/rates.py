"""Which shipping methods does a place have, and what do they cost? Minor units, pieces and grams.

A zone matches a place when the country is among its countries ("*" is the rest of the world) and, where the
zone names regions or postcodes, one of each matches too. The most specific matching zones alone offer their
methods: postcodes before regions before countries before "*". So a shop that carves "Java" out of "Indonesia"
replaces the methods there instead of adding to them.

A method costs the same for every order (flat), by piece (per_item) or by the weight band that the order falls
in (by_weight); from a subtotal of `free_from_minor` on it is free. Only goods that require shipping count, in
pieces, weight and subtotal alike.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from pasar.kernel.places import Place, PostcodePatternError, check_pattern, codes_covered

__all__ = [
    "Parcel",
    "Place",
    "ShippableLine",
    "ShippingMethod",
    "ShippingQuote",
    "ShippingRuleError",
    "ShippingZone",
    "WeightBand",
    "applicable_methods",
    "parcel_of",
    "quote",
    "shipping_price",
]

REST_OF_WORLD: Final = "*"

_COUNTRY: Final = re.compile(r"[A-Z]{2}|\*", re.ASCII)


class ShippingRuleError(ValueError):
    """A zone or method that cannot work; the message says which part of it is wrong."""


class ShippableLine(Protocol):
    """What shipping asks of a line: pieces, grams of one piece, minor units of the line after discount."""

    @property
    def quantity(self) -> int: ...
    @property
    def weight_grams(self) -> int: ...
    @property
    def line_total(self) -> int: ...
    @property
    def requires_shipping(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class WeightBand:
    """The price in minor units of an order of at most `up_to_grams`."""

    up_to_grams: int
    price_minor: int

    def __post_init__(self) -> None:
        if self.up_to_grams < 1:
            raise ShippingRuleError("a weight band reaches at least one gram")
        if self.price_minor < 0:
            raise ShippingRuleError("the price is negative")


@dataclass(frozen=True, slots=True)
class ShippingMethod:
    """One way to send, priced in one currency. `price_minor` is the order's (flat) or a piece's (per_item).

    `delivery_days` is what people are told ("2-4"), and decides nothing.
    Raises ShippingRuleError for negative prices, and unless exactly the method by weight has bands, which
    rise in weight.
    """

    method_id: str
    name: str
    kind: Literal["flat", "per_item", "by_weight"]
    currency: str
    price_minor: int = 0
    bands: tuple[WeightBand, ...] = ()
    free_from_minor: int | None = None
    delivery_days: str = ""

    def __post_init__(self) -> None:
        if self.price_minor < 0:
            raise ShippingRuleError("the price is negative")
        if self.free_from_minor is not None and self.free_from_minor < 0:
            raise ShippingRuleError("the subtotal that ships free is negative")
        if (self.kind == "by_weight") != bool(self.bands):
            raise ShippingRuleError("a method by weight, and only that, has weight bands")
        reaches = [band.up_to_grams for band in self.bands]
        if reaches != sorted(set(reaches)):
            raise ShippingRuleError("each weight band reaches further than the one before")


@dataclass(frozen=True, slots=True)
class ShippingZone:
    """A part of the world and its methods. Empty `regions` or `postcodes` do not narrow the countries.

    Postcodes are exact ("94105"), prefixes ("94*") or ranges of equally long numbers ("12000-12999").
    Raises ShippingRuleError without countries, for one that is neither two capitals nor "*", and for a
    postcode pattern of none of the three kinds.
    """

    name: str
    countries: frozenset[str]
    methods: tuple[ShippingMethod, ...]
    regions: frozenset[str] = frozenset()
    postcodes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.countries:
            raise ShippingRuleError("a zone has at least one country")
        if not all(_COUNTRY.fullmatch(country) for country in self.countries):
            raise ShippingRuleError('a country is two capital letters, or "*" for the rest of the world')
        for pattern in self.postcodes:
            try:
                check_pattern(pattern)
            except PostcodePatternError as problem:
                raise ShippingRuleError(str(problem)) from None


@dataclass(frozen=True, slots=True)
class Parcel:
    """The goods of an order that travel: their subtotal in minor units, pieces, and weight in grams."""

    subtotal_minor: int
    item_count: int
    weight_grams: int


@dataclass(frozen=True, slots=True)
class ShippingQuote:
    """What a method costs for a parcel. `amount_to_free` is what the subtotal lacks: 0 free, None never."""

    method: ShippingMethod
    price_minor: int
    amount_to_free: int | None
    cheapest: bool


def applicable_methods(zones: Iterable[ShippingZone], place: Place) -> tuple[ShippingMethod, ...]:
    """The methods of the most specific zones that hold `place`, in the order given; empty when none does."""
    closest = -1
    methods: list[ShippingMethod] = []
    for zone in zones:
        rank = _specificity(zone, place)
        if rank is None or rank < closest:
            continue
        if rank > closest:
            closest, methods = rank, []
        methods.extend(zone.methods)
    return tuple(methods)


def shipping_price(
    method: ShippingMethod, subtotal_minor: int, item_count: int, weight_grams: int
) -> int | None:
    """The price in minor units, or None when the weight is above the method's last band.

    The band comes before the gift: an order too heavy for a method is not carried by it for nothing either.
    """
    price = method.price_minor
    if method.kind == "per_item":
        price = method.price_minor * item_count
    elif method.kind == "by_weight":
        fitting = next((band for band in method.bands if weight_grams <= band.up_to_grams), None)
        if fitting is None:
            return None
        price = fitting.price_minor
    if method.free_from_minor is not None and subtotal_minor >= method.free_from_minor:
        return 0
    return price


def parcel_of(lines: Iterable[ShippableLine]) -> Parcel | None:
    """The goods among `lines` that require shipping, added up; None when nothing travels."""
    subtotal = count = weight = 0
    for line in lines:
        if line.requires_shipping:
            subtotal += line.line_total
            count += line.quantity
            weight += line.weight_grams * line.quantity
    return Parcel(subtotal, count, weight) if count else None


def quote(
    zones: Sequence[ShippingZone], place: Place, parcel: Parcel, currency: str
) -> tuple[ShippingQuote, ...]:
    """What each method for `place` priced in `currency` costs for `parcel`, cheapest first, then by name.

    Methods that cannot carry the weight are left out. Empty means that the shop does not deliver there:
    an order that needs no shipping has no parcel and is never quoted.
    """
    priced: list[tuple[int, ShippingMethod]] = []
    for method in applicable_methods(zones, place):
        if method.currency != currency:
            continue
        price = shipping_price(method, parcel.subtotal_minor, parcel.item_count, parcel.weight_grams)
        if price is not None:
            priced.append((price, method))
    priced.sort(key=lambda pair: (pair[0], pair[1].name, pair[1].method_id))
    return tuple(
        ShippingQuote(method, price, _amount_to_free(method, parcel), cheapest=position == 0)
        for position, (price, method) in enumerate(priced)
    )


def _amount_to_free(method: ShippingMethod, parcel: Parcel) -> int | None:
    if method.free_from_minor is None:
        return None
    return max(0, method.free_from_minor - parcel.subtotal_minor)


def _specificity(zone: ShippingZone, place: Place) -> int | None:
    """3 by postcode, 2 by region, 1 by country, 0 as the rest of the world; None outside the zone."""
    named = place.country.upper() in zone.countries
    if not named and REST_OF_WORLD not in zone.countries:
        return None
    if zone.regions:
        region = place.region.strip().casefold()
        if region not in {name.strip().casefold() for name in zone.regions}:
            return None
    if zone.postcodes:
        return 3 if any(codes_covered(p, place.postal_code) is not None for p in zone.postcodes) else None
    if zone.regions:
        return 2
    return int(named)
