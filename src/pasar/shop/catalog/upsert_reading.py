"""What does the database know of the products that an upsert names?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch

PRODUCTS = """
SELECT id, handle, title, description_html, vendor, category_id, tags, status, option_names, seo_title,
       seo_description, extra
  FROM products
 WHERE company_id = $1 AND handle = ANY($2::text[])
 ORDER BY id
   FOR NO KEY UPDATE
"""
VARIANTS = """
SELECT v.product_id, v.id, v.position, v.option_values, v.sku, v.barcode, v.weight_grams, v.taxable,
       v.requires_shipping, v.allow_backorder, v.is_active, v.media_id, v.extra,
       price.amount, price.compare_at
  FROM variants v
  LEFT JOIN prices price
    ON price.company_id = v.company_id AND price.variant_id = v.id AND price.currency = $3
   AND price.price_list IS NULL AND price.min_quantity = 1 AND price.starts_at IS NULL
 WHERE v.company_id = $1 AND v.product_id = ANY($2::uuid[])
"""
MEDIA = """
SELECT product_id, id, picture_id, source_url, alt, position
  FROM product_media
 WHERE company_id = $1 AND product_id = ANY($2::uuid[])
"""
CATEGORIES = "SELECT id, handle FROM categories WHERE company_id = $1 AND handle = ANY($2::text[])"
TAKEN_SKUS = """
SELECT v.sku, p.handle
  FROM variants v JOIN products p ON p.company_id = v.company_id AND p.id = v.product_id
 WHERE v.company_id = $1 AND v.sku = ANY($2::text[])
"""


@dataclass(slots=True)
class KnownProduct:
    """A product as it stands, its row locked. `variants` by option values, `media` as rows."""

    row: Any
    variants: dict[tuple[str, ...], Any] = field(default_factory=dict)
    media: list[Any] = field(default_factory=list)


async def known_products(
    session: AsyncSession, company_id: UUID, handles: Collection[str], currency: str
) -> dict[str, KnownProduct]:
    """The products of these handles, locked, with variants, prices in `currency`, and media."""
    rows = await fetch(session, PRODUCTS, (company_id, list(handles)))
    if not rows:
        return {}
    by_id = {row.id: KnownProduct(row) for row in rows}
    for variant in await fetch(session, VARIANTS, (company_id, list(by_id), currency)):
        by_id[variant.product_id].variants[tuple(variant.option_values)] = variant
    for medium in await fetch(session, MEDIA, (company_id, list(by_id))):
        by_id[medium.product_id].media.append(medium)
    return {product.row.handle: product for product in by_id.values()}


async def known_categories(
    session: AsyncSession, company_id: UUID, handles: Collection[str]
) -> dict[str, UUID]:
    """The ids of categories by handle."""
    rows = await fetch(session, CATEGORIES, (company_id, list(handles))) if handles else []
    return {row.handle: row.id for row in rows}


async def sku_owners(session: AsyncSession, company_id: UUID, skus: Collection[str]) -> dict[str, set[str]]:
    """Which products (handles) have these SKUs."""
    owners: dict[str, set[str]] = {}
    for row in await fetch(session, TAKEN_SKUS, (company_id, list(skus))) if skus else []:
        owners.setdefault(row.sku, set()).add(row.handle)
    return owners
