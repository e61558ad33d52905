"""Which variants do staff mean who look for a title or a SKU?"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.shop.catalog.search_text import search_query
from pasar.shop.catalog.variant_facts import VariantFacts, variants_by_id, variants_by_sku

PAGE = """
SELECT v.id
  FROM variants v
  JOIN products p ON p.company_id = v.company_id AND p.id = v.product_id
 WHERE v.company_id = $1 AND v.is_active AND p.status <> 'archived'
   AND ($2::text IS NULL OR p.search @@ $2::tsquery)
 ORDER BY lower(p.title), p.id, v.position, v.id LIMIT $3 OFFSET $4
"""
COUNT = """
SELECT count(*)
  FROM variants v
  JOIN products p ON p.company_id = v.company_id AND p.id = v.product_id
 WHERE v.company_id = $1 AND v.is_active AND p.status <> 'archived'
   AND ($2::text IS NULL OR p.search @@ $2::tsquery)
"""


async def variant_list(
    session: AsyncSession, company_id: UUID, text: str = "", *, limit: int, offset: int = 0
) -> tuple[list[VariantFacts], int]:
    """A page of the variants of goods that are not archived, by title, and how many there are in all.

    `text` is a SKU as it is written, or the beginnings of words in title, vendor, tags or SKU.
    """
    text = text.strip()
    if text:
        exact = await variants_by_sku(session, company_id, text)
        if exact:
            return exact[offset : offset + limit], len(exact)
    query = search_query(text) if text else None
    if query == "":
        return [], 0
    rows = await fetch(session, PAGE, (company_id, query, limit, offset))
    ids = [row.id for row in rows]
    facts = await variants_by_id(session, company_id, ids)
    ((total,),) = await fetch(session, COUNT, (company_id, query))
    return [facts[variant_id] for variant_id in ids], total
