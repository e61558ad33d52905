"""What has a shopper filtered by, and which address takes one filter away? Pure.

The names in the address are those of `/api/search`: `vendor`, `option.NAME`, `minPrice`, `maxPrice` and
`inStock`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, get_args
from urllib.parse import urlencode

from pasar.shop.catalog.search.documents import Facets, Sort

__all__ = ["Chip", "FacetChoice", "FacetGroup", "Filters", "chips", "facet_groups", "read_filters"]

OPTION: Final = "option."
MOST_PAIRS: Final = 60
"""Pairs of an address that are read; what comes after them is left out."""
SHOWN_AT_ONCE: Final = 8
_CURSOR: Final = "cursor"
_SORTS: Final[tuple[str, ...]] = get_args(Sort)

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address of a list says. Prices are decimal strings as typed."""

    text: str = ""
    category: str | None = None
    vendors: tuple[str, ...] = ()
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    price_min: str = ""
    price_max: str = ""
    in_stock: bool = False
    sort: Sort | None = None
    cursor: str | None = None

    @property
    def any(self) -> bool:
        """Whether the list is narrowed by more than words and category."""
        return bool(self.vendors or self.options or self.price_min or self.price_max or self.in_stock)


@dataclass(frozen=True, slots=True)
class Chip:
    """One active filter; `path` is the address of the list without it."""

    kind: Literal["category", "vendor", "option", "minPrice", "maxPrice", "inStock"]
    name: str
    value: str
    path: str


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """One value that the list may be narrowed to."""

    value: str
    label: str
    count: int
    checked: bool


@dataclass(frozen=True, slots=True)
class FacetGroup:
    """Values of one vendor or option facet under the name of its inputs; `more` are shown on demand."""

    field: str
    title: str
    first: tuple[FacetChoice, ...]
    more: tuple[FacetChoice, ...] = ()

    @property
    def any_checked(self) -> bool:
        """Whether one of its values is chosen."""
        return any(choice.checked for choice in (*self.first, *self.more))


def read_filters(pairs: Pairs) -> Filters:
    """The filters of an address; empty and unknown ones are left out."""
    single: dict[str, str] = {}
    vendors: dict[str, None] = {}
    options: dict[str, dict[str, None]] = {}
    for name, value in pairs[:MOST_PAIRS]:
        if not value.strip():
            continue
        if name == "vendor":
            vendors[value] = None
        elif name.startswith(OPTION):
            options.setdefault(name.removeprefix(OPTION), {})[value] = None
        else:
            single.setdefault(name, value.strip())
    sort = single.get("sort")
    return Filters(
        text=single.get("q", ""),
        category=single.get("category"),
        vendors=tuple(vendors),
        options={name: tuple(values) for name, values in options.items()},
        price_min=single.get("minPrice", ""),
        price_max=single.get("maxPrice", ""),
        in_stock=single.get("inStock") in {"true", "1"},
        sort=sort if sort in _SORTS else None,  # type: ignore[arg-type]  # just compared with the literals
        cursor=single.get(_CURSOR),
    )


def chips(
    path: str, pairs: Pairs, filters: Filters, *, category_title: str | None = None
) -> tuple[Chip, ...]:
    """The active filters, each with the address of the same list without it.

    `category_title` is given where the category is a filter of the address and not the page itself.
    """
    kept = [(name, value) for name, value in pairs[:MOST_PAIRS] if name != _CURSOR and value.strip()]

    def without(name: str, value: str | None = None) -> str:
        rest = [pair for pair in kept if pair[0] != name or (value is not None and pair[1] != value)]
        return f"{path}?{urlencode(rest)}" if rest else path

    found: list[Chip] = []
    if category_title is not None:
        found.append(Chip("category", "", category_title, without("category")))
    found += [Chip("vendor", "", vendor, without("vendor", vendor)) for vendor in filters.vendors]
    for name, values in filters.options.items():
        found += [Chip("option", name, value, without(OPTION + name, value)) for value in values]
    if filters.price_min:
        found.append(Chip("minPrice", "", filters.price_min, without("minPrice")))
    if filters.price_max:
        found.append(Chip("maxPrice", "", filters.price_max, without("maxPrice")))
    if filters.in_stock:
        found.append(Chip("inStock", "", "", without("inStock")))
    return tuple(found)


def facet_groups(facets: Facets, filters: Filters) -> tuple[FacetGroup, ...]:
    """The vendors (titled "") and options to choose from. What is chosen stays, though it finds nothing."""
    groups = [_group("vendor", "", ((v.value, v.count) for v in facets.vendors), filters.vendors)]
    names = dict.fromkeys((*facets.options, *filters.options))
    for name in names:
        counts = ((v.value, v.count) for v in facets.options.get(name, ()))
        groups.append(_group(OPTION + name, name, counts, filters.options.get(name, ())))
    return tuple(group for group in groups if len(group.first) > 1 or group.any_checked)


def _group(
    field_name: str, title: str, counts: Iterable[tuple[str, int]], chosen: Sequence[str]
) -> FacetGroup:
    known = dict(counts)
    choices = [
        FacetChoice(value, value, count, value in chosen)
        for value, count in (known | {value: known.get(value, 0) for value in chosen}).items()
    ]
    first = [choice for position, choice in enumerate(choices) if choice.checked or position < SHOWN_AT_ONCE]
    more = [choice for choice in choices if choice not in first]
    return FacetGroup(field_name, title, tuple(first), tuple(more))
