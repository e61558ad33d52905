"""Cart totals: literal tables per country, and laws that hold for every cart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pasar.delivery.shipping.rates import Parcel, parcel_of
from pasar.finance.taxes.public import Rounding, TaxPolicy, TaxRate
from pasar.kernel.money import BIGINT_MAX, MoneyError
from pasar.shop.carts.totals import CartTotals, LineInput, Step, TotalName, cart_totals

TOTALS: tuple[TotalName, ...] = ("subtotal", "discount_total", "tax_total", "shipping_total", "grand_total")


def line(line_id: str, unit: int, quantity: int = 1, discount: int = 0, taxable: bool = True) -> LineInput:
    return LineInput(line_id, unit, quantity, taxable, True, 100, discount)


def policy(ppm: int, included: bool, rounding: Rounding = "line") -> TaxPolicy:
    return TaxPolicy((TaxRate("US", "Tax", ppm),), included, rounding)


CART = [line("a", 1999, 2), line("b", 500, 3, discount=150), line("c", 333)]


@pytest.mark.parametrize(
    ("case", "currency", "lines", "tax", "shipping", "taxed", "expected"),
    # expected: subtotal, discount_total, tax_total, shipping_total, grand_total, item_count
    [
        ("nothing in it", "USD", [], None, 0, False, (0, 0, 0, 0, 0, 0)),
        ("no tax", "USD", CART, None, 500, False, (5831, 150, 0, 500, 6181, 6)),
        # 3998 → 354.82, 1350 → 119.81, 333 → 29.55
        ("US added", "USD", CART, policy(88750, False), 500, False, (5831, 150, 505, 500, 6686, 6)),
        # 5681 × 8.875 % = 504.19
        ("US by order", "USD", CART, policy(88750, False, "order"), 0, False, (5831, 150, 504, 0, 6185, 6)),
        # 500 → 44.375
        ("US with shipping", "USD", CART, policy(88750, False), 500, True, (5831, 150, 549, 500, 6730, 6)),
        # 3998 → 638.34, 1350 → 215.55, 333 → 53.17
        ("DE included", "EUR", CART, policy(190000, True), 490, False, (5831, 150, 907, 490, 6171, 6)),
        # 490 → 78.24
        ("DE with shipping", "EUR", CART, policy(190000, True), 490, True, (5831, 150, 985, 490, 6171, 6)),
        (
            "ID added, two decimals",
            "IDR",
            [line("a", 12900000, 2)],
            policy(110000, False),
            1500000,
            False,
            (25800000, 0, 2838000, 1500000, 30138000, 2),
        ),
        (
            "JP added",
            "JPY",
            [line("a", 105), line("b", 115)],
            policy(100000, False),
            0,
            False,
            (220, 0, 23, 0, 243, 2),
        ),
        (
            "JP added by order",
            "JPY",
            [line("a", 105), line("b", 115)],
            policy(100000, False, "order"),
            0,
            False,
            (220, 0, 22, 0, 242, 2),
        ),
        ("JP included", "JPY", [line("a", 1100)], policy(100000, True), 0, False, (1100, 0, 100, 0, 1100, 1)),
        (
            "KWD, three decimals",
            "KWD",
            [line("a", 1125, 3)],
            policy(50000, False),
            250,
            False,
            (3375, 0, 169, 250, 3794, 3),
        ),
        (
            "a discount above its line",
            "USD",
            [line("a", 500, 1, 900)],
            None,
            0,
            False,
            (500, 500, 0, 0, 0, 1),
        ),
        (
            "goods free of tax",
            "USD",
            [line("a", 1000, taxable=False), line("b", 1000)],
            policy(100000, False),
            0,
            False,
            (2000, 0, 100, 0, 2100, 2),
        ),
    ],
)
def test_totals(
    case: str,
    currency: str,
    lines: list[LineInput],
    tax: TaxPolicy | None,
    shipping: int,
    taxed: bool,
    expected: tuple[int, ...],
) -> None:
    totals = cart_totals(lines, currency, tax, shipping, taxed)
    assert (
        totals.subtotal,
        totals.discount_total,
        totals.tax_total,
        totals.shipping_total,
        totals.grand_total,
        totals.item_count,
    ) == expected, case
    assert totals.currency == currency
    assert totals.tax_included == (tax is not None and tax.included)


def test_each_line_is_reckoned_before_the_order() -> None:
    totals = cart_totals(CART, "USD", policy(88750, False))
    assert [(x.line_id, x.line_subtotal, x.discount, x.line_total, x.tax) for x in totals.lines] == [
        ("a", 3998, 0, 3998, 355),
        ("b", 1500, 150, 1350, 120),
        ("c", 333, 0, 333, 30),
    ]


def test_every_total_says_why() -> None:
    taxes = TaxPolicy((TaxRate("CA", "GST", 50000), TaxRate("CA", "PST", 70000, priority=2)), included=False)
    totals = cart_totals([line("a", 130, 2, discount=10), line("b", 100)], "CAD", taxes, 500, True)
    prices = (Step("price", 260, "a"), Step("price", 100, "b"))
    assert totals.why("subtotal") == prices
    assert totals.why("discount_total") == (Step("discount", 10, "a"),)
    # 250, 100 and 500 at 5 % are 12.5, 5 and 25; at 7 % they are 17.5, 7 and 35
    assert totals.why("tax_total") == (Step("tax_added", 43, "GST"), Step("tax_added", 60, "PST"))
    assert totals.why("shipping_total") == (Step("shipping", 500),)
    assert totals.why() == (
        Step("price", 260, "a"),
        Step("discount", -10, "a"),
        Step("price", 100, "b"),
        Step("shipping", 500),
        Step("tax_added", 43, "GST"),
        Step("tax_added", 60, "PST"),
    )
    assert totals.lines[0].why() == (Step("price", 260, "a"), Step("discount", -10, "a"))


def test_included_tax_is_told_but_takes_no_part_in_the_grand_total() -> None:
    totals = cart_totals([line("a", 11900)], "EUR", policy(190000, True))
    assert totals.why("tax_total") == (Step("tax_included", 1900, "Tax"),)
    assert totals.why() == (Step("price", 11900, "a"),)
    assert totals.why("shipping_total") == ()


def test_a_policy_without_rates_charges_nothing() -> None:
    totals = cart_totals(CART, "USD", TaxPolicy((), included=False))
    assert totals.tax_total == 0
    assert totals.why("tax_total") == ()


@pytest.mark.parametrize(
    ("lines", "currency", "shipping"),
    [
        ([], "XXX", 0),
        ([], "USD", -1),
        ([line("a", -1)], "USD", 0),
        ([line("a", 1, 0)], "USD", 0),
        ([line("a", 1, -1)], "USD", 0),
        ([line("a", 1, 1, -1)], "USD", 0),
        ([line("a", BIGINT_MAX, 2)], "USD", 0),
        ([line("a", BIGINT_MAX)], "USD", 1),
    ],
)
def test_impossible_carts_are_refused(lines: list[LineInput], currency: str, shipping: int) -> None:
    with pytest.raises(MoneyError):
        cart_totals(lines, currency, None, shipping)


def test_reckoned_lines_can_be_packed() -> None:
    lines = [LineInput("a", 1000, 2, True, True, 300, 100), LineInput("b", 9000, 1, True, False, 5)]
    assert parcel_of(cart_totals(lines, "USD").lines) == Parcel(1900, 2, 600)


LINES = st.lists(
    st.builds(
        LineInput,
        line_id=st.uuids().map(str),
        unit_minor=st.integers(0, 10**11),
        quantity=st.integers(1, 999),
        taxable=st.booleans(),
        requires_shipping=st.booleans(),
        weight_grams=st.integers(0, 10**5),
        discount_minor=st.integers(0, 10**12),
    ),
    max_size=12,
)
POLICIES = st.none() | st.builds(
    TaxPolicy,
    rates=st.lists(
        st.builds(
            TaxRate,
            country=st.just("US"),
            name=st.sampled_from(["state", "city"]),
            rate_ppm=st.integers(0, 10**6),
        ),
        max_size=3,
    ).map(tuple),
    included=st.booleans(),
    rounding=st.sampled_from(["line", "order"]),
)
CARTS = st.builds(
    cart_totals,
    LINES,
    st.sampled_from(["JPY", "USD", "IDR", "KWD"]),
    POLICIES,
    st.integers(0, 10**9),
    st.booleans(),
)


@given(CARTS)
def test_no_total_is_negative(totals: CartTotals) -> None:
    assert min(totals.subtotal, totals.discount_total, totals.tax_total, totals.grand_total) >= 0
    assert totals.discount_total <= totals.subtotal
    assert all(0 <= x.line_total <= x.line_subtotal and x.tax >= 0 for x in totals.lines)


@given(CARTS)
def test_the_grand_total_is_made_of_the_others(totals: CartTotals) -> None:
    added = 0 if totals.tax_included else totals.tax_total
    assert totals.grand_total == totals.subtotal - totals.discount_total + totals.shipping_total + added
    assert totals.subtotal - totals.discount_total == sum(x.line_total for x in totals.lines)
    assert totals.item_count == sum(x.quantity for x in totals.lines)


@given(CARTS)
def test_the_explanation_replays_to_the_total(totals: CartTotals) -> None:
    for name in TOTALS:
        assert sum(step.amount for step in totals.why(name)) == getattr(totals, name), name
    for each in totals.lines:
        assert sum(step.amount for step in each.why()) == each.line_total


@given(LINES, POLICIES, st.integers(0, 10**9), st.data())
def test_the_order_of_lines_changes_nothing(
    lines: list[LineInput], tax: TaxPolicy | None, shipping: int, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(lines))
    before = cart_totals(lines, "USD", tax, shipping, True)
    after = cart_totals(shuffled, "USD", tax, shipping, True)
    for name in TOTALS:
        assert getattr(after, name) == getattr(before, name)
    if tax is None or tax.rounding == "line":
        # Rounded by order, the leftover unit goes to the earlier of two equal lines, so only sums stay.
        assert {x.line_id: x for x in after.lines} == {x.line_id: x for x in before.lines}


@given(LINES, st.integers(0, 10**6), st.sampled_from(["line", "order"]), st.integers(0, 10**9))
def test_included_tax_changes_nothing_that_is_paid(
    lines: list[LineInput], ppm: int, rounding: Rounding, shipping: int
) -> None:
    free = cart_totals(lines, "EUR", None, shipping)
    taxed = cart_totals(lines, "EUR", policy(ppm, True, rounding), shipping, True)
    assert taxed.grand_total == free.grand_total
    assert taxed.tax_total <= taxed.grand_total
