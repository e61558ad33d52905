"""Reads for the shop's hot paths: each one statement on the bare pool.

PostgreSQL builds a product as one JSON text, which msgspec turns into facts: measured quicker than rows of
five joins put together in Python. `inventory_available` is asked per variant, as a scalar, so that its
grouping runs over one variant's levels and not over the table.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

import msgspec

from pasar.kernel.db.database import Database
from pasar.shop.catalog.product_facts import ProductFacts, StockedProduct

_FACTS: Final = """
SELECT json_build_object(
         'id', p.id, 'revision', p.revision, 'handle', p.handle, 'title', p.title,
         'description_html', p.description_html, 'vendor', p.vendor, 'tags', p.tags,
         'option_names', p.option_names, 'seo_title', p.seo_title, 'seo_description', p.seo_description,
         'created_at', p.created_at,
         'category', (SELECT json_build_object('id', c.id, 'handle', c.handle, 'title', c.title)
                        FROM categories c WHERE c.company_id = p.company_id AND c.id = p.category_id),
         'pictures', coalesce((
             SELECT json_agg(json_build_object('id', m.id, 'alt', m.alt, 'content_hash', i.content_hash,
                        'width', i.width, 'height', i.height, 'colour', i.mean_colour, 'widths', i.widths)
                        ORDER BY m.position, m.id)
               FROM product_media m
               JOIN pictures i ON i.company_id = m.company_id AND i.id = m.picture_id
              WHERE m.company_id = p.company_id AND m.product_id = p.id AND m.status = 'ready'), '[]'),
         'variants', coalesce(v.variants, '[]'))::text AS facts,
       coalesce(v.available, '{}') AS available, coalesce(v.backorder, '{}') AS backorder
  FROM products p
  LEFT JOIN LATERAL (
       SELECT json_agg(json_build_object('id', v.id, 'sku', v.sku, 'barcode', v.barcode, 'title', v.title,
                  'option_values', v.option_values, 'allow_backorder', v.allow_backorder,
                  'media_id', v.media_id, 'prices', coalesce((
                      SELECT json_object_agg(o.currency, json_build_array(o.amount, o.compare_at))
                        FROM catalog_offers o
                       WHERE o.company_id = v.company_id AND o.variant_id = v.id), '{}'))
                  ORDER BY v.position, v.id) AS variants,
              array_agg(coalesce((
                  SELECT a.available FROM inventory_available a
                   WHERE a.company_id = v.company_id AND a.variant_id = v.id), 0)
                  ORDER BY v.position, v.id) AS available,
              array_agg(coalesce((
                  SELECT a.allow_backorder FROM inventory_available a
                   WHERE a.company_id = v.company_id AND a.variant_id = v.id), v.allow_backorder)
                  ORDER BY v.position, v.id) AS backorder
         FROM variants v
        WHERE v.company_id = p.company_id AND v.product_id = p.id AND v.is_active) v ON true
 WHERE p.company_id = $1 AND p.status = 'active'
"""
BY_IDS: Final = _FACTS + " AND p.id = ANY($2::uuid[])"
BY_HANDLE: Final = _FACTS + " AND p.handle = $2"
STANDING: Final = """
SELECT p.id, p.revision AS number, NULL::boolean AS backorder
  FROM products p
 WHERE p.company_id = $1 AND p.id = ANY($2::uuid[]) AND p.status = 'active'
 UNION ALL
SELECT a.variant_id, a.available, a.allow_backorder
  FROM inventory_available a
 WHERE a.company_id = $1 AND a.variant_id = ANY($3::uuid[])
"""

_decoder = msgspec.json.Decoder(ProductFacts)


async def read_products(database: Database, company_id: UUID, ids: list[UUID]) -> list[StockedProduct]:
    """The active products of these ids, in no order; those that are unknown or not active are left out."""
    rows = await database.rows(BY_IDS, company_id, ids)
    return [_stocked(row) for row in rows]


async def read_product(database: Database, company_id: UUID, handle: str) -> StockedProduct | None:
    """The active product of this handle."""
    row = await database.row(BY_HANDLE, company_id, handle)
    return _stocked(row) if row else None


async def read_standing(
    database: Database, company_id: UUID, product_ids: list[UUID], variant_ids: list[UUID]
) -> dict[UUID, tuple[int, bool | None]]:
    """By id: the revision of each product that is still active; of each variant what is available, and
    whether it may be ordered beyond that.

    A variant without stock is missing.
    """
    rows = await database.rows(STANDING, company_id, product_ids, variant_ids)
    return {row[0]: (row[1], row[2]) for row in rows}


def _stocked(row: Any) -> StockedProduct:
    facts = _decoder.decode(row["facts"])
    return StockedProduct(facts, tuple(row["available"]), tuple(row["backorder"]))
