"""What did somebody type into a field? Text without what no database keeps, and without surprises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

__all__ = ["MOST_TEXT", "text_of", "whole_of"]

MOST_TEXT: Final = 500
"""Characters of a field that are read where no other bound is given."""
_LONGEST_NUMBER: Final = 6


def text_of(form: Mapping[str, Any], name: str, most: int = MOST_TEXT, *, strip: bool = True) -> str:
    """The text of a field; empty for a field that is missing or holds a file. NUL is left out."""
    value = form.get(name)
    if not isinstance(value, str):
        return ""
    text = value.replace("\0", "")
    return (text.strip() if strip else text)[:most]


def whole_of(form: Mapping[str, Any], name: str) -> int | None:
    """The whole number in a field, from 0; None for anything else."""
    text = text_of(form, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None
