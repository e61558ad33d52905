"""Which stock do staff look at, and in which words? A page of variants with what lies there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from pasar.kernel.errors import BadRequest
from pasar.kernel.i18n import N_, Translator
from pasar.kernel.runtime import Runtime
from pasar.shop.catalog.public import VariantFacts, variant_list, variants_by_id
from pasar.shop.inventory.cursors import read_number, write_number
from pasar.shop.inventory.queries import StockFacts, count_low_stock, levels_of, low_stock
from pasar.shop.inventory.stock_status import StockStatus, reorder_level_of
from pasar.web.tables import Badge, Link, Row, Tone

__all__ = ["REASON_WORDS", "STATUS_WORDS", "Shown", "StockPage", "stock_page", "stock_row", "title_of"]

Shown = Literal["", "low", "out"]
MOST_FOUND: Final = 500
"""Variants that a search looks through when a filter of stock is set as well."""

STATUS_WORDS: Final[Mapping[StockStatus, tuple[str, Tone]]] = {
    "out_of_stock": (N_("Sold out"), "danger"),
    "low_stock": (N_("Low"), "warning"),
    "reserved": (N_("Partly reserved"), "neutral"),
    "in_stock": (N_("In stock"), "success"),
}
REASON_WORDS: Final[Mapping[str, str]] = {
    "received": N_("Goods came in"),
    "counted": N_("Counted"),
    "damaged": N_("Damaged"),
    "lost": N_("Lost"),
    "returned": N_("Came back"),
    "correction": N_("Correction"),
    "transfer_in": N_("Came from another place"),
    "transfer_out": N_("Went to another place"),
    "sample": N_("Given as a sample"),
    "theft": N_("Stolen"),
    "other": N_("Something else"),
    "initial": N_("First stock"),
    "shipped": N_("Shipped to a buyer"),
}


@dataclass(frozen=True, slots=True)
class StockPage:
    """Variants with their stock; `total` may be unknown."""

    items: list[tuple[VariantFacts, StockFacts]]
    next_cursor: str | None
    total: int | None


async def stock_page(
    runtime: Runtime,
    company_id: UUID,
    *,
    shown: Shown,
    text: str,
    company_default: int,
    cursor: str | None,
    limit: int,
) -> StockPage:
    """A page of stock. Unfiltered and searched it goes by title, low and out by how little is there.

    Raises `BadRequest` `cursor_malformed`.
    """
    if shown and not text:
        return await _scarce(runtime, company_id, shown, company_default, cursor, limit)
    if shown:
        return await _scarce_found(runtime, company_id, shown, text, company_default)
    offset = _offset(cursor)
    async with runtime.database.transaction() as session:
        variants, total = await variant_list(session, company_id, text, limit=limit, offset=offset)
    stock = await levels_of(runtime.database, company_id, [one.id for one in variants])
    end = offset + len(variants)
    return StockPage(
        [(one, stock[one.id]) for one in variants], str(end) if variants and end < total else None, total
    )


def stock_row(variant: VariantFacts, stock: StockFacts, company_default: int, words: Translator) -> Row:
    """A variant's stock in the list."""
    status, tone = STATUS_WORDS[stock.status(company_default)]
    return Row(
        str(variant.id),
        (
            Link(title_of(variant), f"/admin/stock/{variant.id}"),
            variant.sku,
            Badge(words.gettext(status), tone),
            stock.on_hand,
            stock.reserved,
            stock.available,
        ),
    )


def title_of(variant: VariantFacts) -> str:
    """How the variant is called among all others."""
    return f"{variant.product_title} · {variant.title}" if variant.title else variant.product_title


async def _scarce(
    runtime: Runtime, company_id: UUID, shown: Shown, company_default: int, cursor: str | None, limit: int
) -> StockPage:
    found = await low_stock(
        runtime.database,
        company_id,
        company_default=company_default,
        after=read_number(cursor),
        limit=limit + 1,
    )
    page, more = found[:limit], len(found) > limit
    if shown == "out":  # the scarcest come first, so those with something left end the list
        page, more = [one for one in page if one.available <= 0], more and found[limit].available <= 0
    total = None
    if shown == "low":
        total = await count_low_stock(runtime.database, company_id, company_default)
    last = page[-1] if page else None
    return StockPage(
        await _named(runtime, company_id, page),
        write_number(last.available, last.variant_id) if more and last else None,
        total,
    )


async def _scarce_found(
    runtime: Runtime, company_id: UUID, shown: Shown, text: str, company_default: int
) -> StockPage:
    async with runtime.database.transaction() as session:
        variants, _ = await variant_list(session, company_id, text, limit=MOST_FOUND)
    stock = await levels_of(runtime.database, company_id, [one.id for one in variants])
    found = [
        (one, stock[one.id])
        for one in variants
        if stock[one.id].available
        <= (0 if shown == "out" else reorder_level_of(stock[one.id].reorder_level, company_default))
    ]
    return StockPage(found, None, len(found))


async def _named(
    runtime: Runtime, company_id: UUID, stock: Sequence[StockFacts]
) -> list[tuple[VariantFacts, StockFacts]]:
    async with runtime.database.transaction() as session:
        variants = await variants_by_id(session, company_id, [one.variant_id for one in stock])
    return [(variants[one.variant_id], one) for one in stock if one.variant_id in variants]


def _offset(cursor: str | None) -> int:
    if not cursor:
        return 0
    if not cursor.isascii() or not cursor.isdecimal() or len(cursor) > 7:
        raise BadRequest("cursor_malformed", "This address is cut off. Open the first page again.")
    return int(cursor)
