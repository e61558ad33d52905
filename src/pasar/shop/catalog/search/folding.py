"""Which words does a text hold, whatever its case, accents, hyphens and apostrophes?"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pasar.shop.catalog.accents import without_accents

# A term is a run of letters and figures, with marks inside that may or may not be typed: t-shirt, 3.5, AB/12.
_TERM = re.compile(r"[^\W_]+(?:[-./_+&–‐‑][^\W_]+)*")
_COMPOUND = re.compile(r"[^\W_]+(?:[-./_+&–‐‑][^\W_]+)+")
_PART = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")
_MARK_INSIDE = re.compile(r"[-./_+&–‐‑](?<=[^\W_].)(?=[^\W_])")
_ASCII_SPLIT = {code: " " for code in range(128) if not chr(code).isalnum()}

LONGEST_WORD = 60
"""Longer runs are cut: they are addresses or data, never words that somebody types."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a query: `whole` without its marks (`tshirt`) and its `parts` (`t`, `shirt`)."""

    whole: str
    parts: tuple[str, ...]


def fold(text: str) -> str:
    """Return `text` as it is compared: casefolded, without accents and apostrophes (`Levi's` is `levis`)."""
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    # A compatibility form (a bold letter) may come out as a capital, hence the second casefold.
    return _APOSTROPHES.sub("", without_accents(without_accents(text.casefold()).casefold()))


def words(text: str) -> list[str]:
    """Return the words of `text`, folded, in order: a term with marks gives its parts and its whole."""
    folded = fold(text)
    # Most text is ASCII, where translating and splitting is several times as fast as the expression.
    found = folded.translate(_ASCII_SPLIT).split() if folded.isascii() else _PART.findall(folded)
    if _MARK_INSIDE.search(folded):
        found += ["".join(_PART.findall(run)) for run in _COMPOUND.findall(folded)]
    return [word[:LONGEST_WORD] for word in found] if len(folded) > LONGEST_WORD else found


def terms(text: str) -> list[Term]:
    """Return the terms of a query, each once, in order."""
    return list(dict.fromkeys(_terms(fold(text))))


def sku_whole(sku: str) -> str:
    """Return a SKU as it is compared: only its letters and figures, so that `pf-100 a` finds `PF100-A`."""
    return "".join(_PART.findall(fold(sku)))


def words_of_all(texts: Iterable[str]) -> list[str]:
    """Return the words of several texts; words of neighbours never join."""
    return words("\n".join(texts))


def _terms(folded: str) -> Iterable[Term]:
    for run in _TERM.findall(folded):
        parts = tuple(part[:LONGEST_WORD] for part in _PART.findall(run))
        yield Term("".join(parts)[:LONGEST_WORD], parts)
