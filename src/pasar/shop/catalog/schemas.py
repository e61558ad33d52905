"""What shoppers' reads answer."""

from __future__ import annotations

from uuid import UUID

from pasar.kernel.http.schema import Output, Page


class SourceOut(Output):
    """One width of a picture, in pixels, with the addresses of its two encodings."""

    width: int
    webp: str
    jpeg: str


class ImageOut(Output):
    """A picture: `width` and `height` of the original in pixels, `colour` its mean as #rrggbb."""

    url: str | None
    alt: str
    width: int
    height: int
    colour: str
    srcset: list[SourceOut]


class CategoryRef(Output):
    """The category that a product is in."""

    id: UUID
    handle: str
    title: str


class OptionOut(Output):
    """An option of a product with the values that its variants have."""

    name: str
    values: list[str]


class VariantOut(Output):
    """A sellable form. `available` counts pieces; `inStock` is also true where backorder is allowed."""

    id: UUID
    sku: str | None
    title: str
    options: dict[str, str]
    price: str
    compare_at_price: str | None
    currency: str
    available: int
    in_stock: bool


class ProductOut(Output):
    """A product as shoppers see it. `description` is safe HTML."""

    id: UUID
    handle: str
    title: str
    description: str
    vendor: str
    category: CategoryRef | None
    tags: list[str]
    images: list[ImageOut]
    options: list[OptionOut]
    variants: list[VariantOut]


class ProductPage(Page[ProductOut]):
    """One page of products."""


class ValueCount(Output):
    """How many of the found products have this value."""

    value: str
    count: int


class CategoryCountOut(Output):
    """How many of the found products are in this category or below it."""

    id: UUID
    handle: str
    title: str
    count: int


class OptionCounts(Output):
    """The values of one option among the found products."""

    name: str
    values: list[ValueCount]


class PriceRangeOut(Output):
    """Products whose lowest price is from `min` to `max`, both inclusive; null is open."""

    min: str
    max: str | None
    count: int


class FacetsOut(Output):
    """What the result may be narrowed to; a facet's own filter is left out of its counts."""

    categories: list[CategoryCountOut]
    vendors: list[ValueCount]
    options: list[OptionCounts]
    price_ranges: list[PriceRangeOut]
    in_stock: int
    out_of_stock: int


class SearchOut(Output):
    """Found products. `didYouMean` is the corrected text where the typed one found nothing."""

    items: list[ProductOut]
    facets: FacetsOut
    total: int
    currency: str
    did_you_mean: str | None = None
    next_cursor: str | None = None


class SuggestionOut(Output, omit_defaults=True):
    """A word to search for or, with a handle, a product's title."""

    text: str
    handle: str | None = None


class CategoryOut(Output):
    """A category with those below it."""

    id: UUID
    handle: str
    title: str
    description: str
    children: list[CategoryOut]
