"""Remove a category, after what is in it has gone elsewhere."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict
from pasar.shop.catalog.actions.change_category import BELOW, PRODUCTS_IN, find_category
from pasar.shop.catalog.actions.create_category import refuse_bad_parent
from pasar.shop.catalog.actions.stamp_products import restamp_products
from pasar.shop.catalog.naming import lock_names

MOVE_PRODUCTS: Final = "UPDATE products SET category_id = $3 WHERE company_id = $1 AND category_id = $2"
MOVE_CHILDREN: Final = "UPDATE categories SET parent_id = $3 WHERE company_id = $1 AND parent_id = $2"


async def remove_category(
    session: AsyncSession, company_id: UUID, category_id: UUID, *, move_to: UUID | None = None
) -> None:
    """Remove the category; its products and the categories right below it move to `move_to`.

    Raises `NotFound`; `Conflict` (`category_in_use`) when it is not empty and `move_to` is not given, or
    (`category_circle`) when `move_to` is itself or below it; `Unprocessable` (`parent_unknown`, `too_deep`).
    """
    await lock_names(session, company_id)
    category = await find_category(session, company_id, category_id)
    below = await fetch(session, BELOW, (company_id, category_id))
    products = await fetch(session, PRODUCTS_IN, (company_id, [row.id for row in below]))
    if move_to is None:
        if len(below) > 1 or products:
            raise Conflict(
                "category_in_use",
                "There are products or categories in it. Name a category to move them to, as moveTo.",
            )
    else:
        levels = max(row.depth for row in below) - 1
        await refuse_bad_parent(session, company_id, move_to, child=category_id, below=levels)
        await fetch(session, MOVE_PRODUCTS, (company_id, category_id, move_to))
        await fetch(session, MOVE_CHILDREN, (company_id, category_id, move_to))
    await session.delete(category)
    await session.flush()
    await restamp_products(session, company_id, [row.id for row in products])
