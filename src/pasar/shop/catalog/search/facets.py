"""How many of the found products have which category, vendor, option, price and stock?"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from heapq import nsmallest
from typing import TypeVar
from uuid import UUID

from pasar.shop.catalog.search.bitmaps import Bitmaps, ordinals_of, truths_of
from pasar.shop.catalog.search.documents import CategoryCount, FacetCount, SearchDocument

K = TypeVar("K", bound=Hashable)

MOST_VALUES = 50
MOST_OPTIONS = 20
"""Option names shown: the ones that most products have."""


class FacetIndex:
    """Documents by category, vendor, option value and stock.

    `document` answers the document of an ordinal; it is asked only about documents that were added.
    """

    def __init__(self, document: Callable[[int], SearchDocument]) -> None:
        self._document = document
        self.categories: Bitmaps[str] = Bitmaps()
        self.vendors: Bitmaps[str] = Bitmaps()
        self.options: dict[str, Bitmaps[str]] = {}
        self.in_stock = 0
        self._top_options: list[str] | None = None

    def load(self, document: SearchDocument, ordinal: int) -> None:
        """Take a document while loading in bulk; stock is loaded by the caller, `seal` ends it."""
        for category in category_keys(document):
            self.categories.load(category, ordinal)
        if document.vendor:
            self.vendors.load(document.vendor, ordinal)
        for name, values in document.options.items():
            bitmaps = self.options.setdefault(name, Bitmaps())
            for value in values:
                bitmaps.load(value, ordinal)

    def seal(self) -> None:
        """End loading in bulk."""
        for bitmaps in (self.categories, self.vendors, *self.options.values()):
            bitmaps.seal()
        self._top_options = None

    def change(self, before: SearchDocument | None, after: SearchDocument | None, ordinal: int) -> None:
        """Replace what is known about one document; None stands for a document that is not there."""
        bit = 1 << ordinal
        self.in_stock = self.in_stock | bit if after and after.in_stock else self.in_stock & ~bit
        _replace(self.categories, _keys(before, category_keys), _keys(after, category_keys), ordinal)
        _replace(self.vendors, _keys(before, _vendor_key), _keys(after, _vendor_key), ordinal)
        old = before.options if before else {}
        new = after.options if after else {}
        if old == new:
            return
        self._top_options = None
        for name in old.keys() | new.keys():
            bitmaps = self.options.setdefault(name, Bitmaps())
            _replace(bitmaps, old.get(name, frozenset()), new.get(name, frozenset()), ordinal)
            if not len(bitmaps):
                del self.options[name]

    def top_options(self) -> list[str]:
        """Return the names of the options that most products have, at most twenty, most frequent first."""
        if self._top_options is None:
            totals = {name: sum(bitmaps.counts().values()) for name, bitmaps in self.options.items()}
            self._top_options = nsmallest(MOST_OPTIONS, totals, key=lambda name: (-totals[name], name))
        return self._top_options


class FacetCounter:
    """Counts within sets of documents; what several facets of one query need is worked out once."""

    def __init__(self, index: FacetIndex, document: Callable[[int], SearchDocument], everything: int) -> None:
        self._index = index
        self._document = document
        self._everything = everything
        self._truths: tuple[int, bytes] = (0, b"")
        self._documents: tuple[int, list[SearchDocument]] = (0, [])

    def categories(self, within: int) -> tuple[CategoryCount, ...]:
        """Return the most frequent categories."""
        counts = self._counts(self._index.categories, within, category_keys)
        return tuple(CategoryCount(UUID(hex=key), number) for key, number in _top(counts))

    def vendors(self, within: int) -> tuple[FacetCount, ...]:
        """Return the most frequent vendors."""
        counts = self._counts(self._index.vendors, within, _vendor_key)
        return tuple(FacetCount(key, number) for key, number in _top(counts))

    def option(self, name: str, within: int) -> tuple[FacetCount, ...]:
        """Return the most frequent values of one option."""
        counts = self._counts(
            self._index.options[name], within, lambda document: document.options.get(name, frozenset())
        )
        return tuple(FacetCount(key, number) for key, number in _top(counts))

    def _counts(
        self, bitmaps: Bitmaps[str], within: int, keys: Callable[[SearchDocument], Iterable[str]]
    ) -> Mapping[str, int]:
        if within == self._everything:
            return bitmaps.counts()
        # Asking each of a few documents for its values beats asking each of many values for its documents.
        if within.bit_count() * 2 < len(bitmaps):
            counted: Counter[str] = Counter()
            for document in self._documents_of(within):
                counted.update(keys(document))
            return counted
        if self._truths[0] != within:
            self._truths = (within, truths_of(within))
        return bitmaps.counts_within(within, self._truths[1])

    def _documents_of(self, within: int) -> list[SearchDocument]:
        if self._documents[0] != within:
            self._documents = (within, [self._document(ordinal) for ordinal in ordinals_of(within)])
        return self._documents[1]


def category_keys(document: SearchDocument) -> list[str]:
    """Return the categories as texts, whose hash Python keeps; that of a UUID is worked out each time."""
    return [category.hex for category in document.category_ids]


def _vendor_key(document: SearchDocument) -> tuple[str, ...]:
    return (document.vendor,) if document.vendor else ()


def _keys(document: SearchDocument | None, keys: Callable[[SearchDocument], Iterable[str]]) -> frozenset[str]:
    return frozenset(keys(document)) if document else frozenset()


def _replace(bitmaps: Bitmaps[str], old: frozenset[str], new: frozenset[str], ordinal: int) -> None:
    if old != new:
        for key in new - old:
            bitmaps.add(key, ordinal)
        for key in old - new:
            bitmaps.discard(key, ordinal)


def _top(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return nsmallest(MOST_VALUES, counts.items(), key=lambda pair: (-pair[1], pair[0]))
