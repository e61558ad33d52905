"""End carts whose time is over: with lines they are abandoned, empty ones have expired."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pasar.kernel.db.database import Database

__all__ = ["ENDED", "expire_carts"]

BATCH: Final = 1000

# In batches that skip what is being used, so that no shopper waits for the sweep.
ENDED: Final = """CASE WHEN EXISTS (SELECT 1 FROM cart_lines l
                                   WHERE l.company_id = c.company_id AND l.cart_id = c.id)
                     THEN 'abandoned' ELSE 'expired' END"""
"""How a cart `c` ends whose time is over."""

EXPIRE: Final = """
WITH over AS (
    SELECT company_id, id FROM carts
     WHERE status = 'active' AND expires_at <= $1
     LIMIT $2
       FOR UPDATE SKIP LOCKED
)
UPDATE carts c
   SET status = {ended}
  FROM over
 WHERE c.company_id = over.company_id AND c.id = over.id
RETURNING 1
""".replace("{ended}", ENDED)


async def expire_carts(database: Database, *, at: datetime) -> int:
    """Sweep every company and answer how many carts ended."""
    ended = 0
    while swept := len(await database.rows(EXPIRE, at, BATCH)):
        ended += swept
    return ended
