"""Money: parsed strictly, reckoned exactly, split without losing a unit."""

import operator
from collections.abc import Callable

import pytest
from babel.core import get_global
from babel.numbers import get_territory_currencies, list_currencies
from hypothesis import given
from hypothesis import strategies as st

from pasar.kernel.money import (
    BIGINT_MAX,
    CurrencyMismatch,
    Money,
    MoneyError,
    exponent,
    known_currency,
    split_minor,
)

CURRENCIES = st.sampled_from(["JPY", "KRW", "USD", "IDR", "EUR", "KWD", "TND"])
MINOR = st.integers(-BIGINT_MAX, BIGINT_MAX)
WEIGHTS = st.lists(st.integers(0, 10**12), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("129.00", "USD", 12900),
        ("129", "USD", 12900),
        ("129.5", "USD", 12950),
        ("0.01", "EUR", 1),
        ("-0.01", "EUR", -1),
        ("-0", "EUR", 0),
        ("500", "JPY", 500),
        ("-12", "KRW", -12),
        ("129000.00", "IDR", 12900000),
        ("129000", "IDR", 12900000),
        ("1.125", "KWD", 1125),
        ("0.05", "BHD", 50),
        ("92233720368547758.07", "USD", BIGINT_MAX),
        ("9223372036854775807", "JPY", BIGINT_MAX),
    ],
)
def test_decimal_strings_are_read_into_minor_units(text: str, currency: str, minor: int) -> None:
    assert Money.parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("1.005", "USD"),
        ("1.000", "USD"),
        ("500.0", "JPY"),
        ("1.0001", "KWD"),
        ("1e5", "USD"),
        ("1E5", "JPY"),
        ("NaN", "USD"),
        ("Infinity", "USD"),
        ("-inf", "USD"),
        ("+1", "USD"),
        ("--1", "USD"),
        ("1-", "USD"),
        ("", "USD"),
        ("-", "USD"),
        (".5", "USD"),
        ("5.", "USD"),
        (" 5", "USD"),
        ("5\n", "USD"),
        ("1,000.00", "USD"),
        ("1_000", "USD"),
        ("0x10", "USD"),
        ("١٢", "USD"),
        ("１２", "USD"),
        ("92233720368547758.08", "USD"),
        ("-9223372036854775808", "JPY"),
        ("9" * 5000, "JPY"),
        ("1.00", "XXX"),
        ("1.00", "usd"),
        ("1.00", ""),
    ],
)
def test_whatever_is_not_exactly_money_is_refused(text: str, currency: str) -> None:
    with pytest.raises(MoneyError):
        Money.parse(text, currency)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (12900, "USD", "129.00"),
        (5, "USD", "0.05"),
        (-5, "USD", "-0.05"),
        (0, "USD", "0.00"),
        (500, "JPY", "500"),
        (-1, "JPY", "-1"),
        (0, "JPY", "0"),
        (12900000, "IDR", "129000.00"),
        (7, "KWD", "0.007"),
        (-1125, "KWD", "-1.125"),
    ],
)
def test_the_wire_form_shows_all_decimals_of_the_currency(minor: int, currency: str, text: str) -> None:
    assert Money(minor, currency).decimal_string() == text


@given(MINOR, CURRENCIES)
def test_what_is_written_reads_back_the_same(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.parse(money.decimal_string(), currency) == money


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [
        *[(code, 0) for code in ("JPY", "KRW", "VND", "CLP", "XOF")],
        *[(code, 2) for code in ("USD", "EUR", "IDR", "HUF")],
        *[(code, 3) for code in ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND")],
    ],
)
def test_decimals_are_those_of_iso_4217(currency: str, decimals: int) -> None:
    assert exponent(currency) == decimals


def test_every_currency_that_a_country_uses_today_is_known() -> None:
    in_use = {
        code for country in get_global("territory_currencies") for code in get_territory_currencies(country)
    }
    # Withdrawn from ISO 4217 in 2025 and 2026 (the euro in Bulgaria, the XCG in Curaçao), or never in it.
    gone = {"ANG", "BGN", "CUC", "HRK"}
    assert {code for code in in_use if not known_currency(code)} <= gone
    assert len(in_use) > 140


def test_no_currency_is_invented() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    every = (a + b + c for a in letters for b in letters for c in letters)
    known = {code for code in every if known_currency(code)}
    assert known <= list_currencies()
    assert len(known) > 150


@pytest.mark.parametrize("code", ["usd", "US", "", "XXX", "XAU", "BTC", "USD "])
def test_other_codes_are_not_currencies(code: str) -> None:
    assert not known_currency(code)
    with pytest.raises(MoneyError):
        exponent(code)
    with pytest.raises(MoneyError):
        Money(1, code)


@pytest.mark.parametrize("minor", [1.0, True, "1", None])
def test_minor_units_are_whole_numbers(minor: object) -> None:
    with pytest.raises(MoneyError):
        Money(minor, "USD")  # type: ignore[arg-type] # the refusal is what is tested


def test_sums_stay_within_one_currency() -> None:
    assert Money(150, "USD") + Money(-50, "USD") == Money(100, "USD")
    assert Money(150, "USD") - Money(250, "USD") == Money(-100, "USD")
    assert -Money(150, "USD") == Money(-150, "USD")
    assert Money(150, "USD") * 3 == 3 * Money(150, "USD") == Money(450, "USD")
    assert Money.zero("JPY") == Money(0, "JPY")
    assert not Money.zero("JPY")
    assert Money(1, "JPY")


@pytest.mark.parametrize(
    "combine", [operator.add, operator.sub, operator.lt, operator.le, operator.gt, operator.ge]
)
def test_two_currencies_never_meet(combine: Callable[[Money, Money], object]) -> None:
    with pytest.raises(CurrencyMismatch):
        combine(Money(1, "USD"), Money(1, "EUR"))


def test_equality_of_two_currencies_is_false_rather_than_an_error() -> None:
    assert Money(1, "USD") != Money(1, "EUR")
    assert len({Money(1, "USD"), Money(1, "EUR"), Money(1, "USD")}) == 2


def test_order_within_a_currency() -> None:
    low, high = Money(-1, "USD"), Money(2, "USD")
    assert low < high
    assert low <= high
    assert high > low
    assert high >= Money(2, "USD")
    assert not low > high
    assert max(low, high) == high


@pytest.mark.parametrize("factor", [1.5, True, "2"])
def test_only_whole_numbers_multiply(factor: object) -> None:
    with pytest.raises(TypeError):
        Money(100, "USD") * factor  # type: ignore[operator] # the refusal is what is tested


@pytest.mark.parametrize(
    "overflow", [lambda m: m + Money(1, "JPY"), lambda m: m * 2, lambda m: -m - Money(1, "JPY")]
)
def test_amounts_fit_a_bigint(overflow: Callable[[Money], Money]) -> None:
    with pytest.raises(MoneyError):
        overflow(Money(BIGINT_MAX, "JPY"))


@pytest.mark.parametrize(
    ("minor", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (5, [3, 1, 1], [3, 1, 1]),
        (10, [1, 2, 4], [1, 3, 6]),  # 1.43, 2.86, 5.71: the two largest remainders round up
        (1, [1, 1], [1, 0]),
        (100, [0, 1, 0], [0, 100, 0]),
        (100, [0, 0, 0], [34, 33, 33]),
        (0, [5, 7], [0, 0]),
        (7, [9], [7]),
    ],
)
def test_splits_by_largest_remainder(minor: int, weights: list[int], parts: list[int]) -> None:
    assert split_minor(minor, weights) == parts
    assert Money(minor, "USD").split(weights) == [Money(part, "USD") for part in parts]


@given(MINOR, WEIGHTS, CURRENCIES)
def test_the_parts_sum_to_the_whole(minor: int, weights: list[int], currency: str) -> None:
    parts = Money(minor, currency).split(weights)
    assert sum(part.minor for part in parts) == minor
    assert {part.currency for part in parts} == {currency}


@given(MINOR, WEIGHTS)
def test_each_part_is_less_than_a_unit_from_its_share(minor: int, weights: list[int]) -> None:
    total = sum(weights) or len(weights)
    shares = weights if sum(weights) else [1] * len(weights)
    for part, weight in zip(split_minor(minor, weights), shares, strict=True):
        assert abs(part * total - minor * weight) < total
        assert part * minor >= 0


@given(MINOR, WEIGHTS)
def test_a_refund_splits_as_the_mirror_of_the_charge(minor: int, weights: list[int]) -> None:
    assert split_minor(-minor, weights) == [-part for part in split_minor(minor, weights)]


@pytest.mark.parametrize("weights", [[], [-1, 2], [1, -1]])
def test_a_split_needs_weights_that_are_not_negative(weights: list[int]) -> None:
    with pytest.raises(MoneyError):
        Money(100, "USD").split(weights)
