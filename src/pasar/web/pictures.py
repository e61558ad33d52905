"""What does a template need to know of a picture?"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PictureSize:
    """One stored width in pixels with the addresses of its two encodings."""

    width: int
    webp: str
    jpeg: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored picture: ``width`` and ``height`` of the original in pixels, ``colour`` its mean, ``#rrggbb``.

    ``sizes`` are ordered from narrow to wide and hold at least one.
    """

    alt: str
    width: int
    height: int
    colour: str
    sizes: tuple[PictureSize, ...]

    @property
    def webp_set(self) -> str:
        """The ``srcset`` of the WebP files."""
        return ", ".join(f"{size.webp} {size.width}w" for size in self.sizes)

    @property
    def jpeg_set(self) -> str:
        """The ``srcset`` of the JPEG files."""
        return ", ".join(f"{size.jpeg} {size.width}w" for size in self.sizes)

    @property
    def fallback(self) -> str:
        """The JPEG for browsers that read no ``srcset``: the widest up to 960 pixels."""
        fitting = [size for size in self.sizes if size.width <= 960]
        return (fitting or list(self.sizes))[-1].jpeg


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product in a grid. Prices in minor units; ``compare_at`` above ``price`` makes it a sale.

    ``from_price`` says that variants cost differently and ``price`` is the lowest.
    """

    title: str
    path: str
    price: int
    currency: str
    vendor: str = ""
    compare_at: int | None = None
    from_price: bool = False
    in_stock: bool = True
    picture: Picture | None = None
