"""The pure rules of stock, by literal tables."""

from __future__ import annotations

from uuid import UUID

import pytest

from pasar.kernel.errors import BadRequest, Conflict, Unprocessable
from pasar.kernel.ids import new_id
from pasar.shop.inventory import cursors
from pasar.shop.inventory.leaving_holds import Leaving, NotHeldError, OpenHold, leaving_holds
from pasar.shop.inventory.on_hand import MOST_ON_HAND, changed_on_hand
from pasar.shop.inventory.reasons import STAFF_REASONS
from pasar.shop.inventory.schemas import Reason
from pasar.shop.inventory.stock_status import reorder_level_of, status_of


@pytest.mark.parametrize(
    ("available", "reserved", "level", "status"),
    [
        (0, 0, 5, "out_of_stock"),
        (-3, 9, 5, "out_of_stock"),
        (1, 0, 5, "low_stock"),
        (5, 2, 5, "low_stock"),
        (6, 2, 5, "reserved"),
        (6, 0, 5, "in_stock"),
        (1, 0, 0, "in_stock"),
    ],
)
def test_status_in_the_sheets_order(available: int, reserved: int, level: int, status: str) -> None:
    assert status_of(available, reserved, level) == status


def test_a_level_of_zero_is_a_level() -> None:
    assert (reorder_level_of(0, 5), reorder_level_of(None, 5)) == (0, 5)


@pytest.mark.parametrize(
    ("set_to", "delta", "backorder", "after"),
    [
        (7, None, False, 7),
        (None, 2, False, 12),
        (None, -6, False, 4),
        (4, None, False, 4),
        (0, None, True, 0),
    ],
)
def test_on_hand_after_a_change(set_to: int | None, delta: int | None, backorder: bool, after: int) -> None:
    assert changed_on_hand(10, 4, set_to=set_to, delta=delta, allow_backorder=backorder) == after


@pytest.mark.parametrize(
    ("set_to", "delta", "backorder"), [(3, None, False), (None, -7, False), (None, -11, True)]
)
def test_never_below_what_is_promised(set_to: int | None, delta: int | None, backorder: bool) -> None:
    with pytest.raises(Conflict) as refused:
        changed_on_hand(10, 4, set_to=set_to, delta=delta, allow_backorder=backorder)
    assert refused.value.code == "below_reserved"


@pytest.mark.parametrize(("set_to", "delta"), [(None, None), (1, 1), (None, MOST_ON_HAND)])
def test_changes_that_make_no_sense(set_to: int | None, delta: int | None) -> None:
    with pytest.raises(Unprocessable):
        changed_on_hand(10, 4, set_to=set_to, delta=delta, allow_backorder=False)


def test_which_holds_leave() -> None:
    shirt, mug, place = new_id(), new_id(), new_id()
    first, second, other = (
        OpenHold(new_id(), variant, place, quantity)
        for variant, quantity in ((shirt, 2), (shirt, 5), (mug, 1))
    )
    holds = [first, second, other]
    assert leaving_holds(holds, None) == [Leaving(first, 2, 0), Leaving(second, 5, 0), Leaving(other, 1, 0)]
    assert leaving_holds(holds, {shirt: 3}) == [Leaving(first, 2, 0), Leaving(second, 1, 4)]
    with pytest.raises(NotHeldError) as missing:
        leaving_holds(holds, {mug: 2})
    assert (missing.value.variant_id, missing.value.wanted, missing.value.held) == (mug, 2, 1)


def test_the_wire_offers_exactly_the_reasons_of_staff() -> None:
    assert Reason.__args__ == STAFF_REASONS  # type: ignore[attr-defined]  # a Literal's values


def test_cursors_come_back_and_others_are_refused() -> None:
    from datetime import UTC, datetime

    row, at = new_id(), datetime(2026, 11, 20, 9, 30, 1, 5, tzinfo=UTC)
    assert cursors.read_number(cursors.write_number(-4, row)) == (-4, row)
    assert cursors.read_time(cursors.write_time(at, row)) == (at, row)
    assert cursors.read_time(cursors.write_time(at, row).replace("+", " ")) == (at, row)
    assert cursors.read_id(str(row)) == row
    broken = [
        "",
        "x",
        str(UUID(int=0))[:-1],
        f"9999999999999999999.{row}",
        f"٣.{row}",
        f"2026-11-20/{row}",
        f"--1.{row}",
    ]
    for text in broken:
        for read in (cursors.read_id, cursors.read_number, cursors.read_time):
            with pytest.raises(BadRequest):
                read(text)
