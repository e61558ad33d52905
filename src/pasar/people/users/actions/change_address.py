"""Change an address of a customer's address book."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.people.users.actions.add_address import columns_of
from pasar.people.users.actions.hold_addresses import hold_addresses
from pasar.people.users.actions.set_default_address import set_default_address
from pasar.people.users.address_book import AddressWish, address_not_found, kept_address, wished_address

LOCKED = """
SELECT id, label, name, line1, line2, city, region, postal_code, country, phone, is_default, created_at
  FROM addresses WHERE company_id = $1 AND customer_id = $2 AND id = $3
"""
WRITE = """
UPDATE addresses
   SET label = $4, name = $5, line1 = $6, line2 = $7, city = $8, region = $9, postal_code = $10,
       country = $11, phone = $12
 WHERE company_id = $1 AND customer_id = $2 AND id = $3
"""


async def change_address(
    session: AsyncSession, company_id: UUID, customer_id: UUID, address_id: UUID, wish: AddressWish
) -> None:
    """Change what `wish` names; the address as a whole must then fit its country.

    Raises `NotFound` (`address_not_found`) and `Unprocessable` (`address_invalid`). That it is the default
    can be wished for, not wished away: another one is chosen instead.
    """
    await hold_addresses(session, company_id, customer_id)
    rows = await fetch(session, LOCKED, (company_id, customer_id, address_id))
    if not rows:
        raise address_not_found()
    label, address = wished_address(wish, kept_address(rows[0]))
    await fetch(session, WRITE, (company_id, customer_id, address_id, label, *columns_of(address)))
    if wish.is_default:
        await set_default_address(session, company_id, customer_id, address_id)
