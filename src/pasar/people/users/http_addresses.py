"""The address book over HTTP: a customer's own, and nobody else's.

Who calls is read from the database each time, as for every route of one's account.
"""

from __future__ import annotations

from uuid import UUID

from litestar import delete, get, patch, post

from pasar.kernel.errors import NotFound
from pasar.kernel.http.guards import signed_in
from pasar.kernel.http.schema import Page
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.users.actions.add_address import add_address
from pasar.people.users.actions.change_address import change_address
from pasar.people.users.actions.remove_address import remove_address
from pasar.people.users.actions.set_default_address import set_default_address
from pasar.people.users.address_book import (
    address_not_found,
    addresses_of,
    default_address,
    one_address,
    wished_address,
)
from pasar.people.users.address_schemas import AddressAnswer, AddressChange, address_answer

__all__ = ["ADDRESS_ROUTES"]

TAGS = ["Addresses"]
OWN = [signed_in]


@get("/api/addresses", guards=OWN, summary="My addresses", tags=TAGS)
async def list_addresses(context: Context, runtime: Runtime) -> Page[AddressAnswer]:
    """List one's addresses, the default first, then the latest."""
    return await _book(context, runtime)


@post("/api/addresses", guards=OWN, summary="Add an address", tags=TAGS)
async def post_address(context: Context, runtime: Runtime, data: AddressChange) -> AddressAnswer:
    """Add an address, checked by the rules of its country; the first one is the default."""
    wish = data.wish()
    label, address = wished_address(wish, None)
    async with runtime.database.transaction() as session:
        address_id = await add_address(
            session,
            context.company_id,
            context.customer_id,
            address,
            label=label,
            is_default=wish.is_default,
        )
    return await _one(context, runtime, address_id)


@get("/api/addresses/{address_id:uuid}", guards=OWN, summary="One of my addresses", tags=TAGS)
async def show_address(context: Context, runtime: Runtime, address_id: UUID) -> AddressAnswer:
    """Show one of one's addresses."""
    return await _one(context, runtime, address_id)


@patch("/api/addresses/{address_id:uuid}", guards=OWN, summary="Change an address", tags=TAGS)
async def patch_address(
    context: Context, runtime: Runtime, address_id: UUID, data: AddressChange
) -> AddressAnswer:
    """Change some of an address; orders placed before keep it as it was."""
    async with runtime.database.transaction() as session:
        await change_address(session, context.company_id, context.customer_id, address_id, data.wish())
    return await _one(context, runtime, address_id)


@delete("/api/addresses/{address_id:uuid}", guards=OWN, summary="Remove an address", tags=TAGS)
async def delete_address(context: Context, runtime: Runtime, address_id: UUID) -> None:
    """Remove an address, though not the last; in place of the default another one becomes it."""
    async with runtime.database.transaction() as session:
        await remove_address(session, context.company_id, context.customer_id, address_id)


@post(
    "/api/addresses/{address_id:uuid}/set-default",
    guards=OWN,
    status_code=200,
    summary="Make an address the default",
    tags=TAGS,
)
async def post_default(context: Context, runtime: Runtime, address_id: UUID) -> AddressAnswer:
    """Make this address the one that goods normally go to."""
    async with runtime.database.transaction() as session:
        await set_default_address(session, context.company_id, context.customer_id, address_id)
    return await _one(context, runtime, address_id)


@get("/api/addresses/user/{user_id:uuid}", guards=OWN, summary="A user's addresses", tags=TAGS)
async def list_user_addresses(context: Context, runtime: Runtime, user_id: UUID) -> Page[AddressAnswer]:
    """The same list under one's own user id; anybody else's is not there."""
    _refuse_others(context, user_id)
    return await _book(context, runtime)


@get("/api/addresses/user/{user_id:uuid}/default", guards=OWN, summary="A user's default address", tags=TAGS)
async def show_user_default(context: Context, runtime: Runtime, user_id: UUID) -> AddressAnswer:
    """One's default address under one's own user id."""
    _refuse_others(context, user_id)
    found = await default_address(runtime.database, context.company_id, context.customer_id)
    if found is None:
        raise address_not_found()
    return address_answer(found)


async def _book(context: Context, runtime: Runtime) -> Page[AddressAnswer]:
    found = await addresses_of(runtime.database, context.company_id, context.customer_id)
    return Page(items=[address_answer(one) for one in found], total=len(found))


async def _one(context: Context, runtime: Runtime, address_id: UUID) -> AddressAnswer:
    return address_answer(
        await one_address(runtime.database, context.company_id, context.customer_id, address_id)
    )


def _refuse_others(context: Context, user_id: UUID) -> None:
    if user_id not in {context.user_id, context.customer_id}:
        raise NotFound("user_not_found", "There is no such account.")


ADDRESS_ROUTES = (
    list_addresses,
    post_address,
    show_address,
    patch_address,
    delete_address,
    post_default,
    list_user_addresses,
    show_user_default,
)
