"""Take a picture away from a product. Its files stay: other products and cached pages may still show them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import NotFound
from pasar.shop.catalog.media.actions.add_media import note_change

REMOVE = "DELETE FROM product_media WHERE company_id = $1 AND id = $2 RETURNING product_id"
UNHANG = """
UPDATE variants SET media_id = NULL WHERE company_id = $1 AND product_id = $2 AND media_id = $3
"""


async def remove_media(session: AsyncSession, company_id: UUID, media_id: UUID, *, at: datetime) -> None:
    """Remove the picture from its product and from the variants that show it. Raises `NotFound`."""
    rows = await fetch(session, REMOVE, (company_id, media_id))
    if not rows:
        raise NotFound("media_not_found", "There is no such picture.")
    product_id: UUID = rows[0].product_id
    await fetch(session, UNHANG, (company_id, product_id, media_id))
    await note_change(session, company_id, product_id, at)
