"""Which words does somebody look for? The text of a search as PostgreSQL's tsquery. Pure."""

from __future__ import annotations

from typing import Final

__all__ = ["prefixes_of"]

MOST_WORDS: Final = 8
LONGEST_WORD: Final = 100


def prefixes_of(text: str) -> str:
    """A tsquery that each word begins a word of the entry: `'ord-2026':* & 'mug':*`; empty for no words.

    Quoted, so that nothing in a word has a meaning of its own.
    """
    words = text.replace("\0", " ").lower().split()[:MOST_WORDS]
    quoted = (word[:LONGEST_WORD].replace("\\", "\\\\").replace("'", "''") for word in words)
    return " & ".join(f"'{word}':*" for word in quoted)
