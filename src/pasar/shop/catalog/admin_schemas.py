"""What staff send and get back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from pasar.kernel.http.schema import Input, Output
from pasar.shop.catalog.drafts import ProductStatus

Title = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"\S")]
Name = Annotated[str, Meta(min_length=1, max_length=255, pattern=r"\S")]
Handle = Annotated[str, Meta(min_length=1, max_length=200, pattern="^[a-z0-9]+(-[a-z0-9]+)*$")]
Html = Annotated[str, Meta(max_length=500_000)]
Short = Annotated[str, Meta(max_length=1_000)]
Tags = Annotated[list[Annotated[str, Meta(min_length=1, max_length=255)]], Meta(max_length=250)]
Options = Annotated[list[Name], Meta(max_length=3)]
Sku = Annotated[str, Meta(min_length=1, max_length=255)]
Barcode = Annotated[str, Meta(min_length=1, max_length=64)]
Grams = Annotated[int, Meta(ge=0, le=2_000_000_000)]
Amount = Annotated[str, Meta(max_length=24)]
Place = Annotated[int, Meta(ge=0, le=1_000_000)]


class PriceIn(Input):
    """A price in one currency, as decimal strings. `amount: null` ends the sale in that currency."""

    currency: Annotated[str, Meta(min_length=3, max_length=3)]
    amount: Amount | None
    compare_at: Amount | None = None


class VariantIn(Input):
    """A new variant; `options` has one value for each option of its product."""

    options: dict[str, Name] = msgspec.field(default_factory=dict)
    sku: Sku | None = None
    barcode: Barcode | None = None
    weight_grams: Grams = 0
    taxable: bool = True
    requires_shipping: bool = True
    allow_backorder: bool = False
    is_active: bool = True
    prices: Annotated[list[PriceIn], Meta(max_length=50)] = msgspec.field(default_factory=list)


class VariantChange(Input):
    """What is sent is changed, the rest stays. Prices of currencies that are not named stay.

    Whether it may be ordered without stock is a rule of inventory once the variant is there.
    """

    options: dict[str, Name] | UnsetType = UNSET
    sku: Sku | UnsetType | None = UNSET
    barcode: Barcode | UnsetType | None = UNSET
    weight_grams: Grams | UnsetType = UNSET
    taxable: bool | UnsetType = UNSET
    requires_shipping: bool | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
    position: Place | UnsetType = UNSET
    prices: Annotated[list[PriceIn], Meta(max_length=50)] | UnsetType = UNSET


class ProductIn(Input):
    """A new product. Without a `handle` one is made from the title."""

    title: Title
    handle: Handle | None = None
    description: Html = ""
    vendor: Short = ""
    category_id: UUID | None = None
    tags: Tags = msgspec.field(default_factory=list)
    status: ProductStatus = "draft"
    options: Options = msgspec.field(default_factory=list)
    seo_title: Short = ""
    seo_description: Short = ""
    variants: Annotated[list[VariantIn], Meta(max_length=250)] = msgspec.field(default_factory=list)


class ProductChange(Input):
    """What is sent is changed, the rest stays."""

    title: Title | UnsetType = UNSET
    handle: Handle | UnsetType = UNSET
    description: Html | UnsetType = UNSET
    vendor: Short | UnsetType = UNSET
    category_id: UUID | UnsetType | None = UNSET
    tags: Tags | UnsetType = UNSET
    status: ProductStatus | UnsetType = UNSET
    options: Options | UnsetType = UNSET
    seo_title: Short | UnsetType = UNSET
    seo_description: Short | UnsetType = UNSET


class CategoryIn(Input):
    """A new category. Without a `handle` one is made from the title."""

    title: Title
    handle: Handle | None = None
    parent_id: UUID | None = None
    description: Html = ""
    position: Place = 0
    is_active: bool = True


class CategoryChange(Input):
    """What is sent is changed, the rest stays."""

    title: Title | UnsetType = UNSET
    handle: Handle | UnsetType = UNSET
    parent_id: UUID | UnsetType | None = UNSET
    description: Html | UnsetType = UNSET
    position: Place | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET


class AdminPrice(Output):
    """A price as it holds now."""

    currency: str
    amount: str
    compare_at: str | None


class AdminVariant(Output):
    """A variant with all that staff may change of it."""

    id: UUID
    title: str
    options: dict[str, str]
    sku: str | None
    barcode: str | None
    weight_grams: int
    taxable: bool
    requires_shipping: bool
    allow_backorder: bool
    is_active: bool
    in_stock: bool
    position: int
    prices: list[AdminPrice]


class AdminProduct(Output):
    """A product with all that staff may change of it. `description` is safe HTML."""

    id: UUID
    handle: str
    title: str
    description: str
    vendor: str
    category_id: UUID | None
    tags: list[str]
    status: ProductStatus
    options: list[str]
    seo_title: str
    seo_description: str
    in_stock: bool
    created_at: datetime
    updated_at: datetime
    variants: list[AdminVariant]


class AdminProductRow(Output):
    """A product in staff's list."""

    id: UUID
    handle: str
    title: str
    vendor: str
    category_id: UUID | None
    status: ProductStatus
    in_stock: bool
    variant_count: int
    skus: list[str]
    created_at: datetime
    updated_at: datetime


class AdminCategory(Output):
    """A category as staff see it, switched-off ones included."""

    id: UUID
    parent_id: UUID | None
    handle: str
    title: str
    description: str
    position: int
    is_active: bool


class PriceChangeOut(Output):
    """One change of a price; null stands for no price."""

    variant_id: UUID
    currency: str
    old_amount: str | None
    new_amount: str | None
    old_compare_at: str | None
    new_compare_at: str | None
    changed_at: datetime
    changed_by: str


AdminSort = Literal["newest", "updated", "title"]
