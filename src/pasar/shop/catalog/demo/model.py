"""The shape of the demo's goods: plain data, that the demo command feeds to the catalogue's actions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoCategory:
    """A category of the hall, with the copy of its page."""

    handle: str
    title: str
    description: str
    seo_description: str


@dataclass(frozen=True, slots=True)
class DemoVariant:
    """One thing that can be bought.

    ``options`` are the values, in the order of the product's options. Prices in minor units: US cents, and
    hundredths of a rupiah (ISO 4217 gives IDR two decimals: Rp 129.000 is 12_900_000). ``weight`` in grams.
    """

    sku: str
    options: tuple[str, ...]
    usd: int
    idr: int
    stock: int
    weight: int
    compare_at_usd: int | None = None
    compare_at_idr: int | None = None

    @property
    def title(self) -> str:
        """The values of the options, as carts and orders show them; empty for the only variant."""
        return " / ".join(self.options)


@dataclass(frozen=True, slots=True)
class DemoProduct:
    """A good with its copy. ``description`` is HTML paragraphs; ``alt`` says what the drawing shows.

    ``options`` are the names of up to three options; a product without options has one variant.
    """

    handle: str
    category: str
    title: str
    vendor: str
    description: str
    alt: str
    options: tuple[str, ...]
    variants: tuple[DemoVariant, ...]
    tags: tuple[str, ...]
    seo_title: str
    seo_description: str


def product(
    handle: str,
    category: str,
    title: str,
    vendor: str,
    paragraphs: tuple[str, ...],
    alt: str,
    variants: tuple[DemoVariant, ...],
    tags: str,
    options: tuple[str, ...] = (),
) -> DemoProduct:
    """A product whose search texts are its title and its first paragraph: written once, never apart."""
    return DemoProduct(
        handle=handle,
        category=category,
        title=title,
        vendor=vendor,
        description="".join(f"<p>{paragraph}</p>" for paragraph in paragraphs),
        alt=alt,
        options=options,
        variants=variants,
        tags=tuple(tags.split()),
        seo_title=f"{title} by {vendor}",
        seo_description=paragraphs[0],
    )


def one(sku: str, usd: int, idr: int, stock: int, weight: int, *options: str) -> DemoVariant:
    """A variant: ``usd`` in cents, ``idr`` in whole rupiah, ``weight`` in grams."""
    return DemoVariant(sku, options, usd, idr * 100, stock, weight)
