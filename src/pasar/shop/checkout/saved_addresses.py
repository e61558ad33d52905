"""How does a customer's address book help at checkout? It fills the form, and takes a new address in."""

from __future__ import annotations

from pasar.kernel.db.database import Database
from pasar.kernel.ids import parse_id
from pasar.kernel.tenancy import Context
from pasar.people.users.public import (
    Address,
    KeptAddress,
    addresses_of,
    default_address,
    remember_address,
)
from pasar.shop.checkout.details import address_of
from pasar.shop.checkout.schemas import AddressInput
from pasar.shop.orders.public import PostalFacts

__all__ = ["chosen_address", "default_values", "save_address", "saved_choices", "ship_values"]


async def saved_choices(database: Database, context: Context) -> list[tuple[str, str]]:
    """The customer's addresses as a form offers them: id and one line; none for guests."""
    return [(str(one.id), _line(one)) for one in await _book(database, context)]


async def chosen_address(database: Database, context: Context, chosen: str) -> dict[str, str]:
    """The form's values for the customer's address with the id `chosen`; none for anything else."""
    wanted = parse_id(chosen)
    found = next((one for one in await _book(database, context) if one.id == wanted), None)
    return ship_values(found.address) if found else {}


async def default_values(database: Database, context: Context) -> dict[str, str]:
    """The form's values for the customer's default address; none without one."""
    if context.caller.customer_id is None:
        return {}
    found = await default_address(database, context.company_id, context.caller.customer_id)
    return ship_values(found.address) | {"saved": str(found.id)} if found else {}


async def save_address(database: Database, context: Context, given: AddressInput) -> None:
    """Take the address of a placed order into the customer's book, unless it is there or the book is full."""
    if context.caller.customer_id is None:
        return
    address, errors = address_of("shippingAddress", given)
    if errors:
        return
    async with database.transaction() as session:
        await remember_address(session, context.company_id, context.caller.customer_id, address)


def ship_values(address: Address | PostalFacts, phone: str = "") -> dict[str, str]:
    """An address as the form's fields take it; `phone` where it has none of its own."""
    return {
        "ship_name": address.name,
        "ship_line1": address.line1,
        "ship_line2": address.line2,
        "ship_city": address.city,
        "ship_region": address.region,
        "ship_postal_code": address.postal_code,
        "ship_country": address.country,
        "ship_phone": address.phone or phone,
    }


async def _book(database: Database, context: Context) -> list[KeptAddress]:
    if context.caller.customer_id is None:
        return []
    return await addresses_of(database, context.company_id, context.caller.customer_id)


def _line(kept: KeptAddress) -> str:
    address = kept.address
    parts = (kept.label, address.name, address.line1, address.city, address.postal_code, address.country)
    return ", ".join(part for part in parts if part)
