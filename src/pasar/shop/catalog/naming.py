"""Which handles and SKUs are free? Asked under a lock, so that two who ask at once get different answers."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict, FieldProblem, Unprocessable
from pasar.shop.catalog.handles import RESERVED_HANDLES, handle_from, unique_handle

LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('catalog names ' || $1::uuid::text, 0))"
PRODUCT_HANDLES: Final = "SELECT handle FROM products WHERE company_id = $1 AND starts_with(handle, $2)"
CATEGORY_HANDLES: Final = "SELECT handle FROM categories WHERE company_id = $1 AND starts_with(handle, $2)"
SKU: Final = "SELECT 1 FROM variants WHERE company_id = $1 AND sku = $2 AND id <> $3 LIMIT 1"


async def lock_names(session: AsyncSession, company_id: UUID) -> None:
    """Let nobody else of this company choose names or move categories until the transaction ends."""
    await fetch(session, LOCK, (company_id,))


async def free_product_handle(session: AsyncSession, company_id: UUID, title: str, asked: str | None) -> str:
    """`asked` when it is free, or one made from `title`. Raises `Conflict` (`handle_taken`)."""
    return await _free(session, company_id, PRODUCT_HANDLES, title, asked)


async def free_category_handle(session: AsyncSession, company_id: UUID, title: str, asked: str | None) -> str:
    """`asked` when it is free, or one made from `title`. Raises `Conflict` (`handle_taken`)."""
    return await _free(session, company_id, CATEGORY_HANDLES, title, asked)


async def refuse_taken_sku(
    session: AsyncSession, company_id: UUID, sku: str | None, variant_id: UUID
) -> None:
    """Raise `Conflict` (`sku_taken`) when another variant has this SKU."""
    if sku is not None and await fetch(session, SKU, (company_id, sku, variant_id)):
        raise Conflict(
            "sku_taken",
            "Another variant has this SKU, and this company keeps SKUs unique. Choose another.",
            errors=[FieldProblem("sku", "sku_taken", "Another variant has this SKU.")],
        )


async def _free(
    session: AsyncSession, company_id: UUID, statement: str, title: str, asked: str | None
) -> str:
    await lock_names(session, company_id)
    base = asked or handle_from(title)
    taken = {row.handle for row in await fetch(session, statement, (company_id, base))}
    if asked is None:
        return unique_handle(base, taken)
    if asked in RESERVED_HANDLES:
        raise Unprocessable("handle_reserved", "This handle is an address of the shop's own. Choose another.")
    if asked in taken:
        raise Conflict(
            "handle_taken", "This handle is taken. Choose another, or leave it out to get a free one."
        )
    return asked
