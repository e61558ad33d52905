"""Empty an owner's cart."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pasar.kernel.db.database import Database
from pasar.shop.carts.owners import Owner, by_owner

CLEAR: Final = by_owner("""
WITH touched AS (
    UPDATE carts c
       SET last_activity_at = $4, expires_at = $4::timestamptz + (c.expires_at - c.last_activity_at)
     WHERE {owner} AND c.status = 'active' AND c.expires_at > $4
    RETURNING c.company_id, c.id
)
DELETE FROM cart_lines l USING touched WHERE l.company_id = touched.company_id AND l.cart_id = touched.id
""")


async def clear_cart(database: Database, owner: Owner, *, at: datetime) -> None:
    """Remove all lines of the owner's active cart; nothing happens without one. One statement."""
    await database.rows(CLEAR.of(owner), *owner.place, at)
