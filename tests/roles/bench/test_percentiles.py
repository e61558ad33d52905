"""Percentiles by literal tables."""

from __future__ import annotations

import pytest

from pasar.roles.bench.percentiles import percentile

HUNDRED = [float(n) for n in range(1, 101)]


@pytest.mark.parametrize(
    ("values", "per_cent", "expected"),
    [
        ([7.0], 50, 7.0),
        ([7.0], 99, 7.0),
        ([1.0, 2.0], 50, 1.0),
        ([1.0, 2.0], 51, 2.0),
        ([1.0, 2.0, 3.0, 4.0], 50, 2.0),
        ([1.0, 2.0, 3.0, 4.0], 95, 4.0),
        ([1.0, 2.0, 3.0, 4.0], 0, 1.0),
        ([1.0, 2.0, 3.0, 4.0], 100, 4.0),
        (HUNDRED, 50, 50.0),
        (HUNDRED, 95, 95.0),
        (HUNDRED, 99, 99.0),
        (HUNDRED * 10, 99.9, 100.0),
        (list(map(float, range(1, 1001))), 99.9, 999.0),
    ],
)
def test_nearest_rank(values: list[float], per_cent: float, expected: float) -> None:
    assert percentile(sorted(values), per_cent) == expected


@pytest.mark.parametrize(("values", "per_cent"), [([], 50), ([1.0], -1), ([1.0], 101)])
def test_refuses_what_has_no_answer(values: list[float], per_cent: float) -> None:
    with pytest.raises(ValueError, match=r"values|between"):
        percentile(values, per_cent)
