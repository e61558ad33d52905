"""Locations over HTTP, for staff."""

from __future__ import annotations

from uuid import UUID

from litestar import delete, get, patch, post
from sqlalchemy import select

from pasar.kernel.http.guards import staff
from pasar.kernel.http.schema import Page
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.shop.inventory.actions.keep_locations import change_location, open_location, remove_location
from pasar.shop.inventory.models import Location
from pasar.shop.inventory.schemas import LocationAnswer, LocationChange, LocationInput

PATH = "/api/admin/locations"
ONE = "/api/admin/locations/{location_id:uuid}"


@get(PATH, guards=[staff("inventory:read")], tags=["Inventory"])
async def list_locations(context: Context, runtime: Runtime) -> Page[LocationAnswer]:
    """List the places that hold stock, in the order in which they are drawn from."""
    found = (
        select(Location)
        .where(Location.company_id == context.company_id)
        .order_by(Location.priority, Location.id)
    )
    async with runtime.database.transaction() as session:
        items = [_answer(location) for location in await session.scalars(found)]
    return Page(items=items, total=len(items))


@post(PATH, guards=[staff("inventory:write")], tags=["Inventory"])
async def add_location(context: Context, runtime: Runtime, data: LocationInput) -> LocationAnswer:
    """Open a place that holds stock."""
    async with runtime.database.transaction() as session:
        location = await open_location(
            session, context.company_id, name=data.name.strip(), priority=data.priority
        )
    return _answer(location)


@patch(ONE, guards=[staff("inventory:write")], tags=["Inventory"])
async def edit_location(
    context: Context, runtime: Runtime, location_id: UUID, data: LocationChange
) -> LocationAnswer:
    """Rename, reorder, close or reopen a location; what is left out stays."""
    name = data.name.strip() if isinstance(data.name, str) else data.name
    async with runtime.database.transaction() as session:
        location = await change_location(
            session,
            context.company_id,
            location_id,
            name=name,
            priority=data.priority,
            is_active=data.is_active,
        )
    return _answer(location)


@delete(ONE, guards=[staff("inventory:write")], tags=["Inventory"])
async def drop_location(context: Context, runtime: Runtime, location_id: UUID) -> None:
    """Remove a location that never held anything."""
    async with runtime.database.transaction() as session:
        await remove_location(session, context.company_id, location_id)


def _answer(location: Location) -> LocationAnswer:
    return LocationAnswer(
        id=location.id, name=location.name, priority=location.priority, is_active=location.is_active
    )


LOCATION_ROUTES = (list_locations, add_location, edit_location, drop_location)
