"""What does one cell of the file mean?

Every function answers the value, or None (ValueError for money) where the cell makes no sense.
"""

import re
from functools import lru_cache

from pasar.kernel.money import Money, exponent

_POINT = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]*))?", re.ASCII)
_COMMA = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+),([0-9]{1,2})", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,12})?", re.ASCII)
_TRUE = frozenset({"true", "yes", "1", "t", "y"})
_FALSE = frozenset({"false", "no", "0", "f", "n"})

MOST_UNITS = 2**31 - 1
"""Grams and pieces fit a PostgreSQL integer."""


# A catalogue repeats few prices very often, and this is the dearest step of a row.
@lru_cache(maxsize=16384)
def price(text: str, currency: str) -> int:
    """Return the minor units of `1299`, `1,299.00`, `12.5` or `1.299,00`.

    Shopify writes a point before decimals; a comma counts as one where it cannot group thousands. Raises
    ValueError for anything else, for a negative price, and for three decimals in a currency of fewer
    (`150.000` may mean a hundred and fifty thousand: guessing would give goods away).
    """
    decimals = exponent(currency)
    match = _POINT.fullmatch(text) or _COMMA.fullmatch(text)
    if match is None:
        raise ValueError("is not a price")
    whole = match[1].replace(",", "").replace(".", "")
    fraction = match[2] or ""
    if len(fraction) == 3 and decimals < 3:
        raise ValueError("may mean thousands or decimals")
    if fraction[decimals:].strip("0"):
        raise ValueError(f"has more decimals than {currency}")
    fraction = fraction[:decimals]
    return Money.parse(f"{whole}.{fraction}" if fraction else whole, currency).minor


def price_text(minor: int, currency: str) -> str:
    """Return the price as Shopify writes it: `1299.00`."""
    return Money(minor, currency).decimal_string()


def whole_number(text: str) -> int | None:
    """Return the nearest whole number of `12`, `453.6` or `-1`; halves go away from zero."""
    if not _NUMBER.fullmatch(text):
        return None
    whole, _, fraction = text.lstrip("-").partition(".")
    number = int(whole) + (fraction[:1] >= "5")
    return min(-number if text.startswith("-") else number, MOST_UNITS)


def truth(text: str) -> bool | None:
    """Return what `TRUE`, `yes`, `0` … say."""
    lowered = text.lower()
    if lowered in _TRUE:
        return True
    return False if lowered in _FALSE else None


def tags(text: str) -> tuple[str, ...]:
    """Return the tags of a comma-separated cell, each once, in their order."""
    return tuple(dict.fromkeys(tag for part in text.split(",") if (tag := part.strip())))


def barcode(text: str) -> str | None:
    """Return the barcode without the apostrophe by which spreadsheets keep figures as text."""
    bare = text[1:] if text[:1] == "'" and text[1:].isdigit() else text
    return bare or None
