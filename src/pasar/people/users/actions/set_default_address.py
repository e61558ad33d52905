"""Choose the address that a customer's goods normally go to."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.people.users.actions.hold_addresses import hold_addresses
from pasar.people.users.address_book import address_not_found

THERE = "SELECT is_default FROM addresses WHERE company_id = $1 AND customer_id = $2 AND id = $3"
RELIEVE = """
UPDATE addresses SET is_default = false WHERE company_id = $1 AND customer_id = $2 AND is_default
"""
CHOOSE = "UPDATE addresses SET is_default = true WHERE company_id = $1 AND customer_id = $2 AND id = $3"


async def set_default_address(
    session: AsyncSession, company_id: UUID, customer_id: UUID, address_id: UUID
) -> None:
    """Make this address the default in place of the former one. Raises `NotFound` (`address_not_found`)."""
    await hold_addresses(session, company_id, customer_id)
    rows = await fetch(session, THERE, (company_id, customer_id, address_id))
    if not rows:
        raise address_not_found()
    if not rows[0][0]:
        await fetch(session, RELIEVE, (company_id, customer_id))
        await fetch(session, CHOOSE, (company_id, customer_id, address_id))
