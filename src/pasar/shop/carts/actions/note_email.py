"""Keep the e-mail that a buyer has begun to check out with, so that a cart left behind can be recalled."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pasar.kernel.db.database import Database
from pasar.shop.carts.owners import Owner, by_owner

__all__ = ["note_email"]

# Only when it is another one: the page asks again with every change of the form.
NOTE: Final = by_owner("""
UPDATE carts c SET email = $5
 WHERE {owner} AND c.status = 'active' AND c.expires_at > $4 AND c.email IS DISTINCT FROM $5
""")


async def note_email(database: Database, owner: Owner, email: str, *, at: datetime) -> None:
    """Save a normalised e-mail with the owner's active cart (decisions, "Cart"); nothing without one."""
    await database.rows(NOTE.of(owner), *owner.place, at, email)
