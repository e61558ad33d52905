"""Export the catalogue as a Shopify product CSV, in one stream with flat memory."""

from __future__ import annotations

import io
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final, TextIO
from uuid import UUID

from pasar.kernel.money import exponent
from pasar.kernel.runtime import Runtime
from pasar.shop.catalog.exporting.reading_back import extra_columns, products_after
from pasar.shop.catalog.shopify_writing import write_products

LINE_END: Final = "\r\n"

OnExported = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ExportPiece:
    """Some whole rows of the file, with the number of products in them."""

    text: str
    products: int


async def export_pieces(
    runtime: Runtime, company_id: UUID, *, currency: str, base_url: str = ""
) -> AsyncGenerator[ExportPiece, None]:
    """The file in pieces, heading first; products stand in the order in which they were made.

    Prices are those in `currency`; `base_url` comes before the addresses of pictures that were uploaded here.
    Each piece is read by itself: what changes meanwhile may be met or missed, a product is never torn.
    Raises MoneyError for an unknown currency.
    """
    exponent(currency)
    extras = await extra_columns(runtime.database, company_id)
    after: UUID | None = None
    first = True
    while True:
        products, last = await products_after(
            runtime.database, runtime.files, company_id, after, currency=currency, base_url=base_url
        )
        if not products and not first:
            return
        written = io.StringIO(newline="")
        write_products(products, written, currency=currency, extra_columns=extras)
        text = written.getvalue()
        # Each piece is written with the heading, which never holds a line break; it stands once.
        yield ExportPiece(text if first else text.split(LINE_END, 1)[1], len(products))
        if last is None:
            return
        after, first = last, False


async def export_products(
    runtime: Runtime,
    company_id: UUID,
    text_stream: TextIO,
    *,
    currency: str,
    base_url: str = "",
    on_progress: OnExported | None = None,
) -> int:
    """Write the catalogue to `text_stream`, opened with `newline=""`, and answer the number of products."""
    exported = 0
    pieces = export_pieces(runtime, company_id, currency=currency, base_url=base_url)
    async with aclosing(pieces):
        async for piece in pieces:
            text_stream.write(piece.text)
            exported += piece.products
            if on_progress:
                await on_progress(exported)
    return exported
