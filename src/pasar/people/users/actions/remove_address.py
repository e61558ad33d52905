"""Take an address out of a customer's address book."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict
from pasar.people.users.actions.hold_addresses import hold_addresses
from pasar.people.users.address_book import address_not_found

BOOK = """
SELECT id, is_default FROM addresses WHERE company_id = $1 AND customer_id = $2 ORDER BY id DESC
"""
REMOVE = "DELETE FROM addresses WHERE company_id = $1 AND customer_id = $2 AND id = $3"
PROMOTE = "UPDATE addresses SET is_default = true WHERE company_id = $1 AND customer_id = $2 AND id = $3"


async def remove_address(
    session: AsyncSession, company_id: UUID, customer_id: UUID, address_id: UUID
) -> None:
    """Remove it; in place of a default the latest other one becomes it.

    Raises `NotFound` (`address_not_found`) and `Conflict` (`last_address`). Orders keep the address that they
    were sent to.
    """
    await hold_addresses(session, company_id, customer_id)
    book = {row[0]: row[1] for row in await fetch(session, BOOK, (company_id, customer_id))}
    if address_id not in book:
        raise address_not_found()
    if len(book) == 1:
        raise Conflict("last_address", "This is your only address. Add another one first, or change it.")
    await fetch(session, REMOVE, (company_id, customer_id, address_id))
    if book[address_id]:
        next_one = next(known for known in book if known != address_id)
        await fetch(session, PROMOTE, (company_id, customer_id, next_one))
