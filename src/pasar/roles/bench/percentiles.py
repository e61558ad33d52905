"""Which latency do so many per cent of the calls stay within?"""

from __future__ import annotations

from collections.abc import Sequence


def percentile(ordered: Sequence[float], per_cent: float) -> float:
    """The nearest-rank percentile of rising values: one that was really measured, never a mean of two.

    Raises ValueError without values, or for a `per_cent` outside 0 to 100.
    """
    if not ordered:
        raise ValueError("no values")
    if not 0 <= per_cent <= 100:
        raise ValueError("a percentile lies between 0 and 100")
    # Counted in thousandths of a per cent, since 99.9 / 100 * 1000 is a little above 999 in floats.
    rank = -(-round(per_cent * 1000) * len(ordered) // 100_000)
    return ordered[max(rank, 1) - 1]
