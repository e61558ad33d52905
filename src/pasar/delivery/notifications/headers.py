"""What may stand in the head of a mail? Pure.

A line break in a name or subject would begin a header of the attacker's own (CWE-93), so that no control
character passes, whatever the libraries behind would make of it.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets
ADDRESS = re.compile(r'[^\s@<>()\[\]\\,;:"]{1,64}@[^\s@<>()\[\]\\,;:"]+')
# Control characters, lone surrogates, and the separators that some readers take for line breaks.
REFUSED_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})


class UnsafeHeader(ValueError):
    """A value that may not stand in a header; names the header, never the value."""


def safe_words(header: str, value: str) -> str:
    """`value` as it is. Raises `UnsafeHeader` when it holds a control character."""
    if any(unicodedata.category(character) in REFUSED_CATEGORIES for character in value):
        raise UnsafeHeader(f"{header} holds a control character")
    return value


def safe_address(header: str, value: str) -> str:
    """One bare address as it is. Raises `UnsafeHeader` for anything else, a list of two included."""
    safe_words(header, value)
    if len(value) > LONGEST_ADDRESS or not ADDRESS.fullmatch(value):
        raise UnsafeHeader(f"{header} is not one address")
    return value
