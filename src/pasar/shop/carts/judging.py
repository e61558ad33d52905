"""What when somebody else changed the cart while we waited for its row?

A statement that judges a cart and then changes it judges by its beginning. So its `touched` takes the cart's
row only in the version that was judged (`xmin`), and every change of a line touches it: limits are exact.
Who came second judges again with the row locked first, which is the cost of a race only.
"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from pasar.kernel.db.database import Database, fetch
from pasar.shop.carts.owners import Owner, Statements, by_owner

__all__ = ["judge"]

LOCK: Final = by_owner("SELECT 1 FROM carts c WHERE {owner} AND c.id = $4 FOR UPDATE")


async def judge(
    database: Database, owner: Owner, cart_id: UUID, statement: Statements, *arguments: object
) -> Any | None:
    """Run a statement that answers `reason` and `touched` first, after `$1` to `$4` (the owner and the cart).

    Its row, in which one of the two is set, or None without such an active cart.
    """
    sent = (*owner.place, cart_id, *arguments)
    row: Any = await database.row(statement.of(owner), *sent)
    if row is None or row[0] is not None or row[1] is not None:
        return row
    async with database.transaction() as session:
        await fetch(session, LOCK.of(owner), (*owner.place, cart_id))
        rows = await fetch(session, statement.of(owner), sent)
    return rows[0] if rows else None
