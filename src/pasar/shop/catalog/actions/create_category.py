"""Make a category."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict, FieldProblem, Unprocessable
from pasar.kernel.ids import new_id
from pasar.shop.catalog.actions.stamp_products import restamp_products
from pasar.shop.catalog.admin_schemas import CategoryIn
from pasar.shop.catalog.cleaning import clean_html
from pasar.shop.catalog.models import Category
from pasar.shop.catalog.naming import free_category_handle

DEEPEST: Final = 10
ABOVE: Final = """
WITH RECURSIVE above AS (
    SELECT id, parent_id, 1 AS depth FROM categories WHERE company_id = $1 AND id = $2
     UNION ALL
    SELECT c.id, c.parent_id, a.depth + 1
      FROM above a JOIN categories c ON c.company_id = $1 AND c.id = a.parent_id
     WHERE a.depth < 100
)
SELECT id FROM above
"""


async def create_category(session: AsyncSession, company_id: UUID, wanted: CategoryIn) -> UUID:
    """Make the category and answer its id.

    Raises `Conflict` (`handle_taken`) and `Unprocessable` (`parent_unknown`, `too_deep`, `handle_reserved`).
    """
    handle = await free_category_handle(session, company_id, wanted.title, wanted.handle)
    await refuse_bad_parent(session, company_id, wanted.parent_id)
    category = Category(
        company_id=company_id,
        id=new_id(),
        parent_id=wanted.parent_id,
        handle=handle,
        title=wanted.title.strip(),
        description=clean_html(wanted.description),
        position=wanted.position,
        is_active=wanted.is_active,
    )
    session.add(category)
    await session.flush()
    await restamp_products(session, company_id, [])
    return category.id


async def refuse_bad_parent(
    session: AsyncSession,
    company_id: UUID,
    parent_id: UUID | None,
    *,
    child: UUID | None = None,
    below: int = 1,
) -> None:
    """Raise unless `child`, with `below` levels from itself down, may stand under `parent_id`.

    `Unprocessable` (`parent_unknown`, `too_deep`), `Conflict` (`category_circle`). The caller holds the
    company's names (`lock_names`), so that two moves at once cannot make a circle.
    """
    if parent_id is None:
        return
    above = [row.id for row in await fetch(session, ABOVE, (company_id, parent_id))]
    if not above:
        raise Unprocessable(
            "parent_unknown",
            "There is no such category to stand under.",
            errors=[FieldProblem("parentId", "parent_unknown", "There is no such category.")],
        )
    if child in above:
        raise Conflict("category_circle", "A category cannot stand under itself or one of its own.")
    if len(above) + below > DEEPEST:
        raise Unprocessable("too_deep", f"Categories go {DEEPEST} levels deep at most.")
