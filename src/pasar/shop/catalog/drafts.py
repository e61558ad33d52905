"""What does somebody want a product to be? The form in which importers and the demo hand products over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

ProductStatus = Literal["draft", "active", "archived"]
Outcome = Literal["created", "updated", "unchanged", "refused"]


@dataclass(frozen=True, slots=True)
class PictureDraft:
    """A picture: an address to fetch it from (the job does), or a picture that is already stored."""

    source_url: str | None = None
    picture_id: UUID | None = None
    alt: str = ""


@dataclass(frozen=True, slots=True)
class VariantDraft:
    """One sellable form. `option_values` run parallel to the product's `option_names`.

    Money is in minor units of the currency that the whole upsert is for; `price_minor=None` leaves the
    prices of an existing variant alone, and sells a new one nowhere. `on_hand` is only handed back in the
    outcome, for whoever sets the stock of new variants. `picture_url` is the `source_url` of one of the
    product's pictures.
    """

    option_values: tuple[str, ...] = ()
    sku: str | None = None
    barcode: str | None = None
    weight_grams: int = 0
    taxable: bool = True
    requires_shipping: bool = True
    allow_backorder: bool = False
    price_minor: int | None = None
    compare_at_minor: int | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    picture_url: str | None = None
    on_hand: int | None = None


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """A whole product. `description_html` is cleaned on the way in, whoever sends it.

    `category_handle` names a category; without one, `category_title` does, and a missing category is made.
    Existing variants that the draft does not name stay. A `partial` draft (a product repeated in a file)
    brings variants and pictures only: the product's own texts, options, category and status stay.
    """

    handle: str
    title: str
    description_html: str = ""
    vendor: str = ""
    category_title: str | None = None
    category_handle: str | None = None
    tags: tuple[str, ...] = ()
    status: ProductStatus = "active"
    option_names: tuple[str, ...] = ()
    seo_title: str = ""
    seo_description: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    variants: tuple[VariantDraft, ...] = ()
    pictures: tuple[PictureDraft, ...] = ()
    partial: bool = False


@dataclass(frozen=True, slots=True)
class NewVariant:
    """A variant that an upsert made. `on_hand` and `allow_backorder` are the draft's."""

    id: UUID
    on_hand: int | None
    allow_backorder: bool


@dataclass(frozen=True, slots=True)
class UpsertOutcome:
    """What became of one draft, in the order of the drafts.

    `variants` maps the option values of each of the draft's variants to its id; `new_variants` are those
    that were made, and `switched` says of known ones whether they may be backordered now, where that changed:
    the caller tells who keeps the stock. A refused draft changed nothing, has no `product_id`, and says why
    in `problem`.
    """

    handle: str
    outcome: Outcome
    product_id: UUID | None
    variants: Mapping[tuple[str, ...], UUID] = field(default_factory=dict)
    new_variants: tuple[NewVariant, ...] = ()
    problem: str | None = None
    switched: Mapping[UUID, bool] = field(default_factory=dict)
