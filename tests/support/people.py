"""Makers of people: staff and customers with a token, without the work of hashing a password."""

from __future__ import annotations

from uuid import UUID

from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.access.public import add_member
from pasar.people.sign_in.actions.issue_tokens import Tokens
from pasar.people.sign_in.person import Device, SignedIn
from pasar.people.sign_in.signing_in import start_tokens
from pasar.people.users.public import add_user, customer_for
from support.shops import Shop

# argon2id of PASSWORD with the least work that it allows, so that tests that sign in lose no time.
PASSWORD = "correct horse battery"
CHEAP_HASH = "$argon2id$v=19$m=8,t=1,p=1$FrQ5X8TBgf5Xbxsm7qQgtw$2vwF9IJnXqlhz8NR1DD95C/SbpHDvDFa5zFpfwZvl7Y"


async def make_staff(runtime: Runtime, shop: Shop, role: str = "owner") -> dict[str, str]:
    """Make a member of the shop's staff and answer headers that act as such, `x-company-id` included."""
    async with runtime.database.transaction() as session:
        user_id = await add_user(session, email=new_email(), name="Sari Staff", password_hash=CHEAP_HASH)
        await add_member(session, shop.company_id, user_id, role)
    person = SignedIn(user_id, shop.company_id, "staff", role, "Sari Staff", "", None)
    return shop.headers | bearer(await tokens_for(runtime, person))


async def make_customer(runtime: Runtime, shop: Shop) -> tuple[UUID, dict[str, str]]:
    """Make a customer of the shop and answer the customer's id, and headers that act as that customer."""
    person = await make_person(runtime, shop)
    assert person.customer_id is not None
    return person.customer_id, shop.headers | bearer(await tokens_for(runtime, person))


async def make_person(runtime: Runtime, shop: Shop, email: str | None = None) -> SignedIn:
    """Make an account with a customer record at the shop; its password is `PASSWORD`."""
    email = email or new_email()
    async with runtime.database.transaction() as session:
        user_id = await add_user(session, email=email, name="Budi Buyer", password_hash=CHEAP_HASH)
        customer_id = await customer_for(session, shop.company_id, user_id, email=email, name="Budi Buyer")
    return SignedIn(user_id, shop.company_id, "customer", "customer", "Budi Buyer", email, customer_id)


async def tokens_for(runtime: Runtime, person: SignedIn) -> Tokens:
    """Sign the person in without a password."""
    start = start_tokens(runtime, Device())
    async with runtime.database.transaction() as session:
        return (await start(session, person)).tokens


def bearer(tokens: Tokens) -> dict[str, str]:
    """The header that carries an access token."""
    return {"Authorization": f"Bearer {tokens.access_token}"}


def new_email() -> str:
    """An address that no other test uses."""
    return f"person-{new_id().hex}@example.com"
