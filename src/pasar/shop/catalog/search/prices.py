"""Which products cost how much, and into which round ranges do the prices of a currency fall?"""

from bisect import bisect_left
from collections.abc import Callable, Sequence

from pasar.shop.catalog.search.ranking import Order, SortKey

RANGES = 5
_ROUND = (10, 12, 15, 20, 25, 30, 40, 50, 60, 75, 80, 100)


class CurrencyPrices:
    """The lowest prices of the documents in one currency: two orders, bitmaps of filters and of ranges.

    Bitmaps are kept until a price of the currency changes.
    """

    def __init__(self, lowest: Callable[[int], int | None], newest: Callable[[int], SortKey]) -> None:
        def rising(ordinal: int) -> SortKey | None:
            price = lowest(ordinal)
            return None if price is None else (price, *newest(ordinal))

        def falling(ordinal: int) -> SortKey | None:
            price = lowest(ordinal)
            return None if price is None else (-price, *newest(ordinal))

        self.rising, self.falling = Order(rising), Order(falling)
        self._filters: dict[tuple[int | None, int | None], int] = {}
        self._ranges: list[tuple[int, int | None, int]] | None = None

    def change(self, ordinal: int, *, removed: bool = False) -> None:
        """Follow a change of one document."""
        self.falling.change(ordinal, removed=removed)
        if self.rising.change(ordinal, removed=removed):
            self._filters.clear()
            self._ranges = None

    def between(self, least: int | None, most: int | None) -> int:
        """Return the documents whose lowest price is within these bounds, inclusive, None being open."""
        known = self._filters.get((least, most))
        if known is None:
            known = self.rising.between(
                None if least is None else (least,), None if most is None else (most, float("inf"))
            )
            if len(self._filters) >= 200:
                self._filters.clear()
            self._filters[least, most] = known
        return known

    def ranges(self) -> list[tuple[int, int | None, int]]:
        """Return (lowest, highest or None, documents) of at most five ranges that hold all prices."""
        if self._ranges is None:
            prices = [key[0] for key in self.rising.sort_keys()]
            if not prices:
                return []
            edges = round_edges(prices)
            starts = [0, *edges]
            ends = [*(edge - 1 for edge in edges), None]
            self._ranges = [
                (start, end, self.between(start, end)) for start, end in zip(starts, ends, strict=True)
            ]
        return self._ranges


def round_edges(prices: Sequence[int]) -> list[int]:
    """Return at most four round amounts that part ascending `prices` into ranges of about equal number.

    A quantile is rounded to two leading figures that people use (10, 12, 15, 20, 25 … 80); edges that would
    leave a range without a product are left out.
    """
    edges: list[int] = []
    for part in range(1, RANGES):
        if not prices:
            break
        edge = _rounded(prices[len(prices) * part // RANGES])
        below = bisect_left(prices, edge)
        former = bisect_left(prices, edges[-1]) if edges else 0
        if former < below < len(prices):
            edges.append(edge)
    return edges


def _rounded(amount: int) -> int:
    if amount < 10:
        return amount
    unit = 1
    while amount >= unit * 100:
        unit *= 10
    return min((figure * unit for figure in _ROUND), key=lambda edge: abs(edge - amount))
