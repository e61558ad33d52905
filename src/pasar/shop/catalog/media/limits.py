"""Which pictures are taken? Limits from `spec/details.md`, "Safety from the first day"."""

from __future__ import annotations

from typing import Final

from pasar.kernel.pictures import LONGEST_SIDE, MOST_PIXELS, PictureRefused

__all__ = ["LONGEST_SIDE", "MOST_BYTES", "MOST_PIXELS", "WIDTHS", "PictureRefused", "widths_of"]

MOST_BYTES: Final = 10 * 1024 * 1024
"""Bytes of a picture as it comes in, uploaded or fetched."""

WIDTHS: Final = (160, 480, 960, 1600)
"""Widths in pixels that are served."""


def widths_of(width: int) -> tuple[int, ...]:
    """The widths that a picture of `width` pixels is served in: never wider than it is itself.

    A picture narrower than the widest keeps its own width as the last.
    """
    widest = min(width, WIDTHS[-1])
    return (*(served for served in WIDTHS if served < widest), widest)
