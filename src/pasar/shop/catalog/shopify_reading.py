"""Which products does a Shopify product CSV hold?

The format is Shopify's export: one row a variant, product values in the first row of a handle, further rows
that only add a picture. Memory is flat: one product at a time, besides a hash of each handle and SKU.
"""

from collections.abc import Iterator
from typing import BinaryIO

from pasar.kernel.money import exponent
from pasar.shop.catalog.handles import RESERVED_HANDLES, slug
from pasar.shop.catalog.shopify_building import ProductBuilder
from pasar.shop.catalog.shopify_columns import Columns, read_heading
from pasar.shop.catalog.shopify_decoding import lines_of
from pasar.shop.catalog.shopify_problems import OnProblem, Problems
from pasar.shop.catalog.shopify_product import Problem, ShopifyImage, ShopifyProduct, ShopifyVariant
from pasar.shop.catalog.shopify_records import first_line, records_of
from pasar.shop.catalog.shopify_variants import RowReader

__all__ = ["Problem", "ShopifyImage", "ShopifyProduct", "ShopifyVariant", "read_products"]


def read_products(
    binary_stream: BinaryIO, *, currency: str, on_problem: OnProblem, title_required: bool = True
) -> Iterator[ShopifyProduct]:
    """Yield the products of the file one by one; every finding goes to `on_problem` as it is met.

    `currency` (ISO 4217) is that of all prices: the format names none. With `title_required=False` a file
    without titles is an update of products that exist. A row that cannot be used is left out and reported,
    the rest of its product goes in. Rows of a handle that comes back later are yielded with `repeat=True`.
    No content of the file makes this raise; MoneyError for an unknown `currency` is raised at the first step.
    """
    exponent(currency)
    problems = Problems(on_problem)
    lines = lines_of(binary_stream, problems)
    heading, number = first_line(lines)
    delimiter, columns = read_heading(heading)
    if not _usable(columns, max(number, 1), problems, title_required=title_required):
        return
    rows = records_of(lines, delimiter=delimiter, width=columns.width, before=number, problems=problems)
    yield from _Grouping(RowReader(columns, currency, problems), title_required=title_required).products(rows)


def _usable(columns: Columns, line: int, problems: Problems, *, title_required: bool) -> bool:
    for heading in columns.repeated:
        problems.warn(line, heading, "column_repeated", f"{heading!r} stands twice; the first one counts.")
    needed = ["handle", "title"] if title_required else ["handle"]
    missing = [name.capitalize() for name in needed if not columns.has(name)]
    if missing:
        names = " and ".join(missing)
        problems.error(
            line, names, "column_missing", f"The heading lacks {names}: this is no product file of Shopify."
        )
    return not missing


class _Grouping:
    """Gathers neighbouring rows of one handle."""

    def __init__(self, reader: RowReader, *, title_required: bool) -> None:
        self._reader = reader
        self._problems = reader.problems
        self._title_required = title_required
        self._handles: set[int] = set()
        self._skus: set[int] = set()

    def products(self, rows: Iterator[tuple[int, list[str]]]) -> Iterator[ShopifyProduct]:
        width = self._reader.columns.width
        handle_at = self._reader.columns.at["handle"]
        builder: ProductBuilder | None = None
        written, handle = None, ""
        for line, cells in rows:
            row = self._padded(cells, line, width)
            if row is None:
                continue
            if builder is None or row[handle_at] != written:
                named = self._handle(row[handle_at], line)
                if named is None:
                    continue
                if builder is None or named != handle:
                    if builder is not None:
                        yield from self._finished(builder, handle)
                    builder = self._begin(named, line)
                written, handle = row[handle_at], named
            variant = builder.add(row, line)
            if variant is not None and variant.sku is not None:
                self._note_sku(variant.sku, line)
        if builder is not None:
            yield from self._finished(builder, handle)

    def _begin(self, handle: str, line: int) -> ProductBuilder:
        repeat = hash(handle) in self._handles
        if repeat:
            self._problems.warn(
                line, "", "handle_repeated", f"{handle} came before; these rows add to that product."
            )
        return ProductBuilder(self._reader, handle, line, repeat=repeat, title_needed=self._title_required)

    def _finished(self, builder: ProductBuilder, handle: str) -> Iterator[ShopifyProduct]:
        product = builder.product()
        if product is not None:
            self._handles.add(hash(handle))
            yield product

    def _padded(self, cells: list[str], line: int, width: int) -> list[str] | None:
        """Return the row with `width` cells and one empty one; None for an empty row or one too long."""
        if len(cells) != width:
            if any(cells[width:]):
                self._problems.error(
                    line,
                    "",
                    "cells_too_many",
                    f"{len(cells)} cells under {width} headings: a comma unquoted?",
                )
                return None
            del cells[width:]
            cells.extend([""] * (width - len(cells)))
        if not any(cells) or not any(map(str.strip, cells)):
            return None
        cells.append("")
        return cells

    def _handle(self, written: str, line: int) -> str | None:
        handle = slug(written)
        heading = self._reader.columns.headings[self._reader.columns.at["handle"]]
        if not handle:
            self._problems.error(line, heading, "handle_missing", "The row has no handle of Latin letters.")
            return None
        if handle in RESERVED_HANDLES:
            handle = f"{handle}-1"
        if handle != written.strip():
            self._problems.warn(line, heading, "handle_changed", f"{written!r} was changed to {handle}.")
        return handle

    def _note_sku(self, sku: str, line: int) -> None:
        before = len(self._skus)
        self._skus.add(hash(sku))
        if len(self._skus) == before:
            heading = self._reader.columns.headings[self._reader.columns.at["sku"]]
            self._problems.warn(line, heading, "sku_repeated", f"SKU {sku} came before in this file.")
