"""In which order do the found documents stand?"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import Any

from pasar.shop.catalog.search.bitmaps import bits_of, ordinals_of
from pasar.shop.catalog.search.vocabulary import Hits

# Weights in half points, one for each Field: title 3, vendor 2, tags and options 1.5, body 1, a whole SKU
# above all that the other fields together can give, part of a SKU as a body.
_WEIGHTS = (6, 4, 3, 2, 32, 2)
_EXACT_WEIGHT = 3
"""What a word typed in full is worth beyond one that only begins so."""

SortKey = tuple[Any, ...]


class Scores:
    """Adds up points of all documents at once.

    The sums are kept as bit planes (plane n holds bit n of every document's sum): adding a weight to any set
    of documents is a ripple-carry addition of a few ANDs and XORs, however many documents there are.
    """

    def __init__(self) -> None:
        self._planes: list[int] = []

    def add_word(self, hits: Hits) -> None:
        """Give the documents of a word the weight of each field that holds it."""
        for documents, weight in zip(hits, _WEIGHTS, strict=True):
            if documents:
                self.add(documents, weight)

    def add_exact(self, documents: int) -> None:
        """Prefer documents that hold the word itself, or the likeliest of several corrections."""
        self.add(documents, _EXACT_WEIGHT)

    def add(self, documents: int, weight: int) -> None:
        """Give each of these documents `weight` points."""
        plane = 0
        while weight:
            if weight & 1:
                self._carry(documents, plane)
            weight >>= 1
            plane += 1

    def _carry(self, documents: int, plane: int) -> None:
        planes = self._planes
        while documents:
            while plane >= len(planes):
                planes.append(0)
            planes[plane], documents = planes[plane] ^ documents, planes[plane] & documents
            plane += 1

    def groups(self, documents: int) -> Iterator[int]:
        """Yield the documents in groups of equal points, most points first."""
        stack = [(documents, len(self._planes) - 1)]
        while stack:
            group, plane = stack.pop()
            if not group:
                continue
            if plane < 0:
                yield group
                continue
            high = group & self._planes[plane]
            stack.append((group ^ high, plane - 1))
            stack.append((high, plane - 1))


class Order:
    """All documents in one order, built when first asked for and kept up from then on.

    `key_of` gives the sort key of a document, or None for one that comes last (no price in the currency).
    """

    def __init__(self, key_of: Callable[[int], SortKey | None]) -> None:
        self._key_of = key_of
        self._entries: list[tuple[SortKey, int]] | None = None
        self._keys: dict[int, SortKey] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def build(self, ordinals: Iterable[int]) -> None:
        """Sort these documents, unless that was done."""
        if self._entries is None:
            keyed = ((ordinal, self._key_of(ordinal)) for ordinal in ordinals)
            self._keys = {ordinal: key for ordinal, key in keyed if key is not None}
            self._entries = sorted((key, ordinal) for ordinal, key in self._keys.items())

    def change(self, ordinal: int, *, removed: bool = False) -> bool:
        """Move, add or remove one document; tell whether that changed the order."""
        if self._entries is None:
            return False
        before = self._keys.get(ordinal)
        after = None if removed else self._key_of(ordinal)
        if before == after:
            return False
        if before is not None:
            del self._entries[bisect_left(self._entries, (before, ordinal))]
            del self._keys[ordinal]
        if after is not None:
            insort(self._entries, (after, ordinal))
            self._keys[ordinal] = after
        return True

    def first(self, documents: int, wanted: int) -> list[int]:
        """Return the first `wanted` of `documents` in this order.

        Many documents are met soon by walking the order, few are sorted soon by themselves: the cheaper way
        is never dearer than the root of wanted times all.
        """
        entries = self._entries or []
        found = documents.bit_count()
        wanted = min(wanted, found)
        if wanted and found * found > wanted * len(entries):
            picked = self._walk(entries, documents, wanted)
            if len(picked) == wanted:
                return picked
        known, others = [], []
        for ordinal in ordinals_of(documents):
            key = self._keys.get(ordinal)
            if key is None:
                others.append(ordinal)
            else:
                known.append((key, ordinal))
        known.sort()
        return [*(ordinal for _, ordinal in known), *others][:wanted]

    @staticmethod
    def _walk(entries: list[tuple[SortKey, int]], documents: int, wanted: int) -> list[int]:
        figures = bin(documents)[:1:-1]
        width = len(figures)
        picked: list[int] = []
        for _, ordinal in entries:
            if ordinal < width and figures[ordinal] == "1":
                picked.append(ordinal)
                if len(picked) == wanted:
                    break
        return picked

    def between(self, least: SortKey | None, most: SortKey | None) -> int:
        """Return the documents whose key is from `least` to `most`, both inclusive; None is open."""
        entries = self._entries or []
        start = 0 if least is None else bisect_left(entries, least, key=itemgetter(0))
        end = len(entries) if most is None else bisect_right(entries, most, key=itemgetter(0))
        return bits_of([ordinal for _, ordinal in entries[start:end]])

    def sort_keys(self) -> list[SortKey]:
        """Return all keys, in order."""
        return [key for key, _ in self._entries or []]


def page(groups: Iterable[int], order: Order, *, offset: int, limit: int) -> list[int]:
    """Return the ordinals of one page: groups in their order, documents of a group in `order`."""
    picked: list[int] = []
    skip = offset
    for group in groups:
        found = group.bit_count()
        if found <= skip:
            skip -= found
            continue
        needed = limit - len(picked)
        picked += order.first(group, skip + needed)[skip:]
        skip = 0
        if len(picked) >= limit:
            break
    return picked
