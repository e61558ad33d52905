"""Give a product one more picture: one that is stored, or an address that a job fetches."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict, NotFound
from pasar.kernel.events import record
from pasar.kernel.ids import new_id
from pasar.shop.catalog.actions.stamp_products import restamp_products
from pasar.shop.catalog.events import ProductUpdated
from pasar.shop.catalog.media.waiting import ask_for_pictures

MOST_PICTURES = 250

PRODUCT = "SELECT 1 FROM products WHERE company_id = $1 AND id = $2 FOR NO KEY UPDATE"
COUNT = """
SELECT count(*) AS pictures, coalesce(max(position), 0) + 1 AS following
  FROM product_media WHERE company_id = $1 AND product_id = $2
"""
ADD = """
INSERT INTO product_media (company_id, id, product_id, picture_id, source_url, alt, position, status)
VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $4::uuid IS NULL THEN 'waiting' ELSE 'ready' END)
"""


async def add_media(
    session: AsyncSession,
    company_id: UUID,
    product_id: UUID,
    *,
    picture_id: UUID | None = None,
    source_url: str | None = None,
    alt: str = "",
    at: datetime,
) -> UUID:
    """Add a picture after the product's others and answer its id; exactly one of the two sources is given.

    Raises `NotFound` for an unknown product, `Conflict` when it has 250 pictures.
    """
    await lock_product(session, company_id, product_id)
    (count,) = await fetch(session, COUNT, (company_id, product_id))
    if count.pictures >= MOST_PICTURES:
        raise Conflict(
            "too_many_pictures", f"A product has at most {MOST_PICTURES} pictures. Remove one first."
        )
    media_id = new_id()
    values = (company_id, media_id, product_id, picture_id, source_url, alt, count.following)
    await fetch(session, ADD, values)
    if picture_id is None:
        await ask_for_pictures(session, company_id, [product_id])
    await note_change(session, company_id, product_id, at)
    return media_id


async def lock_product(session: AsyncSession, company_id: UUID, product_id: UUID) -> None:
    """Let nobody else change the product's pictures until the commit. Raises `NotFound`."""
    if not await fetch(session, PRODUCT, (company_id, product_id)):
        raise NotFound("product_not_found", "There is no such product.")


async def note_change(session: AsyncSession, company_id: UUID, product_id: UUID, at: datetime) -> None:
    """Tell readers and subscribers; the last step of every change of a product's pictures."""
    await record(session, company_id, ProductUpdated(product_id=product_id), at=at)
    await restamp_products(session, company_id, [product_id])
