"""How do the rows of one handle become one product?"""

from pasar.shop.catalog import shopify_cells
from pasar.shop.catalog.shopify_product import ShopifyImage, ShopifyProduct, ShopifyVariant, Status
from pasar.shop.catalog.shopify_variants import RowReader

_STATUSES: dict[str, Status] = {"active": "active", "draft": "draft", "archived": "archived"}
_WITHOUT_OPTIONS = ("Title",)
_DEFAULT_VALUE = ("Default Title",)


class ProductBuilder:
    """Takes the rows of one handle in their order and gives the product at the end."""

    def __init__(
        self, reader: RowReader, handle: str, line: int, *, repeat: bool, title_needed: bool
    ) -> None:
        self._reader = reader
        self._handle = handle
        self._line = line
        self._repeat = repeat
        self._title_needed = title_needed and not repeat
        self._head: list[str] | None = None
        self._names: tuple[str, ...] | None = None
        self._variants: list[ShopifyVariant] = []
        self._images: list[ShopifyImage] = []
        self._addresses: set[str] = set()
        self._combinations: dict[tuple[str, ...], int] = {}
        self._rows = 0

    def add(self, row: list[str], line: int) -> ShopifyVariant | None:
        """Take a row; return the variant that it added. What cannot be used is reported."""
        self._rows += 1
        reader = self._reader
        if self._head is None and (row[reader.columns.at["title"]].strip() or not self._title_needed):
            # Usually the first row; where that one was unreadable, the first that names the product.
            self._head, self._line = row, line
        if self._names is None and any(reader.option_names(row)):
            self._names = self._named(row)
        image = reader.image(row, line, len(self._images) + 1)
        if image is not None and image.src not in self._addresses:
            self._addresses.add(image.src)
            self._images.append(image)
        return self._add_variant(row, line) if reader.speaks_of_variant(row) else None

    def _add_variant(self, row: list[str], line: int) -> ShopifyVariant | None:
        reader = self._reader
        options = self._options(row, line)
        if options is None:
            return None
        key = tuple(value.casefold() for value in options)
        if (earlier := self._combinations.get(key)) is not None:
            combination = " / ".join(options) or "no options"
            reader.problems.error(
                line, "", "variant_repeated", f"{combination} stands in line {earlier} already."
            )
            return None
        variant = reader.variant(row, line, options)
        if variant is not None:
            self._combinations[key] = line
            self._variants.append(variant)
        return variant

    def _named(self, row: list[str]) -> tuple[str, ...]:
        """Return the names up to the last one that has a name; a gap is an empty name, refused later."""
        names = list(self._reader.option_names(row))
        while names and not names[-1]:
            names.pop()
        return tuple(names)

    def _options(self, row: list[str], line: int) -> tuple[str, ...] | None:
        values = self._reader.option_values(row)
        if self._names is None:
            if self._repeat:
                # The names were told where the handle came first; only the values count here.
                return _used(values)
            self._names = tuple(f"Option {n}" for n, _ in enumerate(_used(values), 1))
            if values[0] and _used(values) == _DEFAULT_VALUE:
                self._names = _WITHOUT_OPTIONS
            elif values[0]:
                self._warn_unnamed(line)
        used = values[: len(self._names)]
        if all(used) and all(self._names) and not any(values[len(self._names) :]):
            return used
        self._reader.problems.error(
            line, "", "options_incomplete", "The option names and values of the row do not match."
        )
        return None

    def _warn_unnamed(self, line: int) -> None:
        heading = self._reader.columns.headings[self._reader.columns.at["option1_value"]]
        self._reader.problems.warn(
            line, heading, "option_unnamed", "The option values have no names; Option 1 … was taken."
        )

    def product(self) -> ShopifyProduct | None:
        """Return the product; None, reported once, where no row names it."""
        row = self._head
        reader = self._reader
        if row is None:
            self._report_untitled()
            return None
        names, variants = self._names or (), tuple(self._variants)
        if names in ((), _WITHOUT_OPTIONS) and all(
            variant.options in ((), _DEFAULT_VALUE) for variant in variants
        ):
            names, variants = (), tuple(_optionless(variant) for variant in variants)
        at = reader.columns.at
        return ShopifyProduct(
            handle=self._handle,
            title=row[at["title"]].strip(),
            body_html=row[at["body"]],
            vendor=row[at["vendor"]].strip(),
            product_type=row[at["type"]].strip(),
            tags=shopify_cells.tags(row[at["tags"]]),
            published=reader.truth(row, at["published"], self._line, default=True),
            options=names,
            variants=variants,
            images=tuple(self._images),
            seo_title=row[at["seo_title"]].strip(),
            seo_description=row[at["seo_description"]].strip(),
            status=self._status(row),
            gift_card=reader.truth(row, at["gift_card"], self._line, default=False),
            extra={name: row[cell] for cell, name in reader.columns.product_extras if row[cell]},
            repeat=self._repeat,
            line=self._line,
        )

    def _report_untitled(self) -> None:
        columns = self._reader.columns
        message = f"{self._handle} has no title: left out with all its rows ({self._rows})."
        self._reader.problems.error(
            self._line, columns.headings[columns.at["title"]], "title_missing", message
        )

    def _status(self, row: list[str]) -> Status:
        cell = self._reader.columns.at["status"]
        text = row[cell].strip().lower()
        status = _STATUSES.get(text)
        if status is None and text:
            # Not shown is the safe reading of a word we do not know ("unlisted").
            heading = self._reader.columns.headings[cell]
            self._reader.problems.warn(
                self._line, heading, "status_unknown", f"{text!r} is no status we know; draft was taken."
            )
            return "draft"
        return status or "active"


def _used(values: tuple[str, str, str]) -> tuple[str, ...]:
    """Return the values up to the last one given."""
    used = list(values)
    while used and not used[-1]:
        used.pop()
    return tuple(used)


def _optionless(variant: ShopifyVariant) -> ShopifyVariant:
    return ShopifyVariant(
        (),
        variant.sku,
        variant.barcode,
        variant.weight_grams,
        variant.quantity,
        variant.policy,
        variant.price_minor,
        variant.compare_at_minor,
        variant.requires_shipping,
        variant.taxable,
        variant.image_src,
        variant.extra,
        variant.line,
    )
