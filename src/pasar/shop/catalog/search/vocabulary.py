"""Which words does the catalogue use, where, and which of them begin so?"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from enum import IntEnum

from pasar.shop.catalog.search.bitmaps import Bitmaps


class Field(IntEnum):
    """Where a word stands. SKUs and their parts are apart: they are neither suggested nor corrected to."""

    TITLE = 0
    VENDOR = 1
    LABEL = 2
    BODY = 3
    SKU = 4
    SKU_PART = 5


WORD_FIELDS = (Field.TITLE, Field.VENDOR, Field.LABEL, Field.BODY)

Hits = tuple[int, int, int, int, int, int]
"""Bitmaps of the documents that hold a word, one for each Field."""

NO_HITS: Hits = (0, 0, 0, 0, 0, 0)

DocumentWords = tuple[frozenset[str], ...]
"""The words of a document, one set for each Field."""


class Vocabulary:
    """Documents by word and field, the words in order, and lately asked prefixes."""

    def __init__(self) -> None:
        self.fields: tuple[Bitmaps[str], ...] = tuple(Bitmaps[str]() for _ in Field)
        self._sorted: list[str] | None = None
        self._sorted_skus: list[str] | None = None
        self._prefixes: dict[str, Hits] = {}
        self._by_length: dict[int, list[str]] | None = None

    def load(self, words: DocumentWords, ordinal: int) -> None:
        """Take the words of a document while loading in bulk; `seal` ends it."""
        for postings, found in zip(self.fields, words, strict=True):
            load = postings.load
            for word in found:
                load(word, ordinal)

    def seal(self) -> None:
        """End loading in bulk."""
        for postings in self.fields:
            postings.seal()

    def change(self, before: DocumentWords, after: DocumentWords, ordinal: int) -> None:
        """Replace the words of a document: only those that came or went cost anything."""
        for field, old, new in zip(Field, before, after, strict=True):
            if old == new:
                continue
            self._prefixes.clear()
            for word in new - old:
                self._add(field, word, ordinal)
            for word in old - new:
                self._discard(field, word, ordinal)

    def _add(self, field: Field, word: str, ordinal: int) -> None:
        if field == Field.SKU:
            if self._sorted_skus is not None and word not in self.fields[field]:
                insort(self._sorted_skus, word)
        elif field != Field.SKU_PART and not self.holds(word):
            if self._sorted is not None:
                insort(self._sorted, word)
            self._by_length = None
        self.fields[field].add(word, ordinal)

    def _discard(self, field: Field, word: str, ordinal: int) -> None:
        self.fields[field].discard(word, ordinal)
        if field == Field.SKU:
            if self._sorted_skus is not None and word not in self.fields[field]:
                del self._sorted_skus[bisect_left(self._sorted_skus, word)]
        elif field != Field.SKU_PART and not self.holds(word):
            if self._sorted is not None:
                del self._sorted[bisect_left(self._sorted, word)]
            self._by_length = None

    def holds(self, word: str) -> bool:
        """Tell whether some text has this word; SKUs do not count."""
        return any(word in self.fields[field] for field in WORD_FIELDS)

    def frequency(self, word: str) -> int:
        """Return in how many documents the word stands, each field counted by itself."""
        return sum(self.fields[field].count(word) for field in WORD_FIELDS)

    def in_names(self, word: str) -> bool:
        """Tell whether the word stands in a title, vendor, tag or option, not only in a body."""
        return any(word in self.fields[field] for field in (Field.TITLE, Field.VENDOR, Field.LABEL))

    def hits(self, word: str) -> Hits:
        """Return the documents of a word."""
        title, vendor, label, body, sku, part = (postings.bits(word) for postings in self.fields)
        return title, vendor, label, body, sku, part

    def prefix_hits(self, prefix: str) -> Hits:
        """Return the documents of all words that begin with `prefix`, and of such SKUs from 3 characters."""
        known = self._prefixes.get(prefix)
        if known is None:
            union = [0] * len(Field)
            for word in self.words_from(prefix):
                for field in WORD_FIELDS:
                    union[field] |= self.fields[field].bits(word)
            if len(prefix) >= 3:
                for sku in _from_prefix(self._skus(), prefix):
                    union[Field.SKU_PART] |= self.fields[Field.SKU].bits(sku)
            title, vendor, label, body, sku_bits, part = union
            known = (title, vendor, label, body, sku_bits, part)
            if len(self._prefixes) >= 2000:
                self._prefixes.clear()
            self._prefixes[prefix] = known
        return known

    def words_from(self, prefix: str) -> list[str]:
        """Return the words that begin with `prefix`, in order."""
        if self._sorted is None:
            self._sorted = sorted(set().union(*(self.fields[field] for field in WORD_FIELDS)))
        return _from_prefix(self._sorted, prefix)

    def by_length(self) -> Mapping[int, list[str]]:
        """Return all words by their length, for the correction of typing errors."""
        if self._by_length is None:
            self._by_length = {}
            for word in self.words_from(""):
                self._by_length.setdefault(len(word), []).append(word)
        return self._by_length

    def _skus(self) -> list[str]:
        if self._sorted_skus is None:
            self._sorted_skus = sorted(self.fields[Field.SKU])
        return self._sorted_skus


def union_of(several: Iterable[Hits]) -> Hits:
    """Return the documents of any of these."""
    title = vendor = label = body = sku = part = 0
    for hits in several:
        title, vendor, label = title | hits[0], vendor | hits[1], label | hits[2]
        body, sku, part = body | hits[3], sku | hits[4], part | hits[5]
    return title, vendor, label, body, sku, part


def anywhere(hits: Hits) -> int:
    """Return the documents that hold the word in any field."""
    return hits[0] | hits[1] | hits[2] | hits[3] | hits[4] | hits[5]


def _from_prefix(ordered: list[str], prefix: str) -> list[str]:
    start = bisect_left(ordered, prefix)
    # No character sorts behind the last code point, so every word with the prefix is before this end.
    return ordered[start : bisect_left(ordered, prefix + "\U0010ffff")]
