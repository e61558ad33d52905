"""Does a postcode pattern take in a postcode? The one grammar of taxes and shipping.

A pattern is exact ("94105"), a prefix ("94*") or a range of equally long numbers ("12000-12999"). Spaces,
hyphens and case do not matter; of a ZIP+4 the first five digits count too.
"""

import re
from functools import lru_cache
from typing import Final, Literal, Protocol

__all__ = ["Place", "PostcodePatternError", "check_pattern", "codes_covered"]

_EXACT: Final = re.compile(r"[0-9A-Z]{1,12}", re.ASCII)
_PREFIX: Final = re.compile(r"([0-9A-Z]{1,11})\*", re.ASCII)
_RANGE: Final = re.compile(r"([0-9]{1,10})-([0-9]{1,10})", re.ASCII)
_ZIP_PLUS_FOUR: Final = re.compile(r"([0-9]{5})[ -][0-9]{4}", re.ASCII)


class PostcodePatternError(ValueError):
    """A pattern of none of the three kinds; the message says what is wrong."""


class Place(Protocol):
    """Where goods go, as far as rules ask; an address satisfies it. Unknown parts are empty strings."""

    @property
    def country(self) -> str: ...
    @property
    def region(self) -> str: ...
    @property
    def postal_code(self) -> str: ...


def check_pattern(pattern: str) -> None:
    """Raise PostcodePatternError for a pattern of none of the three kinds."""
    _pattern(pattern)


def codes_covered(pattern: str, postal_code: str) -> int | None:
    """How many postcodes a pattern takes in (0: it is exact), or None when it does not match this one."""
    text = postal_code.strip().upper()
    plus_four = _ZIP_PLUS_FOUR.fullmatch(text)
    whole = _compact(text)
    code = plus_four[1] if plus_four else whole
    kind, low, high = _pattern(pattern)
    if kind == "exact":
        return 0 if low in {code, whole} else None
    if kind == "prefix":
        return 10 ** max(0, len(code) - len(low)) if whole.startswith(low) else None
    in_range = len(code) == len(low) and code.isdecimal() and low <= code <= high
    return int(high) - int(low) + 1 if in_range else None


@lru_cache(maxsize=4096)
def _pattern(text: str) -> tuple[Literal["exact", "prefix", "range"], str, str]:
    """Read a pattern. Two equally long numbers around a hyphen are a range, so "100-0001" is one JP code.

    A postcode that is itself written so (Iran's "12345-67890") is given without its hyphen.
    """
    upper = text.strip().upper()
    bounds = _RANGE.fullmatch(upper.replace(" ", ""))
    if bounds and len(bounds[1]) == len(bounds[2]):
        if bounds[1] > bounds[2]:
            raise PostcodePatternError("the postcode range runs backwards")
        return "range", bounds[1], bounds[2]
    compact = _compact(upper)
    if prefix := _PREFIX.fullmatch(compact):
        return "prefix", prefix[1], ""
    if _EXACT.fullmatch(compact):
        return "exact", compact, ""
    raise PostcodePatternError('a postcode pattern is "94105", "94*" or "12000-12999"')


def _compact(text: str) -> str:
    return text.replace(" ", "").replace("-", "")
