"""Write a new address into a customer's address book."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict
from pasar.kernel.ids import new_id
from pasar.people.users.actions.hold_addresses import hold_addresses
from pasar.people.users.actions.set_default_address import RELIEVE
from pasar.people.users.addresses import Address

MOST_ADDRESSES: Final = 50
HOW_MANY = "SELECT count(*) FROM addresses WHERE company_id = $1 AND customer_id = $2"
INSERT = """
INSERT INTO addresses (company_id, customer_id, id, is_default, label, name, line1, line2, city, region,
                       postal_code, country, phone)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""
KNOWN = """
SELECT 1 FROM addresses
 WHERE company_id = $1 AND customer_id = $2 AND name = $3 AND line1 = $4 AND line2 = $5 AND city = $6
   AND region = $7 AND postal_code = $8 AND country = $9
"""


async def add_address(
    session: AsyncSession,
    company_id: UUID,
    customer_id: UUID,
    address: Address,
    *,
    label: str = "",
    is_default: bool = False,
) -> UUID:
    """Add a normalised address and answer its id; the first one is the default in any case.

    Raises `Conflict` (`too_many_addresses`) at `MOST_ADDRESSES`.
    """
    await hold_addresses(session, company_id, customer_id)
    ((held,),) = await fetch(session, HOW_MANY, (company_id, customer_id))
    if held >= MOST_ADDRESSES:
        told = f"An address book has at most {MOST_ADDRESSES} addresses. Remove one first."
        raise Conflict("too_many_addresses", told)
    if is_default:
        await fetch(session, RELIEVE, (company_id, customer_id))
    address_id = new_id()
    values = (company_id, customer_id, address_id, is_default or held == 0, label, *columns_of(address))
    await fetch(session, INSERT, values)
    return address_id


async def remember_address(
    session: AsyncSession, company_id: UUID, customer_id: UUID, address: Address
) -> UUID | None:
    """Add an address that goods were sent to, unless it is there already or the book is full."""
    await hold_addresses(session, company_id, customer_id)
    *parts, _phone = columns_of(address)
    if await fetch(session, KNOWN, (company_id, customer_id, *parts)):
        return None
    try:
        return await add_address(session, company_id, customer_id, address)
    except Conflict:
        return None


def columns_of(address: Address) -> tuple[str, ...]:
    """The address in the order of the columns."""
    return (
        address.name,
        address.line1,
        address.line2,
        address.city,
        address.region,
        address.postal_code,
        address.country,
        address.phone,
    )
