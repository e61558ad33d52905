"""How does the catalogue come into memory for shoppers' search?"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import msgspec

from pasar.kernel.db.database import Database
from pasar.shop.catalog.category_tree import CategoryTree
from pasar.shop.catalog.cleaning import plain_text
from pasar.shop.catalog.search.documents import SearchDocument

CHUNK = 1_000
"""Products per statement: a tenth of a second each, so that others get their turn."""

_DOCUMENT: Final = """
SELECT p.id, p.revision, p.status = 'active' AS listed, p.title, p.handle,
       extract(epoch FROM p.created_at)::float8 AS created, p.vendor, p.category_id, p.tags,
       p.description_html, p.in_stock, p.option_names, v.skus, coalesce(v.options, '[]')::text AS options,
       coalesce((SELECT json_object_agg(o.currency, json_build_array(o.low, o.high))
                   FROM (SELECT o.currency, min(o.amount) AS low, max(o.amount) AS high
                           FROM catalog_offers o
                          WHERE o.company_id = p.company_id AND o.product_id = p.id
                          GROUP BY o.currency) o), '{}')::text AS prices
  FROM products p
  LEFT JOIN LATERAL (
       SELECT array_agg(v.sku) FILTER (WHERE v.sku IS NOT NULL) AS skus, json_agg(v.option_values) AS options
         FROM variants v
        WHERE v.company_id = p.company_id AND v.product_id = p.id AND v.is_active) v ON true
 WHERE p.company_id = $1
"""
AFTER_ID: Final = _DOCUMENT + " AND p.id > $2 AND p.status = 'active' ORDER BY p.id LIMIT $3"
AFTER_REVISION: Final = _DOCUMENT + " AND p.revision > $2 ORDER BY p.revision, p.id LIMIT $3"
OF_REVISION: Final = _DOCUMENT + " AND p.revision = $2 AND p.id > $3 ORDER BY p.id"
REVISION: Final = "SELECT coalesce((SELECT revision FROM catalog_revisions WHERE company_id = $1), 0)"

_options = msgspec.json.Decoder(list[list[str]])
_prices = msgspec.json.Decoder(dict[str, tuple[int, int]])


async def read_revision(database: Database, company_id: UUID) -> int:
    """Where the company's catalogue stands."""
    return int(await database.value(REVISION, company_id))


async def rows_after_id(database: Database, company_id: UUID, last: UUID) -> list[Any]:
    """The next active products by id, for the first load."""
    return await database.rows(AFTER_ID, company_id, last, CHUNK)


async def rows_after_revision(database: Database, company_id: UUID, seen: int) -> list[Any]:
    """The products changed after revision `seen`, in order of revision; never half a revision."""
    rows = await database.rows(AFTER_REVISION, company_id, seen, CHUNK)
    if len(rows) == CHUNK:
        last = rows[-1]
        rows += await database.rows(OF_REVISION, company_id, last["revision"], last["id"])
    return rows


def documents_of(rows: list[Any], tree: CategoryTree) -> list[SearchDocument]:
    """The rows as documents. No I/O: the first load does this in a thread."""
    return [document_of(row, tree) for row in rows]


def document_of(row: Any, tree: CategoryTree) -> SearchDocument:
    """One row as a document."""
    values = _options.decode(row["options"])
    return SearchDocument(
        product_id=row["id"],
        revision=row["revision"],
        title=row["title"],
        handle=row["handle"],
        created_at=row["created"],
        vendor=row["vendor"],
        category_ids=tree.path_ids(row["category_id"]),
        tags=tuple(row["tags"]),
        body_text=plain_text(row["description_html"]),
        skus=tuple(row["skus"] or ()),
        options={
            name: frozenset(variant[place] for variant in values if place < len(variant))
            for place, name in enumerate(row["option_names"])
        },
        prices=_prices.decode(row["prices"]),
        in_stock=row["in_stock"],
    )
