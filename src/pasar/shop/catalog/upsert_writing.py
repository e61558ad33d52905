"""How do planned rows reach the tables? One statement per table, its rows as one JSON array.

JSON carries arrays and objects within rows, which `unnest` cannot, and PostgreSQL reads it faster than the
driver could encode as many parameters.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.shop.catalog.upsert_planning import Plan, Row

NEW_PRODUCTS: Final = """
INSERT INTO products (company_id, id, handle, title, description_html, vendor, category_id, tags, status,
                      option_names, seo_title, seo_description, in_stock, search, revision, extra,
                      created_at, updated_at)
SELECT $1, id, handle, title, description_html, vendor, category_id, tags, status, option_names, seo_title,
       seo_description, in_stock, search::tsvector, $3, extra, $4, $4
  FROM json_to_recordset($2::text::json) AS r(
       id uuid, handle text, title text, description_html text, vendor text, category_id uuid, tags text[],
       status text, option_names text[], seo_title text, seo_description text, in_stock boolean, search text,
       extra jsonb)
"""
CHANGED_PRODUCTS: Final = """
UPDATE products p
   SET title = r.title, description_html = r.description_html, vendor = r.vendor, category_id = r.category_id,
       tags = r.tags, status = r.status, option_names = r.option_names, seo_title = r.seo_title,
       seo_description = r.seo_description, extra = r.extra
  FROM json_to_recordset($2::text::json) AS r(
       id uuid, title text, description_html text, vendor text, category_id uuid, tags text[], status text,
       option_names text[], seo_title text, seo_description text, extra jsonb)
 WHERE p.company_id = $1 AND p.id = r.id
"""
NEW_VARIANTS: Final = """
INSERT INTO variants (company_id, id, product_id, position, title, option_values, sku, barcode, weight_grams,
                      taxable, requires_shipping, allow_backorder, is_active, in_stock, media_id, extra,
                      created_at)
SELECT $1, id, product_id, position, title, option_values, sku, barcode, weight_grams, taxable,
       requires_shipping, allow_backorder, is_active, in_stock, media_id, extra, $3
  FROM json_to_recordset($2::text::json) AS r(
       id uuid, product_id uuid, position integer, title text, option_values text[], sku text, barcode text,
       weight_grams integer, taxable boolean, requires_shipping boolean, allow_backorder boolean,
       is_active boolean, in_stock boolean, media_id uuid, extra jsonb)
"""
CHANGED_VARIANTS: Final = """
UPDATE variants v
   SET sku = r.sku, barcode = r.barcode, weight_grams = r.weight_grams, taxable = r.taxable,
       requires_shipping = r.requires_shipping, allow_backorder = r.allow_backorder, is_active = r.is_active,
       media_id = r.media_id, extra = r.extra
  FROM json_to_recordset($2::text::json) AS r(
       id uuid, sku text, barcode text, weight_grams integer, taxable boolean, requires_shipping boolean,
       allow_backorder boolean, is_active boolean, media_id uuid, extra jsonb)
 WHERE v.company_id = $1 AND v.id = r.id
"""
PRICES: Final = """
WITH r AS (
    SELECT * FROM json_to_recordset($2::text::json) AS r(
        id uuid, change_id uuid, variant_id uuid, amount bigint, compare_at bigint, old_amount bigint,
        old_compare_at bigint)
), written AS (
    INSERT INTO prices (company_id, id, variant_id, currency, amount, compare_at)
    SELECT $1, id, variant_id, $3, amount, compare_at FROM r
    ON CONFLICT (company_id, variant_id, currency, price_list, min_quantity, starts_at)
    DO UPDATE SET amount = excluded.amount, compare_at = excluded.compare_at
)
INSERT INTO price_changes (company_id, id, variant_id, currency, old_amount, new_amount, old_compare_at,
                           new_compare_at, changed_at, changed_by)
SELECT $1, change_id, variant_id, $3, old_amount, amount, old_compare_at, compare_at, $4, $5 FROM r
"""
NEW_MEDIA: Final = """
INSERT INTO product_media (company_id, id, product_id, picture_id, source_url, alt, position, status)
SELECT $1, id, product_id, picture_id, source_url, alt, position, status
  FROM json_to_recordset($2::text::json) AS r(
       id uuid, product_id uuid, picture_id uuid, source_url text, alt text, position integer, status text)
"""
CHANGED_MEDIA: Final = """
UPDATE product_media m SET alt = r.alt, position = r.position
  FROM json_to_recordset($2::text::json) AS r(id uuid, alt text, position integer)
 WHERE m.company_id = $1 AND m.id = r.id
"""
NEW_CATEGORIES: Final = """
INSERT INTO categories (company_id, id, handle, title)
SELECT $1, id, handle, title FROM json_to_recordset($2::text::json) AS r(id uuid, handle text, title text)
ON CONFLICT (company_id, handle) DO NOTHING
"""


async def write_rows(
    session: AsyncSession, statement: str, company_id: UUID, rows: list[Row], *more: object
) -> None:
    """Run one of the statements above for `rows`; nothing is sent for none."""
    if rows:
        await fetch(session, statement, (company_id, msgspec.json.encode(rows).decode(), *more))


async def write_plan(
    session: AsyncSession,
    company_id: UUID,
    plan: Plan,
    *,
    revision: int,
    currency: str,
    author: str,
    at: datetime,
) -> None:
    """Write the plan's rows, parents first."""
    await write_rows(session, NEW_PRODUCTS, company_id, plan.new_products, revision, at)
    await write_rows(session, CHANGED_PRODUCTS, company_id, plan.changed_products)
    await write_rows(session, NEW_MEDIA, company_id, plan.new_media)
    await write_rows(session, CHANGED_MEDIA, company_id, plan.changed_media)
    await write_rows(session, NEW_VARIANTS, company_id, plan.new_variants, at)
    await write_rows(session, CHANGED_VARIANTS, company_id, plan.changed_variants)
    await write_rows(session, PRICES, company_id, plan.prices, currency, at, author)
