"""Shipping: the nearest zone's methods, their prices, and what is missing to ship free."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasar.delivery.shipping.rates import (
    Parcel,
    ShippingMethod,
    ShippingRuleError,
    ShippingZone,
    WeightBand,
    applicable_methods,
    parcel_of,
    quote,
    shipping_price,
)
from pasar.finance.taxes.rates import TaxRate, TaxRateError, matching_rates


@dataclass(frozen=True)
class Somewhere:
    country: str
    region: str = ""
    postal_code: str = ""


@dataclass(frozen=True)
class Line:
    quantity: int
    weight_grams: int
    line_total: int
    requires_shipping: bool = True


FLAT = ShippingMethod("flat", "Standard", "flat", "USD", 500, free_from_minor=5000)
PER_ITEM = ShippingMethod("item", "Per piece", "per_item", "USD", 200)
BANDS = (WeightBand(500, 400), WeightBand(2000, 900), WeightBand(10000, 2500))
BY_WEIGHT = ShippingMethod("weight", "By weight", "by_weight", "USD", bands=BANDS, free_from_minor=20000)
ABROAD = ShippingMethod("abroad", "Abroad", "flat", "USD", 4000)
RUPIAH = ShippingMethod("idr", "JNE", "flat", "IDR", 1500000)

HOME = ShippingZone("Home", frozenset({"US", "CA"}), (FLAT, PER_ITEM, BY_WEIGHT))
JAVA = ShippingZone("Java", frozenset({"ID"}), (RUPIAH,), regions=frozenset({"DKI Jakarta", "Jawa Barat"}))
INDONESIA = ShippingZone("Indonesia", frozenset({"ID"}), (FLAT,))
BAY = ShippingZone("Bay", frozenset({"US"}), (PER_ITEM,), postcodes=("94*", "95000-95199"))
HAWAII = ShippingZone("Hawaii", frozenset({"US"}), (ABROAD,), regions=frozenset({"HI"}))
WORLD = ShippingZone("World", frozenset({"*"}), (ABROAD,))
ZONES = (WORLD, HOME, JAVA, INDONESIA, BAY, HAWAII)


@pytest.mark.parametrize(
    ("place", "methods"),
    [
        (Somewhere("US", "NY", "10001"), (FLAT, PER_ITEM, BY_WEIGHT)),
        (Somewhere("us", "ny"), (FLAT, PER_ITEM, BY_WEIGHT)),
        (Somewhere("CA", "ON", "K1A 0B1"), (FLAT, PER_ITEM, BY_WEIGHT)),
        (Somewhere("US", "CA", "94105-1234"), (PER_ITEM,)),
        (Somewhere("US", "CA", "95123"), (PER_ITEM,)),
        (Somewhere("US", "HI", "96801"), (ABROAD,)),
        (Somewhere("ID", "dki jakarta", "12190"), (RUPIAH,)),
        (Somewhere("ID", "Bali", "80361"), (FLAT,)),
        (Somewhere("JP", "東京都", "100-0001"), (ABROAD,)),
    ],
)
def test_the_nearest_zone_alone_offers_its_methods(
    place: Somewhere, methods: tuple[ShippingMethod, ...]
) -> None:
    assert applicable_methods(ZONES, place) == methods
    assert applicable_methods(tuple(reversed(ZONES)), place) == methods


def test_zones_equally_near_offer_their_methods_together() -> None:
    express = ShippingMethod("express", "Express", "flat", "USD", 1500)
    second = ShippingZone("Also home", frozenset({"US"}), (express,))
    assert applicable_methods((HOME, second), Somewhere("US")) == (FLAT, PER_ITEM, BY_WEIGHT, express)


def test_without_a_zone_for_the_place_there_is_no_method() -> None:
    assert applicable_methods((HOME, JAVA), Somewhere("FR")) == ()
    assert applicable_methods((JAVA,), Somewhere("ID")) == ()
    assert applicable_methods((), Somewhere("US")) == ()
    assert quote((HOME,), Somewhere("FR"), Parcel(1000, 1, 100), "USD") == ()


@pytest.mark.parametrize(
    ("method", "subtotal", "items", "grams", "price"),
    [
        (FLAT, 4999, 3, 99999, 500),
        (FLAT, 5000, 3, 99999, 0),
        (PER_ITEM, 99999, 1, 0, 200),
        (PER_ITEM, 99999, 7, 0, 1400),
        (BY_WEIGHT, 100, 1, 0, 400),
        (BY_WEIGHT, 100, 1, 500, 400),
        (BY_WEIGHT, 100, 1, 501, 900),
        (BY_WEIGHT, 100, 1, 2000, 900),
        (BY_WEIGHT, 100, 1, 2001, 2500),
        (BY_WEIGHT, 100, 1, 10000, 2500),
        (BY_WEIGHT, 100, 1, 10001, None),
        (BY_WEIGHT, 19999, 1, 10000, 2500),
        (BY_WEIGHT, 20000, 1, 10000, 0),
        (BY_WEIGHT, 20000, 1, 10001, None),  # too heavy stays too heavy, free or not
    ],
)
def test_the_price_of_a_method(
    method: ShippingMethod, subtotal: int, items: int, grams: int, price: int | None
) -> None:
    assert shipping_price(method, subtotal, items, grams) == price


def test_only_goods_that_travel_count() -> None:
    lines = [Line(2, 300, 4000), Line(1, 50, 1000), Line(5, 900, 90000, requires_shipping=False)]
    assert parcel_of(lines) == Parcel(subtotal_minor=5000, item_count=3, weight_grams=650)
    assert parcel_of([Line(5, 900, 90000, requires_shipping=False)]) is None
    assert parcel_of([]) is None


def test_quotes_are_sorted_and_say_what_is_missing_to_ship_free() -> None:
    quotes = quote(ZONES, Somewhere("US", "NY", "10001"), Parcel(4000, 2, 600), "USD")
    assert [(q.method.method_id, q.price_minor, q.amount_to_free, q.cheapest) for q in quotes] == [
        ("item", 400, None, True),
        ("flat", 500, 1000, False),
        ("weight", 900, 16000, False),
    ]
    free = quote(ZONES, Somewhere("US", "NY", "10001"), Parcel(6000, 2, 600), "USD")
    assert [(q.method.method_id, q.price_minor, q.amount_to_free, q.cheapest) for q in free] == [
        ("flat", 0, 0, True),
        ("item", 400, None, False),
        ("weight", 900, 14000, False),
    ]


def test_quotes_leave_out_methods_too_weak_or_priced_in_other_currencies() -> None:
    heavy = quote((HOME,), Somewhere("US"), Parcel(1000, 1, 20000), "USD")
    assert [q.method for q in heavy] == [PER_ITEM, FLAT]
    assert quote(ZONES, Somewhere("ID", "DKI Jakarta"), Parcel(1000, 1, 1), "USD") == ()
    assert [q.method for q in quote(ZONES, Somewhere("ID", "DKI Jakarta"), Parcel(1, 1, 1), "IDR")] == [
        RUPIAH
    ]


def test_equal_prices_are_sorted_by_name_and_one_is_the_cheapest() -> None:
    second = ShippingMethod("b", "Beta", "flat", "USD", 500)
    first = ShippingMethod("a", "Alpha", "flat", "USD", 500)
    zone = ShippingZone("Z", frozenset({"US"}), (second, first))
    quotes = quote((zone,), Somewhere("US"), Parcel(1, 1, 1), "USD")
    assert [(q.method, q.cheapest) for q in quotes] == [(first, True), (second, False)]


@pytest.mark.parametrize(
    "build",
    [
        lambda: WeightBand(0, 100),
        lambda: WeightBand(100, -1),
        lambda: ShippingMethod("m", "M", "flat", "USD", -1),
        lambda: ShippingMethod("m", "M", "flat", "USD", 1, free_from_minor=-1),
        lambda: ShippingMethod("m", "M", "by_weight", "USD", 1),
        lambda: ShippingMethod("m", "M", "flat", "USD", 1, bands=BANDS),
        lambda: ShippingMethod("m", "M", "by_weight", "USD", bands=(BANDS[1], BANDS[0])),
        lambda: ShippingMethod("m", "M", "by_weight", "USD", bands=(BANDS[0], BANDS[0])),
        lambda: ShippingZone("Z", frozenset(), (FLAT,)),
        lambda: ShippingZone("Z", frozenset({"usa"}), (FLAT,)),
        lambda: ShippingZone("Z", frozenset({"US"}), (FLAT,), postcodes=("*",)),
        lambda: ShippingZone("Z", frozenset({"US"}), (FLAT,), postcodes=("2-1",)),
    ],
)
def test_rules_that_cannot_work_are_refused(build: Callable[[], object]) -> None:
    with pytest.raises(ShippingRuleError):
        build()


@given(st.integers(0, 10**9), st.integers(1, 1000), st.lists(st.integers(0, 30000), min_size=2, max_size=2))
def test_more_weight_is_never_cheaper_under_rising_bands(
    subtotal: int, items: int, weights: list[int]
) -> None:
    light, heavy = (shipping_price(BY_WEIGHT, subtotal, items, grams) for grams in sorted(weights))
    assert heavy is None or (light is not None and light <= heavy)


PATTERN = st.from_regex(
    r"[0-9A-C]{1,3}[ -]?[0-9A-C]{0,3}\*?|[0-9]{1,3}-[0-9]{1,3}|[*?a-]{0,2}", fullmatch=True
)
POSTCODE = st.from_regex(r"[0-9A-C]{0,4}[ -]?[0-9A-C]{0,4}|[0-9]{5}-[0-9]{4}", fullmatch=True)


@given(PATTERN, POSTCODE)
def test_taxes_and_shipping_read_postcode_patterns_alike(pattern: str, postcode: str) -> None:
    """The grammar is written in both modules, which may not import each other; here it cannot drift."""
    place = Somewhere("US", "", postcode)
    try:
        rate = TaxRate("US", "local", 1, postcode=pattern)
    except TaxRateError:
        with pytest.raises(ShippingRuleError):
            ShippingZone("Z", frozenset({"US"}), (FLAT,), postcodes=(pattern,))
        return
    zone = ShippingZone("Z", frozenset({"US"}), (FLAT,), postcodes=(pattern,))
    assert bool(applicable_methods((zone,), place)) == bool(matching_rates((rate,), place))
