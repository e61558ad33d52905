"""What is shown of a product in the shop? Facts that change with the product's revision, and no other way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CategoryFacts:
    """The category that a product is in."""

    id: UUID
    handle: str
    title: str


@dataclass(frozen=True, slots=True)
class PictureFacts:
    """A stored picture at its place; `widths` in pixels, ascending, are served as WebP and JPEG."""

    id: UUID
    alt: str
    content_hash: str
    width: int
    height: int
    colour: str
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShopVariant:
    """An active variant. `prices` maps a currency to amount and compare-at amount in minor units."""

    id: UUID
    sku: str | None
    barcode: str | None
    title: str
    option_values: tuple[str, ...]
    allow_backorder: bool
    media_id: UUID | None
    prices: dict[str, tuple[int, int | None]]


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """An active product with its active variants and ready pictures, each in order.

    `json` keeps its JSON by currency, cut where stock goes in: see `product_json`.
    """

    id: UUID
    revision: int
    handle: str
    title: str
    description_html: str
    vendor: str
    category: CategoryFacts | None
    tags: tuple[str, ...]
    option_names: tuple[str, ...]
    seo_title: str
    seo_description: str
    created_at: datetime
    pictures: tuple[PictureFacts, ...]
    variants: tuple[ShopVariant, ...]
    json: dict[str, tuple[bytes, ...]] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class StockedProduct:
    """A product with its stock as it stands now: `available` and `backorder` run parallel to the variants.

    `backorder` is inventory's rule, and the variant's own as long as it has no stock row.
    """

    facts: ProductFacts
    available: tuple[int, ...]
    backorder: tuple[bool, ...]

    def is_sold_in(self, currency: str) -> bool:
        """Whether one of its variants has a price in `currency`."""
        return any(currency in variant.prices for variant in self.facts.variants)

    def offers(self, currency: str) -> list[Offer]:
        """The variants that are sold in `currency`, in order."""
        return [
            Offer(variant, *variant.prices[currency], available, backorder)
            for variant, available, backorder in zip(
                self.facts.variants, self.available, self.backorder, strict=True
            )
            if currency in variant.prices
        ]


@dataclass(frozen=True, slots=True)
class Offer:
    """A variant at its price: `amount` and `compare_at` in minor units of the currency asked for."""

    variant: ShopVariant
    amount: int
    compare_at: int | None
    available: int
    backorder: bool

    @property
    def in_stock(self) -> bool:
        """Whether it can be bought now."""
        return self.available > 0 or self.backorder
