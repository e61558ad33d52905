"""Where does a count of a whole variant lie? The rule, case by case."""

from __future__ import annotations

from uuid import UUID

import pytest

from pasar.shop.inventory.on_hand import MOST_ON_HAND
from pasar.shop.inventory.recounting import Shelf, recounted

NEAR, FAR = UUID(int=2), UUID(int=1)


@pytest.mark.parametrize(
    ("near", "far", "count", "backorder", "after"),
    [
        ((6, 0), (4, 0), 10, False, {}),
        ((6, 0), (4, 0), 12, False, {NEAR: 8}),
        ((6, 0), (4, 0), 9, False, {NEAR: 5}),
        ((6, 0), (4, 0), 3, False, {NEAR: 0, FAR: 3}),
        ((6, 5), (4, 1), 7, False, {NEAR: 5, FAR: 2}),
        ((6, 5), (4, 1), 2, False, {NEAR: 5, FAR: 1}),
        ((6, 9), (4, 1), 2, True, {NEAR: 0, FAR: 2}),
        ((MOST_ON_HAND - 1, 0), (4, 0), MOST_ON_HAND, False, {NEAR: MOST_ON_HAND - 4}),
        ((MOST_ON_HAND - 3, 0), (0, 0), MOST_ON_HAND + 9, False, {NEAR: MOST_ON_HAND}),
    ],
)
def test_the_difference_is_laid_where_it_is_drawn_from_first(
    near: tuple[int, int], far: tuple[int, int], count: int, backorder: bool, after: dict[UUID, int]
) -> None:
    shelves = [Shelf(FAR, *far, priority=1), Shelf(NEAR, *near, priority=0)]
    assert recounted(shelves, count, allow_backorder=backorder) == after
