"""Which column of the file means what?"""

import csv
import re
from dataclasses import dataclass
from typing import Final

# Heading (lower case, single spaces) -> our name. Shopify's older export first, its newer template second.
_NAMES: Final[dict[str, str]] = {
    "handle": "handle",
    "url handle": "handle",
    "title": "title",
    "body (html)": "body",
    "body html": "body",
    "description": "body",
    "vendor": "vendor",
    "type": "type",
    "custom product type": "type",
    "tags": "tags",
    "published": "published",
    "published on online store": "published",
    "variant sku": "sku",
    "sku": "sku",
    "variant barcode": "barcode",
    "barcode": "barcode",
    "variant grams": "grams",
    "weight value (grams)": "grams",
    "variant inventory qty": "quantity",
    "inventory quantity": "quantity",
    "variant inventory policy": "policy",
    "continue selling when out of stock": "policy",
    "variant price": "price",
    "price": "price",
    "variant compare at price": "compare_at",
    "compare at price": "compare_at",
    "compare-at price": "compare_at",
    "variant requires shipping": "requires_shipping",
    "requires shipping": "requires_shipping",
    "variant taxable": "taxable",
    "charge tax": "taxable",
    "image src": "image_src",
    "product image url": "image_src",
    "image position": "image_position",
    "image alt text": "image_alt",
    "variant image": "variant_image",
    "variant image url": "variant_image",
    "gift card": "gift_card",
    "seo title": "seo_title",
    "seo description": "seo_description",
    "status": "status",
    **{f"option{n} name": f"option{n}_name" for n in (1, 2, 3)},
    **{f"option{n} value": f"option{n}_value" for n in (1, 2, 3)},
}
_FIELDS: Final = frozenset(_NAMES.values())

# Columns that the catalogue only carries; newer headings are led back to the older ones.
_VARIANT_EXTRAS: Final[dict[str, str]] = {
    "inventory tracker": "Variant Inventory Tracker",
    "fulfillment service": "Variant Fulfillment Service",
    "weight unit for display": "Variant Weight Unit",
    "tax code": "Variant Tax Code",
    "cost per item": "Cost per item",
    "unit price total measure": "Unit Price Total Measure",
    "unit price total measure unit": "Unit Price Total Measure Unit",
    "unit price base measure": "Unit Price Base Measure",
    "unit price base measure unit": "Unit Price Base Measure Unit",
}
_SPACE: Final = re.compile(r"\s+")
_DELIMITERS: Final = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each value stands. A column that the file lacks stands at `width`, one past the last cell.

    `headings` are as the file spells them, with one empty heading at `width`; the extras are (cell, heading).
    """

    at: dict[str, int]
    headings: tuple[str, ...]
    width: int
    product_extras: tuple[tuple[int, str], ...]
    variant_extras: tuple[tuple[int, str], ...]
    repeated: tuple[str, ...]

    def has(self, name: str) -> bool:
        """Tell whether the file has this column."""
        return self.at[name] < self.width


def read_heading(line: str) -> tuple[str, Columns]:
    """Return the delimiter of the file and its columns: the delimiter under which most columns are known."""
    candidates = [(delimiter, _columns(_cells(line, delimiter))) for delimiter in _DELIMITERS]
    return max(candidates, key=lambda candidate: _known(candidate[1]))


def _known(columns: Columns) -> int:
    return sum(position < columns.width for position in columns.at.values())


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def is_variant_extra(heading: str) -> bool:
    """Tell whether an unknown column speaks of a variant (one value a row) or of the product (first row)."""
    name = _SPACE.sub(" ", heading).strip().casefold()
    return name.startswith("variant ") or name in _CARRIED


_CARRIED: Final = frozenset(_VARIANT_EXTRAS) | {name.casefold() for name in _VARIANT_EXTRAS.values()}


def _columns(cells: list[str]) -> Columns:
    headings = [_SPACE.sub(" ", cell).strip() for cell in cells]
    names = [heading.casefold() for heading in headings]
    known = dict(_NAMES)
    if not {"type", "custom product type"} & set(names):
        # Newer files may name the category only; where both stand, Type is the shop's own word for it.
        known["product category"] = "type"
    at: dict[str, int] = {}
    product: list[tuple[int, str]] = []
    variant: list[tuple[int, str]] = []
    repeated: list[str] = []
    extras: set[str] = set()
    for position, (heading, name) in enumerate(zip(headings, names, strict=True)):
        field = known.get(name)
        canonical = _VARIANT_EXTRAS.get(name, heading)
        if (field in at) if field else (canonical in extras):
            repeated.append(heading)
        elif field:
            at[field] = position
        elif heading:
            extras.add(canonical)
            (variant if is_variant_extra(heading) else product).append((position, canonical))
    width = len(headings)
    for field in _FIELDS:
        at.setdefault(field, width)
    return Columns(at, (*headings, ""), width, tuple(product), tuple(variant), tuple(repeated))
