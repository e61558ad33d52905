"""Rename, move or switch a category."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from msgspec import UNSET
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import NotFound
from pasar.shop.catalog.actions.create_category import refuse_bad_parent
from pasar.shop.catalog.actions.stamp_products import restamp_products
from pasar.shop.catalog.admin_schemas import CategoryChange
from pasar.shop.catalog.cleaning import clean_html
from pasar.shop.catalog.models import Category
from pasar.shop.catalog.naming import free_category_handle, lock_names

BELOW: Final = """
WITH RECURSIVE below AS (
    SELECT id, 1 AS depth FROM categories WHERE company_id = $1 AND id = $2
     UNION ALL
    SELECT c.id, b.depth + 1
      FROM below b JOIN categories c ON c.company_id = $1 AND c.parent_id = b.id
     WHERE b.depth < 100
)
SELECT id, depth FROM below
"""
PRODUCTS_IN: Final = """
SELECT id FROM products WHERE company_id = $1 AND category_id = ANY($2::uuid[]) ORDER BY id FOR NO KEY UPDATE
"""


async def change_category(
    session: AsyncSession, company_id: UUID, category_id: UUID, change: CategoryChange
) -> None:
    """Change what `change` names; products in it and below are shown and found with the new path.

    Raises `NotFound`, `Conflict` (`handle_taken`, `category_circle`) and `Unprocessable`.
    """
    await lock_names(session, company_id)
    category = await find_category(session, company_id, category_id)
    below = await fetch(session, BELOW, (company_id, category_id))
    if change.parent_id is not UNSET and change.parent_id != category.parent_id:
        levels = max(row.depth for row in below)
        await refuse_bad_parent(session, company_id, change.parent_id, child=category_id, below=levels)
        category.parent_id = change.parent_id
    if change.handle is not UNSET and change.handle != category.handle:
        category.handle = await free_category_handle(session, company_id, category.title, change.handle)
    if change.title is not UNSET:
        category.title = change.title.strip()
    if change.description is not UNSET:
        category.description = clean_html(change.description)
    for name in ("position", "is_active"):
        value = getattr(change, name)
        if value is not UNSET:
            setattr(category, name, value)
    if not session.is_modified(category):
        return
    await session.flush()
    products = await fetch(session, PRODUCTS_IN, (company_id, [row.id for row in below]))
    await restamp_products(session, company_id, [row.id for row in products])


async def find_category(session: AsyncSession, company_id: UUID, category_id: UUID) -> Category:
    """The company's category, its row locked. Raises `NotFound` (`category_not_found`)."""
    category = await session.scalar(
        select(Category)
        .where(Category.company_id == company_id, Category.id == category_id)
        .with_for_update()
    )
    if category is None:
        raise NotFound("category_not_found", "There is no such category.")
    return category
