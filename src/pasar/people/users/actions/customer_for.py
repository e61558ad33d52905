"""Find or make the customer that a person is to a company."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.ids import new_id

# Setting the id to itself makes the present row come back, without changing what the company knows of it.
FOR_USER = """
INSERT INTO customers (company_id, id, user_id, email, name, phone) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (company_id, user_id) WHERE user_id IS NOT NULL DO UPDATE SET id = customers.id
RETURNING id
"""
FOR_GUEST = """
INSERT INTO customers (company_id, id, user_id, email, name, phone) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (company_id, email) WHERE user_id IS NULL
   DO UPDATE SET name = excluded.name, phone = coalesce(excluded.phone, customers.phone)
RETURNING id
"""


async def customer_for(
    session: AsyncSession,
    company_id: UUID,
    user_id: UUID | None,
    *,
    email: str,
    name: str,
    phone: str | None = None,
) -> UUID:
    """The id of the customer record of a user at a company, made at the first call. One statement.

    Without a user, of the guest who buys under `email` (normalised): one record for all the orders of an
    address, with the latest name. It is never the record of somebody with an account, because an address
    that anybody can type opens nobody's history.
    """
    statement = FOR_GUEST if user_id is None else FOR_USER
    rows = await fetch(session, statement, (company_id, new_id(), user_id, email, name, phone))
    found: UUID = rows[0][0]
    return found
