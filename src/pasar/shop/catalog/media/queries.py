"""Reads of a product's pictures."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import NotFound
from pasar.kernel.files import Files
from pasar.shop.catalog.media.addresses import Kind, Rendering
from pasar.shop.catalog.media.schemas import MediaOut, MediaSize

PRODUCT = "SELECT 1 FROM products WHERE company_id = $1 AND id = $2"
OF_PRODUCT = """
SELECT m.id, m.product_id, m.alt, m.position, m.status, m.source_url, m.problem,
       p.content_hash, p.width, p.height, p.mean_colour, p.widths
  FROM product_media m
  LEFT JOIN pictures p ON p.company_id = m.company_id AND p.id = m.picture_id
 WHERE m.company_id = $1 AND m.product_id = $2
 ORDER BY m.position, m.id
"""


async def media_of_product(
    session: AsyncSession, files: Files, company_id: UUID, product_id: UUID
) -> list[MediaOut]:
    """What `media_of` answers. Raises `NotFound` (`product_not_found`) when there is no such product."""
    if not await fetch(session, PRODUCT, (company_id, product_id)):
        raise NotFound("product_not_found", "There is no such product.")
    return await media_of(session, files, company_id, product_id)


async def media_of(session: AsyncSession, files: Files, company_id: UUID, product_id: UUID) -> list[MediaOut]:
    """The product's pictures in their order, also those that wait or failed."""
    return [_media(row, files) for row in await fetch(session, OF_PRODUCT, (company_id, product_id))]


async def one_of(
    session: AsyncSession, files: Files, company_id: UUID, product_id: UUID, media_id: UUID
) -> MediaOut:
    """One picture of the product. Raises `NotFound`."""
    for media in await media_of(session, files, company_id, product_id):
        if media.id == media_id:
            return media
    raise NotFound("media_not_found", "There is no such picture.")


def _media(row: Any, files: Files) -> MediaOut:
    sizes = [_size(row.content_hash, width, files) for width in row.widths or ()]
    return MediaOut(
        id=row.id,
        product_id=row.product_id,
        alt=row.alt,
        position=row.position,
        status=row.status,
        source_url=row.source_url,
        problem=row.problem,
        width=row.width,
        height=row.height,
        colour=row.mean_colour,
        url=sizes[-1].jpeg if sizes else None,
        sizes=sizes,
    )


def _size(content_hash: str, width: int, files: Files) -> MediaSize:
    def address(kind: Kind) -> str:
        return files.public_address(Rendering(content_hash, width, kind).path)

    return MediaSize(width=width, webp=address("webp"), jpeg=address("jpg"))
