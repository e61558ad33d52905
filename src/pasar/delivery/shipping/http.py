"""Zones over HTTP for staff, and what shipping costs for shoppers."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import delete, get, post, put
from litestar.params import QueryParameter

from pasar.delivery.shipping.actions.keep_zones import add_zone, change_zone, remove_zone
from pasar.delivery.shipping.queries import StoredZone, forget_zones, quotes, stored_zones
from pasar.delivery.shipping.schemas import QuoteAnswer, ZoneAnswer, ZoneInput
from pasar.delivery.shipping.wire import quote_answer, read_money, read_zone, zone_answer
from pasar.kernel.http.guards import shopper, staff
from pasar.kernel.http.schema import Page
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context, sold_currency

PATH = "/api/admin/shipping-zones"
ONE = "/api/admin/shipping-zones/{zone_id:uuid}"


@get(PATH, guards=[staff("settings:read")], tags=["Settings"])
async def list_shipping_zones(context: Context, runtime: Runtime) -> Page[ZoneAnswer]:
    """List where the company ships, with methods and prices."""
    items = [zone_answer(stored) for stored in await stored_zones(runtime.database, context.company_id)]
    return Page(items=items, total=len(items))


@post(PATH, guards=[staff("settings:write")], tags=["Settings"])
async def add_shipping_zone(context: Context, runtime: Runtime, data: ZoneInput) -> ZoneAnswer:
    """Add a zone with its methods."""
    zone, active = read_zone(data)
    async with runtime.database.transaction() as session:
        zone_id = await add_zone(
            session,
            context.company_id,
            name=zone.name,
            countries=sorted(zone.countries),
            regions=sorted(zone.regions),
            postcodes=zone.postcodes,
        )
        # Added by replacing: an id that the client made up is never taken for a method's own.
        await change_zone(session, context.company_id, zone_id, zone, active)
    forget_zones(runtime.database, context.company_id)
    return zone_answer(await _stored(runtime, context.company_id, zone_id))


@put(ONE, guards=[staff("settings:write")], tags=["Settings"])
async def edit_shipping_zone(
    context: Context, runtime: Runtime, zone_id: UUID, data: ZoneInput
) -> ZoneAnswer:
    """Replace a zone and its methods; a method sent with its id keeps it."""
    zone, active = read_zone(data)
    async with runtime.database.transaction() as session:
        await change_zone(session, context.company_id, zone_id, zone, active)
    forget_zones(runtime.database, context.company_id)
    return zone_answer(await _stored(runtime, context.company_id, zone_id))


@delete(ONE, guards=[staff("settings:write")], tags=["Settings"])
async def drop_shipping_zone(context: Context, runtime: Runtime, zone_id: UUID) -> None:
    """Remove a zone and its methods."""
    async with runtime.database.transaction() as session:
        await remove_zone(session, context.company_id, zone_id)
    forget_zones(runtime.database, context.company_id)


@get("/api/public/shipping-methods", guards=[shopper], tags=["Checkout"])
async def list_shipping_methods(
    context: Context,
    runtime: Runtime,
    country: Annotated[str, QueryParameter(pattern="^[A-Z]{2}$")],
    region: str = "",
    postal_code: Annotated[str, QueryParameter(name="postalCode")] = "",
    subtotal: Annotated[str, QueryParameter(pattern=r"^[0-9]{1,15}(\.[0-9]{1,3})?$")] = "0",
    items: Annotated[int, QueryParameter(ge=1, le=100_000)] = 1,
    weight_grams: Annotated[int, QueryParameter(name="weightGrams", ge=0, le=1_000_000_000)] = 0,
    currency: str | None = None,
) -> Page[QuoteAnswer]:
    """List the ways to ship to a place and what they cost for goods of this subtotal, number and weight."""
    wanted = sold_currency(context.site, currency or None)
    found = await quotes(
        runtime.database,
        context.company_id,
        currency=wanted,
        country=country,
        region=region,
        postcode=postal_code,
        subtotal_minor=read_money(subtotal, wanted, "subtotal"),
        lines_item_count=items,
        weight_grams=weight_grams,
    )
    return Page(items=[quote_answer(one) for one in found], total=len(found))


async def _stored(runtime: Runtime, company_id: UUID, zone_id: UUID) -> StoredZone:
    return next(stored for stored in await stored_zones(runtime.database, company_id) if stored.id == zone_id)


SHIPPING_ROUTES = (
    list_shipping_zones,
    add_shipping_zone,
    edit_shipping_zone,
    drop_shipping_zone,
    list_shipping_methods,
)
