"""Which record is a guest's? Who writes to ask what the shop knows of them is found by their e-mail."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from pasar.kernel.db.database import Database, fetch
from pasar.kernel.errors import FieldProblem, NotFound, Unprocessable
from pasar.people.privacy.public import knows_guest
from pasar.people.users.actions.customer_for import customer_for
from pasar.people.users.emails import EmailError, normalise_email

KNOWN: Final = "SELECT id FROM customers WHERE company_id = $1 AND email = $2 AND user_id IS NULL"


async def guest_by_email(database: Database, company_id: UUID, text: str) -> UUID:
    """The record of the guest with this e-mail, made when only orders, carts or messages know the address.

    Raises `Unprocessable` (`email_invalid`), and `NotFound` (`customer_not_found`) for an address that
    nothing of the company names: typing one makes nobody.
    """
    try:
        email = normalise_email(text)
    except EmailError as problem:
        message = str(problem)
        raise Unprocessable(
            "email_invalid", message, errors=[FieldProblem("email", "email_invalid", message)]
        ) from None
    async with database.transaction() as session:
        rows = await fetch(session, KNOWN, (company_id, email))
        if rows:
            found: UUID = rows[0][0]
            return found
        if not await knows_guest(session, company_id, email):
            raise NotFound(
                "customer_not_found", "No guest ordered, had a cart or was written to by this e-mail."
            )
        return await customer_for(session, company_id, None, email=email, name="")
