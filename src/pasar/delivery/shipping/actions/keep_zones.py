"""Add, change and remove shipping zones with their methods."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.delivery.shipping.models import ShippingMethodRow, ShippingZoneRow
from pasar.delivery.shipping.rates import ShippingMethod, ShippingZone
from pasar.kernel.errors import NotFound
from pasar.kernel.ids import new_id


async def add_zone(
    session: AsyncSession,
    company_id: UUID,
    *,
    name: str,
    countries: Sequence[str],
    regions: Sequence[str] = (),
    postcodes: Sequence[str] = (),
) -> UUID:
    """A new zone without methods: countries are two capitals or "*". Raises ShippingRuleError."""
    ShippingZone(name, frozenset(countries), (), frozenset(regions), tuple(postcodes))
    zone = ShippingZoneRow(
        company_id=company_id,
        id=new_id(),
        name=name,
        countries=list(countries),
        regions=list(regions),
        postcodes=list(postcodes),
    )
    session.add(zone)
    await session.flush()
    return zone.id


async def add_method(
    session: AsyncSession,
    company_id: UUID,
    zone_id: UUID,
    method: ShippingMethod,
    *,
    position: int = 0,
    is_active: bool = True,
) -> UUID:
    """A method of a zone; its id is `method.method_id` when that is a UUID, else a new one."""
    row = ShippingMethodRow(
        company_id=company_id,
        id=_id_of(method),
        zone_id=zone_id,
        name=method.name,
        kind=method.kind,
        currency=method.currency,
        price=method.price_minor,
        bands=[{"upToGrams": band.up_to_grams, "price": band.price_minor} for band in method.bands],
        free_from=method.free_from_minor,
        delivery_days=method.delivery_days,
        position=position,
        is_active=is_active,
    )
    session.add(row)
    await session.flush()
    return row.id


async def change_zone(
    session: AsyncSession, company_id: UUID, zone_id: UUID, zone: ShippingZone, active: Sequence[bool]
) -> None:
    """Put `zone` with its methods in the place of a stored one; `active[i]` says whether method i is offered.

    A method whose id the zone had keeps it, so that carts which chose it stay right; an id from elsewhere is
    replaced by a new one. Raises `NotFound`.
    """
    row = await session.get(ShippingZoneRow, (company_id, zone_id), with_for_update=True)
    if row is None:
        raise _unknown()
    row.name = zone.name
    row.countries = sorted(zone.countries)
    row.regions = sorted(zone.regions)
    row.postcodes = list(zone.postcodes)
    removed = await session.scalars(
        delete(ShippingMethodRow)
        .where(ShippingMethodRow.company_id == company_id, ShippingMethodRow.zone_id == zone_id)
        .returning(ShippingMethodRow.id)
    )
    known = {str(method_id) for method_id in removed}
    session.expunge_all()
    session.add(row)
    for position, (method, offered) in enumerate(zip(zone.methods, active, strict=True)):
        kept = method if method.method_id in known else _renamed(method)
        known.discard(method.method_id)
        await add_method(session, company_id, zone_id, kept, position=position, is_active=offered)


async def remove_zone(session: AsyncSession, company_id: UUID, zone_id: UUID) -> None:
    """Remove a zone and its methods. Orders keep what they were charged. Raises `NotFound`."""
    row = await session.get(ShippingZoneRow, (company_id, zone_id), with_for_update=True)
    if row is None:
        raise _unknown()
    await session.delete(row)


def _renamed(method: ShippingMethod) -> ShippingMethod:
    return ShippingMethod(
        str(new_id()),
        method.name,
        method.kind,
        method.currency,
        method.price_minor,
        method.bands,
        method.free_from_minor,
        method.delivery_days,
    )


def _id_of(method: ShippingMethod) -> UUID:
    try:
        return UUID(method.method_id)
    except ValueError:
        return new_id()


def _unknown() -> NotFound:
    return NotFound("shipping_zone_not_found", "There is no such shipping zone.")
