"""Say what a picture shows, in words for those who do not see it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import NotFound
from pasar.shop.catalog.media.actions.add_media import note_change

CHANGE = "UPDATE product_media SET alt = $3 WHERE company_id = $1 AND id = $2 RETURNING product_id"


async def change_media(
    session: AsyncSession, company_id: UUID, media_id: UUID, *, alt: str, at: datetime
) -> UUID:
    """Change the words and answer the product's id. Raises `NotFound`."""
    rows = await fetch(session, CHANGE, (company_id, media_id, alt))
    if not rows:
        raise NotFound("media_not_found", "There is no such picture.")
    product_id: UUID = rows[0].product_id
    await note_change(session, company_id, product_id, at)
    return product_id
