"""Take over from inventory which variants can be bought now. Inventory calls it when stock comes or ends."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.shop.catalog.actions.stamp_products import restamp_products

DIFFERENT = """
SELECT DISTINCT v.product_id
  FROM unnest($2::uuid[], $3::boolean[]) AS c(id, in_stock)
  JOIN variants v ON v.company_id = $1 AND v.id = c.id AND v.in_stock <> c.in_stock
"""
LOCK = "SELECT id FROM products WHERE company_id = $1 AND id = ANY($2::uuid[]) ORDER BY id FOR NO KEY UPDATE"
VARIANTS = """
UPDATE variants v SET in_stock = c.in_stock
  FROM unnest($2::uuid[], $3::boolean[]) AS c(id, in_stock)
 WHERE v.company_id = $1 AND v.id = c.id AND v.in_stock <> c.in_stock
"""
PRODUCTS = """
UPDATE products p SET in_stock = NOT p.in_stock
 WHERE p.company_id = $1 AND p.id = ANY($2::uuid[])
   AND p.in_stock <> EXISTS (SELECT 1 FROM variants v
                              WHERE v.company_id = p.company_id AND v.product_id = p.id
                                AND v.is_active AND v.in_stock)
RETURNING p.id
"""


async def set_in_stock(session: AsyncSession, company_id: UUID, changes: Sequence[tuple[UUID, bool]]) -> None:
    """Note per variant whether it can be bought (stock available, or backorder allowed).

    Writes and locks only where something differs; the catalogue's revision moves only when a whole product
    comes into or goes out of stock, since only that is searched by. Call it at the end of the transaction.
    """
    last = dict(changes)
    marks = (company_id, list(last), list(last.values()))
    different = await fetch(session, DIFFERENT, marks) if last else []
    if not different:
        return
    products = [row.product_id for row in different]
    # The product before its variants, as every writer of the catalogue locks them: so none waits in a circle.
    await fetch(session, LOCK, (company_id, products))
    await fetch(session, VARIANTS, marks)
    changed = await fetch(session, PRODUCTS, (company_id, products))
    if changed:
        await restamp_products(session, company_id, [row.id for row in changed])
