"""Where does the next page begin? Opaque to clients: they send back what they got."""

from __future__ import annotations

import base64
import binascii

from pasar.kernel.errors import BadRequest

FURTHEST = 1_000_000


def cursor_at(offset: int) -> str:
    """The cursor of the page that begins at `offset`."""
    return base64.urlsafe_b64encode(f"at:{offset}".encode()).decode().rstrip("=")


def offset_of(cursor: str | None) -> int:
    """Where the page of `cursor` begins; 0 without one. Raises `BadRequest` for what is none of ours."""
    if not cursor:
        return 0
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, ValueError):
        text = ""
    figures = text.removeprefix("at:")
    if not text.startswith("at:") or not (figures.isascii() and figures.isdigit()) or len(figures) > 7:
        raise BadRequest("cursor_malformed", "Send the nextCursor of the page before, unchanged, or none.")
    return min(int(figures), FURTHEST)
