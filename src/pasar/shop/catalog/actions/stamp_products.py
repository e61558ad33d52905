"""Tell readers that products changed: their words for staff's search, and the catalogue's revision.

The revision is taken last in a writer's transaction. Its row stays locked until the commit, so revisions
follow the order of commits and a reader may ask for everything after the last one that it saw.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.shop.catalog.search_text import search_vector

NEXT_REVISION = """
INSERT INTO catalog_revisions AS r (company_id, revision) VALUES ($1, 1)
ON CONFLICT (company_id) DO UPDATE SET revision = r.revision + 1
RETURNING revision
"""
TEXTS = """
SELECT p.id, p.title, p.vendor, p.tags, p.description_html,
       coalesce(array_agg(v.sku) FILTER (WHERE v.sku IS NOT NULL), '{}') AS skus,
       coalesce((SELECT array_agg(DISTINCT value)
                   FROM variants o CROSS JOIN unnest(o.option_values) AS value
                  WHERE o.company_id = p.company_id AND o.product_id = p.id AND o.is_active), '{}') AS options
  FROM products p
  LEFT JOIN variants v ON v.company_id = p.company_id AND v.product_id = p.id
 WHERE p.company_id = $1 AND p.id = ANY($2::uuid[])
 GROUP BY p.company_id, p.id
"""
STAMP = """
UPDATE products p
   SET revision = $2, updated_at = $3, search = t.search::tsvector,
       in_stock = EXISTS (SELECT 1 FROM variants v WHERE v.company_id = p.company_id AND v.product_id = p.id
                             AND v.is_active AND v.in_stock)
  FROM json_to_recordset($4::text::json) AS t(id uuid, search text)
 WHERE p.company_id = $1 AND p.id = t.id
"""
RESTAMP = "UPDATE products SET revision = $2 WHERE company_id = $1 AND id = ANY($3::uuid[])"


async def next_revision(session: AsyncSession, company_id: UUID) -> int:
    """Take the company's next revision. From here to the commit no other writer of its catalogue passes."""
    ((revision,),) = await fetch(session, NEXT_REVISION, (company_id,))
    return int(revision)


async def stamp_products(
    session: AsyncSession, company_id: UUID, product_ids: Collection[UUID], *, at: datetime
) -> int:
    """Note that these products changed: words, stock mark, time and revision. Answers the revision.

    Call it last, after all other statements of the transaction; `session.add` is flushed first.
    """
    await session.flush()
    rows = [
        {
            "id": row.id,
            "search": search_vector(
                title=row.title,
                vendor=row.vendor,
                labels=[*row.tags, *row.options],
                skus=row.skus,
                description_html=row.description_html,
            ),
        }
        for row in await fetch(session, TEXTS, (company_id, list(product_ids)))
    ]
    revision = await next_revision(session, company_id)
    await fetch(session, STAMP, (company_id, revision, at, msgspec.json.encode(rows).decode()))
    return revision


async def restamp_products(session: AsyncSession, company_id: UUID, product_ids: Collection[UUID]) -> int:
    """Note that what is shown with these products changed (category, stock), not they themselves."""
    revision = await next_revision(session, company_id)
    if product_ids:
        await fetch(session, RESTAMP, (company_id, revision, list(product_ids)))
    return revision
