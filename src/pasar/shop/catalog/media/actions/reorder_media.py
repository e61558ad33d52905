"""Put a product's pictures in order; the first is the one that lists show."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import FieldProblem, Unprocessable
from pasar.shop.catalog.media.actions.add_media import lock_product, note_change

HELD = "SELECT id FROM product_media WHERE company_id = $1 AND product_id = $2"
PLACE = """
UPDATE product_media m SET position = o.position
  FROM unnest($3::uuid[]) WITH ORDINALITY AS o(id, position)
 WHERE m.company_id = $1 AND m.product_id = $2 AND m.id = o.id
"""


async def reorder_media(
    session: AsyncSession, company_id: UUID, product_id: UUID, media_ids: Sequence[UUID], *, at: datetime
) -> None:
    """Order the pictures as `media_ids` names them. Raises `NotFound` for an unknown product,
    `Unprocessable` unless every picture of the product is named exactly once."""
    await lock_product(session, company_id, product_id)
    held = sorted(row.id for row in await fetch(session, HELD, (company_id, product_id)))
    if held != sorted(media_ids):
        message = "Name every picture of the product exactly once."
        raise Unprocessable(
            "media_order_incomplete",
            message,
            errors=[FieldProblem("mediaIds", "media_order_incomplete", message)],
        )
    await fetch(session, PLACE, (company_id, product_id, list(media_ids)))
    await note_change(session, company_id, product_id, at)
