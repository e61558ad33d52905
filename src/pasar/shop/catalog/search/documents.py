"""What does the search know, what is it asked, and what does it answer?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

Sort = Literal["relevance", "newest", "price_asc", "price_desc", "title"]


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One product as shoppers find it.

    `revision` grows with each change of the product; an older one never replaces a newer one. `category_ids`
    are its category and all ancestors. `body_text` is plain text. `options` maps a name to the values of all
    variants; `prices` maps a currency to the lowest and highest variant price in minor units. `created_at`
    is in seconds since the epoch.
    """

    product_id: UUID
    revision: int
    title: str
    handle: str
    created_at: float
    vendor: str = ""
    category_ids: tuple[UUID, ...] = ()
    tags: tuple[str, ...] = ()
    body_text: str = ""
    skus: tuple[str, ...] = ()
    options: Mapping[str, frozenset[str]] = field(default_factory=dict)
    prices: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    in_stock: bool = True


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What a shopper asks.

    Values of one filter are alternatives, different filters all hold. A product's price is its lowest in
    `currency`; `price_min` and `price_max` are minor units, both inclusive, and without a currency no product
    has a price. `in_stock=None` asks for both. `relevance` without text means `newest`.
    """

    text: str = ""
    currency: str | None = None
    category: UUID | None = None
    vendors: frozenset[str] = frozenset()
    options: Mapping[str, frozenset[str]] = field(default_factory=dict)
    price_min: int | None = None
    price_max: int | None = None
    in_stock: bool | None = None
    sort: Sort = "relevance"
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many of the found products have this value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """How many of the found products are in this category or below it."""

    category_id: UUID
    count: int


@dataclass(frozen=True, slots=True)
class PriceRange:
    """Products whose lowest price is from `price_min` to `price_max`, both inclusive; None is open."""

    price_min: int
    price_max: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """What the result may be narrowed to. The filter of a facet itself does not touch its counts.

    Each list holds at most fifty values, most frequent first; price ranges ascend.
    """

    categories: tuple[CategoryCount, ...]
    vendors: tuple[FacetCount, ...]
    options: Mapping[str, tuple[FacetCount, ...]]
    price_ranges: tuple[PriceRange, ...]
    in_stock: int
    out_of_stock: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A page of products. `did_you_mean` is the corrected text where the typed one found nothing."""

    product_ids: tuple[UUID, ...]
    total: int
    facets: Facets
    did_you_mean: str | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word to search for, or, with a product, the title of that product."""

    text: str
    product_id: UUID | None = None
    handle: str | None = None
