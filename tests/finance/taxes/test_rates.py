"""Tax: the most specific rate wins, and the taxes of lines add up under both roundings."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasar.finance.taxes.public import (
    Rounding,
    TaxRate,
    TaxRateError,
    matching_rates,
    tax_lines,
    tax_of,
)


@dataclass(frozen=True)
class Somewhere:
    country: str
    region: str = ""
    postal_code: str = ""


US = TaxRate("US", "federal", 10000)
CALIFORNIA = TaxRate("US", "California", 72500, region="CA")
SAN_FRANCISCO = TaxRate("US", "San Francisco", 86250, region="CA", postcode="941*")
BAY = TaxRate("US", "Bay", 80000, region="CA", postcode="94*")
RANGE = TaxRate("US", "Range", 81000, region="CA", postcode="94000-94499")
ONE_CODE = TaxRate("US", "One code", 90000, region="CA", postcode="94105")
GERMANY = TaxRate("DE", "USt", 190000)
AMERICAN = (US, CALIFORNIA, SAN_FRANCISCO, BAY, RANGE, ONE_CODE)


@pytest.mark.parametrize(
    ("place", "winner"),
    [
        (Somewhere("US"), US),
        (Somewhere("US", "NY", "10001"), US),
        (Somewhere("us", "ca"), CALIFORNIA),
        (Somewhere("US", "CA", "90001"), CALIFORNIA),
        (Somewhere("US", "CA", "94999"), BAY),
        (Somewhere("US", "CA", "94301"), RANGE),
        (Somewhere("US", "CA", "94110"), SAN_FRANCISCO),
        (Somewhere("US", "CA", "94105"), ONE_CODE),
        (Somewhere("US", "CA", "94105-1234"), ONE_CODE),
        (Somewhere("US", "CA", " 94105 1234 "), ONE_CODE),
        (Somewhere("US", "NV", "94105"), US),
        (Somewhere("DE", "", "10115"), GERMANY),
    ],
)
def test_the_most_specific_rate_wins(place: Somewhere, winner: TaxRate) -> None:
    assert matching_rates((*AMERICAN, GERMANY), place) == (winner,)
    assert matching_rates((GERMANY, *reversed(AMERICAN)), place) == (winner,)


def test_none_configured_means_none_charged() -> None:
    assert matching_rates((), Somewhere("US", "CA", "94105")) == ()
    assert matching_rates(AMERICAN, Somewhere("FR", "CA", "94105")) == ()
    assert tax_lines([1000, 500], (), included=False).total == 0
    assert tax_lines([1000, 500], (), included=True).lines == ((), ())


def test_a_postcode_pattern_beats_a_region_and_an_exact_one_a_prefix_of_the_same_code() -> None:
    everywhere = TaxRate("US", "prefix of all five digits", 1, region="CA", postcode="94105*")
    exact = TaxRate("US", "exact", 2, postcode="94105")
    assert matching_rates((everywhere, exact, CALIFORNIA), Somewhere("US", "CA", "94105")) == (exact,)


def test_of_two_equal_patterns_the_one_within_a_region_wins() -> None:
    anywhere = TaxRate("US", "a", 1, postcode="941*")
    within = TaxRate("US", "b", 2, region="CA", postcode="941*")
    assert matching_rates((anywhere, within), Somewhere("US", "CA", "94110")) == (within,)
    assert matching_rates((within, anywhere), Somewhere("US", "CA", "94110")) == (within,)


def test_classes_are_kept_apart() -> None:
    books = TaxRate("DE", "USt ermäßigt", 70000, tax_class="reduced")
    assert matching_rates((GERMANY, books), Somewhere("DE")) == (GERMANY,)
    assert matching_rates((GERMANY, books), Somewhere("DE"), "reduced") == (books,)


def test_priorities_are_charged_side_by_side_in_their_order() -> None:
    state = TaxRate("US", "NY State", 40000, region="NY", priority=1)
    city = TaxRate("US", "NY City", 48750, region="NY", postcode="100*", priority=2)
    assert matching_rates((city, US, state), Somewhere("US", "NY", "10001")) == (state, city)
    assert matching_rates((city, US, state), Somewhere("US", "NY", "14201")) == (state,)


def test_two_equal_rates_are_settled_by_name_whatever_the_order_of_rows() -> None:
    rates = (TaxRate("DE", "b", 1), TaxRate("DE", "a", 2), TaxRate("DE", "a", 3))
    for order in permutations(rates):
        assert matching_rates(order, Somewhere("DE")) == (TaxRate("DE", "a", 2),)


@pytest.mark.parametrize(
    ("country", "pattern", "inside", "outside"),
    [
        (
            "US",
            "12000-12999",
            ["12000", "12500", "12999", "12999-0001"],
            ["11999", "13000", "1250", "125000"],
        ),
        ("GB", "SW1A*", ["SW1A 2AA", "sw1a2aa"], ["SW1 2AA", "W1A 2AA", ""]),
        ("GB", "SW1A 2AA", ["SW1A2AA", "sw1a 2aa"], ["SW1A 2AB"]),
        ("JP", "100-0001", ["100-0001", "1000001"], ["100-0002", "100"]),
        ("JP", "150*", ["150-0002"], ["151-0002"]),
        ("PL", "00-950", ["00-950", "00950"], ["00-951"]),
        ("ID", "12190", ["12190"], ["12191", ""]),
    ],
)
def test_postcode_patterns(country: str, pattern: str, inside: list[str], outside: list[str]) -> None:
    rate = TaxRate(country, "local", 50000, postcode=pattern)
    for code in inside:
        assert matching_rates((rate,), Somewhere(country, "", code)) == (rate,), code
    for code in outside:
        assert matching_rates((rate,), Somewhere(country, "", code)) == (), code


@pytest.mark.parametrize(
    "build",
    [
        lambda: TaxRate("usa", "x", 1),
        lambda: TaxRate("us", "x", 1),
        lambda: TaxRate("*", "x", 1),
        lambda: TaxRate("US", "x", -1),
        lambda: TaxRate("US", "x", 1_000_001),
        lambda: TaxRate("US", "x", 0.1),  # type: ignore[arg-type] # floats are what is refused
        lambda: TaxRate("US", "x", 1, region=" "),
        lambda: TaxRate("US", "x", 1, postcode=""),
        lambda: TaxRate("US", "x", 1, postcode="*"),
        lambda: TaxRate("US", "x", 1, postcode="9*4"),
        lambda: TaxRate("US", "x", 1, postcode="94?"),
        lambda: TaxRate("US", "x", 1, postcode="12999-12000"),
    ],
)
def test_rates_that_cannot_be_charged_are_refused(build: Callable[[], TaxRate]) -> None:
    with pytest.raises(TaxRateError):
        build()


@pytest.mark.parametrize(
    ("case", "amount", "rate_ppm", "included", "tax"),
    [
        ("US, New York 8.875 % on 100.00: 8.875", 10000, 88750, False, 888),
        ("US, New York on 19.99: 1.7741", 1999, 88750, False, 177),
        ("US, Oregon charges none", 10000, 0, False, 0),
        ("DE, 19 % in 119.00", 11900, 190000, True, 1900),
        ("DE, 19 % in 9.99: 1.5950", 999, 190000, True, 160),
        ("DE, 7 % in 10.70", 1070, 70000, True, 70),
        ("DE, 19 % in 0.01", 1, 190000, True, 0),
        ("ID, PPN 11 % on Rp 129.000", 12900000, 110000, False, 1419000),
        ("ID, PPN 11 % in Rp 111.000", 11100000, 110000, True, 1100000),
        ("ID, PPN 12 % on Rp 99.999", 9999900, 120000, False, 1199988),
        ("JP, 10 % in ¥1100", 1100, 100000, True, 100),
        ("JP, 8 % in ¥108", 108, 80000, True, 8),
        ("JP, 10 % in ¥500: 45.45", 500, 100000, True, 45),
        ("JP, 10 % on ¥1235: 123.5", 1235, 100000, False, 124),
        ("JP, 8 % on ¥105: 8.4", 105, 80000, False, 8),
        ("a refund of ¥1235 takes back what was charged", -1235, 100000, False, -124),
        ("a refund in New York", -10000, 88750, False, -888),
        ("a refund of 9.99 in Germany", -999, 190000, True, -160),
        ("nothing", 0, 190000, True, 0),
    ],
)
def test_tax_of_an_amount(case: str, amount: int, rate_ppm: int, included: bool, tax: int) -> None:
    assert tax_of(amount, rate_ppm, included) == tax, case


NY = (TaxRate("US", "NY", 88750),)
DE = (TaxRate("DE", "USt", 190000),)
ID = (TaxRate("ID", "PPN", 110000),)
JP = (TaxRate("JP", "消費税", 100000),)


@pytest.mark.parametrize(
    ("rates", "amounts", "included", "rounding", "lines", "total"),
    [
        (NY, [99, 99, 99], False, "line", [9, 9, 9], 27),
        (NY, [99, 99, 99], False, "order", [9, 9, 8], 26),  # 297 × 8.875 % = 26.36
        (NY, [-99, -99, -99], False, "order", [-9, -9, -8], -26),
        (DE, [999, 999, 999], True, "line", [160, 160, 160], 480),
        (DE, [999, 999, 999], True, "order", [160, 160, 159], 479),  # 2997 × 19 / 119 = 478.51
        (DE, [11900, 0, 1190], True, "order", [1900, 0, 190], 2090),
        (ID, [12900050, 4550], False, "line", [1419006, 501], 1419507),  # 1419005.5 and 500.5
        (ID, [12900050, 4550], False, "order", [1419006, 500], 1419506),
        (JP, [105, 115, 125], False, "line", [11, 12, 13], 36),
        (JP, [105, 115, 125], False, "order", [11, 12, 12], 35),  # 345 × 10 % = 34.5
        (JP, [100, 200, 300], True, "line", [9, 18, 27], 54),
        (JP, [100, 200, 300], True, "order", [9, 18, 28], 55),  # 600 × 10 / 110 = 54.55
        (JP, [], False, "line", [], 0),
        (JP, [], True, "order", [], 0),
    ],
)
def test_tax_by_line_and_by_order(
    rates: tuple[TaxRate, ...],
    amounts: list[int],
    included: bool,
    rounding: Rounding,
    lines: list[int],
    total: int,
) -> None:
    taxed = tax_lines(amounts, rates, included, rounding)
    assert [sum(line) for line in taxed.lines] == lines
    assert taxed.total == total
    assert taxed.by_rate == (total,)


def test_two_authorities_round_each_for_itself() -> None:
    """British Columbia: GST 5 % and PST 7 % on 1.30 are 0.065 and 0.091."""
    rates = (TaxRate("CA", "GST", 50000), TaxRate("CA", "PST", 70000, region="BC", priority=2))
    taxed = tax_lines([130, 130], rates, included=False)
    assert taxed.lines == ((7, 9), (7, 9))
    assert taxed.by_rate == (14, 18)
    assert taxed.total == 32


def test_a_compound_tax_is_charged_on_the_taxes_before_it() -> None:
    """Québec before 2013: GST 5 %, then QST 9.975 % on price and GST together."""
    gst = TaxRate("CA", "GST", 50000)
    beside = TaxRate("CA", "QST", 99750, region="QC", priority=2)
    on_top = TaxRate("CA", "QST", 99750, region="QC", priority=2, compound=True)
    assert tax_lines([10000], (gst, beside), included=False).lines == ((500, 998),)
    assert tax_lines([10000], (gst, on_top), included=False).lines == ((500, 1047),)
    assert tax_lines([11547], (gst, on_top), included=True).lines == ((500, 1047),)
    assert tax_lines([10000], (gst, on_top), included=False, rounding="order").lines == ((500, 1047),)


AMOUNTS = st.lists(st.integers(-(10**13), 10**13), max_size=20)
RATES = st.lists(
    st.builds(
        TaxRate,
        country=st.just("US"),
        name=st.sampled_from(["state", "county", "city"]),
        rate_ppm=st.integers(0, 1_000_000),
        compound=st.booleans(),
    ),
    max_size=4,
).map(tuple)
ROUNDINGS = st.sampled_from(["line", "order"])


@given(st.integers(0, 10**15), st.integers(0, 1_000_000))
def test_net_and_included_tax_are_the_gross_to_the_unit(gross: int, rate_ppm: int) -> None:
    net = gross - tax_of(gross, rate_ppm, included=True)
    assert abs(Fraction(gross * 1_000_000, 1_000_000 + rate_ppm) - net) <= Fraction(1, 2)
    assert abs(net + tax_of(net, rate_ppm, included=False) - gross) <= 1


@given(st.integers(-(10**15), 10**15), st.integers(0, 1_000_000), st.booleans())
def test_a_refund_is_the_mirror_of_the_sale(amount: int, rate_ppm: int, included: bool) -> None:
    assert tax_of(-amount, rate_ppm, included) == -tax_of(amount, rate_ppm, included)


@given(AMOUNTS, RATES, st.booleans(), ROUNDINGS)
def test_lines_and_rates_add_up_to_the_total(
    amounts: list[int], rates: tuple[TaxRate, ...], included: bool, rounding: Rounding
) -> None:
    taxed = tax_lines(amounts, rates, included, rounding)
    assert len(taxed.lines) == len(amounts)
    assert all(len(line) == len(rates) for line in taxed.lines)
    assert sum(sum(line) for line in taxed.lines) == taxed.total == sum(taxed.by_rate)


@given(AMOUNTS, RATES, st.booleans(), ROUNDINGS)
def test_negated_lines_are_taxed_with_the_negated_tax(
    amounts: list[int], rates: tuple[TaxRate, ...], included: bool, rounding: Rounding
) -> None:
    if rounding == "order" and min(amounts, default=0) < 0 < max(amounts, default=0):
        amounts = [abs(amount) for amount in amounts]  # an order either sells or refunds
    taxed = tax_lines(amounts, rates, included, rounding)
    mirrored = tax_lines([-amount for amount in amounts], rates, included, rounding)
    assert mirrored.lines == tuple(tuple(-tax for tax in line) for line in taxed.lines)


@given(st.lists(st.integers(0, 10**13), max_size=20), st.integers(0, 1_000_000), st.booleans())
def test_order_rounding_is_the_exact_tax_rounded_once(
    amounts: list[int], rate_ppm: int, included: bool
) -> None:
    rates = (TaxRate("US", "only", rate_ppm),)
    by_order = tax_lines(amounts, rates, included, "order")
    assert by_order.total == tax_of(sum(amounts), rate_ppm, included)
    for amount, (tax,) in zip(amounts, by_order.lines, strict=True):
        divisor = 1_000_000 + (rate_ppm if included else 0)
        assert abs(tax - Fraction(amount * rate_ppm, divisor)) < 1


@given(st.lists(st.integers(0, 10**13), max_size=8), RATES, st.booleans(), ROUNDINGS)
def test_the_order_of_lines_does_not_change_the_total_of_simple_taxes(
    amounts: list[int],
    rates: tuple[TaxRate, ...],
    included: bool,
    rounding: Rounding,
) -> None:
    # Compound taxes are left out: under order rounding they build on parts that were spread by position.
    simple = tuple(TaxRate("US", rate.name, rate.rate_ppm) for rate in rates)
    before = tax_lines(amounts, simple, included, rounding).total
    assert tax_lines(list(reversed(amounts)), simple, included, rounding).total == before
    assert tax_lines(sorted(amounts), simple, included, rounding).total == before


@given(st.lists(st.integers(0, 10**13), min_size=1, max_size=8), RATES, ROUNDINGS)
def test_tax_is_never_more_than_the_price_that_contains_it(
    amounts: list[int], rates: tuple[TaxRate, ...], rounding: Rounding
) -> None:
    for amount, line in zip(amounts, tax_lines(amounts, rates, True, rounding).lines, strict=True):
        assert all(tax >= 0 for tax in line)
        assert sum(line) <= amount
