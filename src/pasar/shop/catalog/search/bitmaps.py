"""Which documents does a key belong to?

A set of documents is a Python int whose bit n stands for the document with ordinal n: intersections are `&`
and counts `int.bit_count()`, both in C. A key of few documents keeps a list of ordinals instead, since ten
thousand rare words with a bitmap each would cost ten thousand times the catalogue's width.
"""

from collections.abc import Collection, Hashable, Iterator
from itertools import compress, count
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

_FEW = 24
_TO_TRUTHS = bytes(1 if character == ord("1") else 0 for character in range(256))


def bits_of(ordinals: Collection[int]) -> int:
    """Return the bitmap of these ordinals, in linear time."""
    if len(ordinals) <= _FEW:
        bits = 0
        for ordinal in ordinals:
            bits |= 1 << ordinal
        return bits
    # Setting figures in one text and reading it in base two is linear; `|=` per ordinal is quadratic.
    width = max(ordinals)
    figures = bytearray(b"0") * (width + 1)
    for ordinal in ordinals:
        figures[width - ordinal] = 49
    return int(figures, 2)


def ordinals_of(bits: int) -> list[int]:
    """Return the ordinals of a bitmap, ascending."""
    return list(compress(count(), truths_of(bits)))


def truths_of(bits: int) -> bytes:
    """Return a byte for each ordinal up to the highest of the bitmap: 1 where it is set, 0 where not."""
    return bin(bits)[:1:-1].encode().translate(_TO_TRUTHS)


class Bitmaps(Generic[K]):
    """Documents by key. `load` fills it in bulk and must be followed by `seal`; later changes are single."""

    __slots__ = ("_few", "_many")

    def __init__(self) -> None:
        self._few: dict[K, list[int]] = {}
        self._many: dict[K, int] = {}

    def __contains__(self, key: K) -> bool:
        return key in self._few or key in self._many

    def __len__(self) -> int:
        return len(self._few) + len(self._many)

    def __iter__(self) -> Iterator[K]:
        yield from self._few
        yield from self._many

    def load(self, key: K, ordinal: int) -> None:
        """Add a document while loading in bulk."""
        known = self._few.get(key)
        if known is None:
            self._few[key] = [ordinal]
        else:
            known.append(ordinal)

    def seal(self) -> None:
        """End loading in bulk: keys of many documents get their bitmap."""
        for key in [key for key, ordinals in self._few.items() if len(ordinals) > _FEW]:
            self._many[key] = bits_of(self._few.pop(key))

    def add(self, key: K, ordinal: int) -> None:
        """Add a document that the key does not have yet."""
        if key in self._many:
            self._many[key] |= 1 << ordinal
            return
        self.load(key, ordinal)
        if len(self._few[key]) > _FEW:
            self._many[key] = bits_of(self._few.pop(key))

    def discard(self, key: K, ordinal: int) -> None:
        """Take a document from a key that has it; a key without documents is forgotten."""
        if key in self._many:
            bits = self._many[key] & ~(1 << ordinal)
            if bits:
                self._many[key] = bits
            else:
                del self._many[key]
            return
        ordinals = self._few[key]
        ordinals.remove(ordinal)
        if not ordinals:
            del self._few[key]

    def bits(self, key: K) -> int:
        """Return the documents of a key, 0 for an unknown one."""
        many = self._many.get(key)
        return many if many is not None else bits_of(self._few.get(key, ()))

    def count(self, key: K) -> int:
        """Return the number of documents of a key."""
        many = self._many.get(key)
        return many.bit_count() if many is not None else len(self._few.get(key, ()))

    def counts(self) -> dict[K, int]:
        """Return the number of documents of every key."""
        counted = {key: len(ordinals) for key, ordinals in self._few.items()}
        counted.update((key, bits.bit_count()) for key, bits in self._many.items())
        return counted

    def counts_within(self, bits: int, truths: bytes) -> dict[K, int]:
        """Return the number of documents of every key within `bits`; `truths` is `truths_of(bits)`."""
        width = len(truths)
        counted = {
            key: found
            for key, ordinals in self._few.items()
            if (found := sum([truths[ordinal] for ordinal in ordinals if ordinal < width]))
        }
        counted.update(
            (key, found) for key, many in self._many.items() if (found := (many & bits).bit_count())
        )
        return counted
