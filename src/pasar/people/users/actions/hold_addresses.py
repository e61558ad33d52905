"""Let one change at a time be made to a customer's address book."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch

# Which address is the default is decided among all of them, so the customer's row stands for the whole book.
# Orders only refer to the customer: they do not wait for this.
HOLD = "SELECT id FROM customers WHERE company_id = $1 AND id = $2 FOR NO KEY UPDATE"


async def hold_addresses(session: AsyncSession, company_id: UUID, customer_id: UUID) -> None:
    """Until the transaction ends, nobody else changes this customer's addresses."""
    await fetch(session, HOLD, (company_id, customer_id))
