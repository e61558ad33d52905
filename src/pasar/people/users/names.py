"""Is this a person's name, and how is it kept?"""

from __future__ import annotations

import unicodedata
from typing import Final

LONGEST_NAME: Final = 200

# Marks that turn the direction of text around can make a name read as another one; the rest cannot be shown.
_REFUSED: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class PersonNameError(ValueError):
    """Not a name. `code` is `required`, `too_long` or `control_characters`; the message is English."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def normalise_name(text: str) -> str:
    """The name in NFC, with single spaces. Raises `PersonNameError`."""
    if any(unicodedata.category(mark) in _REFUSED or mark in _TURNING for mark in text):
        raise PersonNameError("control_characters", "Line breaks and control characters are not allowed.")
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise PersonNameError("required", "Say your name.")
    if len(name) > LONGEST_NAME:
        raise PersonNameError("too_long", f"At most {LONGEST_NAME} characters.")
    return name
