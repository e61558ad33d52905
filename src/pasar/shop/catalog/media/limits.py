"""Which pictures are taken? Limits from `spec/details.md`, "Safety from the first day"."""

from __future__ import annotations

from typing import Final

MOST_BYTES: Final = 10 * 1024 * 1024
"""Bytes of a picture as it comes in, uploaded or fetched."""

MOST_PIXELS: Final = 40_000_000
"""Pixels of a picture: width by height."""

LONGEST_SIDE: Final = 16_383
"""Pixels of a side: what a WebP file can hold."""

WIDTHS: Final = (160, 480, 960, 1600)
"""Widths in pixels that are served."""


class PictureRefused(Exception):
    """A picture that is not taken. `code` is for programs, `reason` is a sentence for people."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason


def widths_of(width: int) -> tuple[int, ...]:
    """The widths that a picture of `width` pixels is served in: never wider than it is itself.

    A picture narrower than the widest keeps its own width as the last.
    """
    widest = min(width, WIDTHS[-1])
    return (*(served for served in WIDTHS if served < widest), widest)
