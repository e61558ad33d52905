"""What does Shopify's product CSV say about a product?

All values are as the file gives them after normalisation: money in minor units of the currency that the
caller named, weights in grams. `line` is the physical line of the file and takes no part in equality, so
that a product equals itself after a round trip.
"""

from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]
Policy = Literal["deny", "continue"]
Status = Literal["active", "draft", "archived"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding about the file. `error`: the row was left out; `warning`: it went in, changed or doubtful.

    `line` is the physical line where the row starts (1 is the first line of the file); `column` is the
    heading as the file spells it, empty when the whole row is meant; `code` is stable for programs.
    """

    line: int
    column: str
    code: str
    message: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class ShopifyImage:
    """A picture of a product; `position` counts from 1."""

    src: str
    position: int
    alt: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ShopifyVariant:
    """A sellable variant. `options` has one value for each option name of the product.

    `quantity` is None where the file gives none. `extra` holds the remaining columns of the variant by their
    heading, only those with a value (`Variant Inventory Tracker` absent: Shopify does not count this stock).
    """

    options: tuple[str, ...]
    sku: str | None
    barcode: str | None
    weight_grams: int
    quantity: int | None
    policy: Policy
    price_minor: int
    compare_at_minor: int | None
    requires_shipping: bool
    taxable: bool
    image_src: str | None
    extra: dict[str, str]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ShopifyProduct:
    """A product with its variants and images.

    `options` are the option names, at most three, none for a product that is sold as it is. With `repeat`
    the handle came before in the file: its variants and images are an update of that product, `title` may be
    empty and `options` may be empty although the variants name values.
    """

    handle: str
    title: str
    body_html: str
    vendor: str
    product_type: str
    tags: tuple[str, ...]
    published: bool
    options: tuple[str, ...]
    variants: tuple[ShopifyVariant, ...]
    images: tuple[ShopifyImage, ...]
    seo_title: str
    seo_description: str
    status: Status
    gift_card: bool
    extra: dict[str, str]
    repeat: bool = False
    line: int = field(default=0, compare=False)
