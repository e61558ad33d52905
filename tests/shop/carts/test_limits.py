"""How much a cart may hold."""

import pytest

from pasar.shop.carts.limits import CartLimits, LimitRefusal, check_lines, check_quantity


@pytest.mark.parametrize(
    ("quantity", "adding", "others", "code"),
    [
        (1, True, 0, None),
        (999, True, 0, None),
        (1, True, 998, None),
        (1, True, 999, "quantity_above_limit"),
        (1000, True, 0, "quantity_above_limit"),
        (0, True, 0, "quantity_not_positive"),
        (-1, True, 0, "quantity_not_positive"),
        (0, True, 999, "quantity_not_positive"),
        (0, False, 0, None),
        (0, False, 5000, None),
        (999, False, 0, None),
        (1000, False, 0, "quantity_above_limit"),
        (500, False, 499, None),
        (500, False, 500, "quantity_above_limit"),
        (-1, False, 0, "quantity_not_positive"),
    ],
)
def test_quantity_of_one_variant(quantity: int, adding: bool, others: int, code: str | None) -> None:
    refusal = check_quantity(quantity, adding=adding, others=others)
    assert (refusal.code if refusal else None) == code


def test_a_refusal_carries_what_its_message_needs() -> None:
    limits = CartLimits(max_lines=2, max_quantity=10)
    assert check_quantity(4, adding=True, others=7, limits=limits) == LimitRefusal(
        "quantity_above_limit", {"quantity": 11, "max": 10}
    )
    assert check_quantity(0, adding=True, limits=limits) == LimitRefusal(
        "quantity_not_positive", {"quantity": 0, "min": 1}
    )
    assert check_lines(3, limits) == LimitRefusal("too_many_lines", {"lines": 3, "max": 2})
    assert check_lines(2, limits) is None


def test_a_hundred_lines_by_default() -> None:
    assert check_lines(100) is None
    assert check_lines(101) == LimitRefusal("too_many_lines", {"lines": 101, "max": 100})


@pytest.mark.parametrize(("lines", "quantity"), [(0, 1), (1, 0), (-1, 5)])
def test_limits_leave_room_for_one_piece(lines: int, quantity: int) -> None:
    with pytest.raises(ValueError, match="one piece"):
        CartLimits(lines, quantity)
