"""The list of products in the back office: what was asked, and how each row looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.files import Files
from pasar.kernel.i18n import Translator
from pasar.kernel.ids import parse_id
from pasar.shop.catalog.admin_queries import StaffQuery
from pasar.shop.catalog.admin_schemas import AdminSort
from pasar.shop.catalog.backoffice_words import PRODUCT_STATES
from pasar.shop.catalog.media.addresses import Rendering
from pasar.shop.catalog.models import Product
from pasar.web.form_values import text_of
from pasar.web.pictures import Picture, PictureSize
from pasar.web.tables import Badge, Choice, Column, Filter, Link, Moment, Row, Table, Thumb

__all__ = ["asked_products", "first_pictures", "products_table"]

SORTS: Final = ("title", "updated", "newest")
FIRST_PICTURES: Final = """
SELECT DISTINCT ON (m.product_id) m.product_id, p.content_hash, p.width, p.height, p.mean_colour, p.widths
  FROM product_media m
  JOIN pictures p ON p.company_id = m.company_id AND p.id = m.picture_id
 WHERE m.company_id = $1 AND m.product_id = ANY ($2::uuid[]) AND m.status = 'ready'
 ORDER BY m.product_id, m.position, m.id
"""


def asked_products(query: Mapping[str, str]) -> tuple[StaffQuery, str]:
    """What the address asks for, and its sort as the table's headings name it."""
    sort = query.get("sort", "")
    name = sort.removeprefix("-")
    known = name if name in SORTS else "newest"
    down = sort.startswith("-") if name in SORTS else True
    status = query.get("status", "")
    asked = StaffQuery(
        text=text_of(query, "q", 200),
        status=status if status in PRODUCT_STATES else None,
        category_id=parse_id(query.get("category", "")),
        sort=cast("AdminSort", known),
        # The query's own order is A to Z for titles and newest first for times.
        reverse=down if known == "title" else not down,
    )
    return asked, ("-" if down else "") + known


async def first_pictures(
    session: AsyncSession, files: Files, company_id: UUID, product_ids: Sequence[UUID]
) -> dict[UUID, Picture]:
    """The picture that stands for each product; those without one are missing."""
    found = {}
    for row in await fetch(session, FIRST_PICTURES, (company_id, list(product_ids))):
        width = row.widths[0]
        webp, jpeg = (
            files.public_address(Rendering(row.content_hash, width, kind).path) for kind in ("webp", "jpg")
        )
        sizes = (PictureSize(width, webp, jpeg),)
        found[row.product_id] = Picture("", row.width, row.height, row.mean_colour, sizes)
    return found


def products_table(
    rows: Sequence[Any],
    pictures: Mapping[UUID, Picture],
    asked: StaffQuery,
    categories: Sequence[tuple[str, str]],
    words: Translator,
    *,
    may_write: bool,
    **place: Any,
) -> Table:
    """The list's table; `place` is its sort, pages and total."""
    states = tuple(Choice(state, words.gettext(label)) for state, (label, _) in PRODUCT_STATES.items())
    actions = (
        Choice("activate", words.gettext("Put into the shop")),
        Choice("archive", words.gettext("Archive")),
    )
    return Table(
        columns=(
            Column(words.gettext("Picture")),
            Column(words.gettext("Title"), sort="title"),
            Column(words.gettext("Status")),
            Column(words.gettext("Stock")),
            Column(words.gettext("Vendor")),
            Column(words.gettext("Changed"), sort="updated"),
            Column(words.gettext("Variants"), number=True),
        ),
        rows=[_row(row, pictures, words) for row in rows],
        empty_title=words.gettext("No products yet"),
        empty_text=words.gettext("Make the first one, or import what you have in a file."),
        title_column=1,
        search=asked.text,
        search_label=words.gettext("Title, vendor, tag or SKU"),
        filters=(
            Filter("status", words.gettext("Status"), states, asked.status or ""),
            Filter(
                "category",
                words.gettext("Category"),
                tuple(Choice(key, label) for key, label in categories),
                str(asked.category_id or ""),
            ),
        ),
        bulk_actions=actions if may_write else (),
        bulk_path="/admin/products/bulk" if may_write else "",
        export_path="/admin/products/export.csv",
        **place,
    )


def _row(row: Any, pictures: Mapping[UUID, Picture], words: Translator) -> Row:
    product: Product = row.Product
    state, tone = PRODUCT_STATES[product.status]
    stock = (
        Badge(words.gettext("In stock"), "success")
        if product.in_stock
        else Badge(words.gettext("Sold out"), "danger")
    )
    return Row(
        str(product.id),
        (
            Thumb(pictures.get(product.id), product.title),
            Link(product.title, f"/admin/products/{product.id}"),
            Badge(words.gettext(state), tone),
            stock,
            product.vendor or None,
            Moment(product.updated_at),
            row.variant_count,
        ),
    )
