"""What a customer's cart holds after a guest's joined it."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from pasar.shop.carts.limits import CartLimits
from pasar.shop.carts.merging import MergeLine, merge_lines


def line(key: int, quantity: int, cap: int | None = None, variant: int | None = None) -> MergeLine:
    return MergeLine(UUID(int=key), UUID(int=variant or key), quantity, cap)


def merged(
    customers: list[MergeLine], guests: list[MergeLine], limits: CartLimits | None = None
) -> dict[int, int]:
    return {key.int: n for key, n in merge_lines(customers, guests, limits or CartLimits()).items()}


def test_quantities_add_up() -> None:
    assert merged([line(1, 2)], [line(1, 3), line(2, 1)]) == {1: 5, 2: 1}


def test_stock_caps_the_sum_over_lines_of_one_variant() -> None:
    assert merged([line(1, 2, cap=4, variant=9)], [line(2, 5, cap=4, variant=9)]) == {2: 2}


def test_the_customers_own_is_never_taken_away() -> None:
    assert merged([line(1, 8, cap=4)], [line(1, 5, cap=4)]) == {}


def test_backorder_is_capped_by_the_limit_alone() -> None:
    assert merged([line(1, 998)], [line(1, 5)]) == {1: 999}


def test_lines_beyond_the_limit_are_left_out() -> None:
    limits = CartLimits(max_lines=2)
    assert merged([line(1, 1)], [line(2, 1), line(3, 1), line(1, 1)], limits) == {2: 1, 1: 2}


lines = st.lists(
    st.builds(line, st.integers(1, 6), st.integers(1, 20), st.none() | st.integers(0, 20)),
    max_size=6,
    unique_by=lambda one: one.line_key,
)


@given(lines, lines)
def test_merging_only_ever_adds_and_keeps_the_limits(
    customers: list[MergeLine], guests: list[MergeLine]
) -> None:
    limits = CartLimits(max_lines=5, max_quantity=15)
    before = {one.line_key: one.quantity for one in customers}
    after = before | merge_lines(customers, guests, limits)
    assert all(after[key] >= quantity for key, quantity in before.items())
    assert len(after) <= max(limits.max_lines, len(before))
    caps = {one.line_key: one.cap for one in guests}
    for key, quantity in after.items():
        if quantity != before.get(key):
            cap = caps[key]
            assert quantity <= (limits.max_quantity if cap is None else min(cap, limits.max_quantity))
