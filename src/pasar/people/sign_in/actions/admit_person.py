"""Let a person in whose password fitted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.ids import hash_token
from pasar.kernel.tenancy import Site
from pasar.people.access.public import role_in
from pasar.people.sign_in.attaching import AttachGuest, attach_guest
from pasar.people.sign_in.person import SignedIn
from pasar.people.users.public import customer_for

CUSTOMER = "SELECT customer_id FROM customer_accounts WHERE company_id = $1 AND user_id = $2"


async def admit_person(
    session: AsyncSession,
    site: Site,
    user_id: UUID,
    *,
    name: str,
    email: str,
    phone: str | None,
    guest_token: str | None,
    at: datetime,
) -> SignedIn:
    """Settle as whom the user comes in at this site, and attach what the guest with `guest_token` had.

    Staff of the site's company come in as staff, and shop only when they have a customer record already;
    everybody else becomes a customer of the company at the first visit.
    """
    role = await role_in(session, site.company_id, user_id)
    if role is None:
        customer_id: UUID | None = await customer_for(
            session, site.company_id, user_id, email=email, name=name, phone=phone
        )
    else:
        rows = await fetch(session, CUSTOMER, (site.company_id, user_id))
        customer_id = rows[0][0] if rows else None
    if guest_token and customer_id is not None:
        token_hash = hash_token(guest_token)
        await attach_guest(session, AttachGuest(site, customer_id, token_hash, at))
    return SignedIn(
        user_id=user_id,
        company_id=site.company_id,
        kind="customer" if role is None else "staff",
        role=role or "customer",
        name=name,
        email=email,
        customer_id=customer_id,
    )
