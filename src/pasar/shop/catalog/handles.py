"""Under which handle (the last part of its address) is a product found?"""

import re
from collections.abc import Container

from pasar.shop.catalog.accents import without_accents

# Paths of the product API that stand where a handle would stand.
RESERVED_HANDLES = frozenset({"search", "stats", "trending", "suggest", "new"})

HANDLE_LENGTH = 200
"""The greatest number of characters of a handle; Shopify stops at 255, addresses stay readable below."""

_APOSTROPHES = re.compile(r"['’‘`´]")
_OTHERS = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str:
    """Return `text` folded to `[a-z0-9-]`, empty when nothing of it can be written so."""
    folded = without_accents(_APOSTROPHES.sub("", text)).casefold()
    return _OTHERS.sub("-", folded).strip("-")[:HANDLE_LENGTH].rstrip("-")


def handle_from(title: str) -> str:
    """Return the handle that a new product of this title asks for.

    A title without a Latin letter or figure gives `product`; a reserved word gets a figure, the same one
    each time, so that importing a file twice meets the same product.
    """
    base = slug(title) or "product"
    return f"{base}-1" if base in RESERVED_HANDLES else base


def unique_handle(base: str, taken: Container[str]) -> str:
    """Return `base`, or `base-1`, `base-2` … : the first that is neither taken nor reserved."""
    candidate, number = base, 0
    while candidate in taken or candidate in RESERVED_HANDLES:
        number += 1
        ending = f"-{number}"
        candidate = base[: HANDLE_LENGTH - len(ending)].rstrip("-") + ending
    return candidate
