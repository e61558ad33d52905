"""Open, change and remove locations."""

from __future__ import annotations

from uuid import UUID

from msgspec import UNSET, UnsetType
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict, FieldProblem, NotFound
from pasar.kernel.ids import new_id
from pasar.shop.inventory.models import Location

USED = """
SELECT EXISTS (SELECT FROM stock_adjustments WHERE company_id = $1 AND location_id = $2)
    OR EXISTS (SELECT FROM stock_holds WHERE company_id = $1 AND location_id = $2)
"""
LOCK_ALL = "SELECT id FROM locations WHERE company_id = $1 ORDER BY id FOR UPDATE"
ACTIVE = "SELECT id FROM locations WHERE company_id = $1 AND is_active"
LOCK_LEVELS = """
SELECT on_hand, reserved FROM stock_levels WHERE company_id = $1 AND location_id = $2
 ORDER BY variant_id FOR UPDATE
"""
# A variant that lay only here keeps its settings at another location.
MOVE_SETTINGS = """
INSERT INTO stock_levels (company_id, variant_id, location_id, allow_backorder, reorder_level, priority)
SELECT s.company_id, s.variant_id, heir.id, s.allow_backorder, s.reorder_level, heir.priority
  FROM stock_levels s
 CROSS JOIN (SELECT id, priority FROM locations
              WHERE company_id = $1 AND id <> $2 AND is_active ORDER BY priority, id LIMIT 1) heir
 WHERE s.company_id = $1 AND s.location_id = $2
ON CONFLICT DO NOTHING
"""
CLEAR = "DELETE FROM stock_levels WHERE company_id = $1 AND location_id = $2"
REORDER = "UPDATE stock_levels SET priority = $3 WHERE company_id = $1 AND location_id = $2"


async def open_location(session: AsyncSession, company_id: UUID, *, name: str, priority: int) -> Location:
    """A new location. Raises `Conflict` `location_name_taken`."""
    location = Location(company_id=company_id, id=new_id(), name=name, priority=priority, is_active=True)
    await _write(session, location)
    return location


async def change_location(
    session: AsyncSession,
    company_id: UUID,
    location_id: UUID,
    *,
    name: str | UnsetType = UNSET,
    priority: int | UnsetType = UNSET,
    is_active: bool | UnsetType = UNSET,
) -> Location:
    """Rename, reorder, close or reopen a location; what is UNSET stays.

    Raises `NotFound`; `Conflict` `location_name_taken`, `last_location`, or `location_has_stock` when one
    is closed that still holds or owes goods.
    """
    location = await _locked(session, company_id, location_id)
    if is_active is False and location.is_active:
        await _empty(session, company_id, location_id)
    if is_active is not UNSET:
        location.is_active = is_active
    if name is not UNSET:
        location.name = name
    if priority is not UNSET and priority != location.priority:
        location.priority = priority
        # Locked in the common order first: an UPDATE alone would lock in any order.
        await fetch(session, LOCK_LEVELS, (company_id, location_id))
        await fetch(session, REORDER, (company_id, location_id, priority))
    await _write(session, location)
    return location


async def remove_location(session: AsyncSession, company_id: UUID, location_id: UUID) -> None:
    """Remove a location that never held anything.

    Raises `NotFound`, and `Conflict` `location_in_use` for one with a history: close that instead.
    """
    location = await _locked(session, company_id, location_id)
    ((used,),) = await fetch(session, USED, (company_id, location_id))
    if used:
        raise Conflict("location_in_use", "This location has a history. Close it instead: isActive false.")
    await _empty(session, company_id, location_id)
    await session.delete(location)


async def _locked(session: AsyncSession, company_id: UUID, location_id: UUID) -> Location:
    """The location, with all of the company's locked by their ids: two who close different ones would
    otherwise wait for each other's."""
    await fetch(session, LOCK_ALL, (company_id,))
    location = await session.get(Location, (company_id, location_id), populate_existing=True)
    if location is None:
        raise NotFound("location_not_found", "There is no such location.")
    return location


async def _empty(session: AsyncSession, company_id: UUID, location_id: UUID) -> None:
    locations = await fetch(session, ACTIVE, (company_id,))
    if all(other == location_id for (other,) in locations):
        raise Conflict("last_location", "This is the last open location. Open another first.")
    levels = await fetch(session, LOCK_LEVELS, (company_id, location_id))
    if any(on_hand or reserved for on_hand, reserved in levels):
        raise Conflict("location_has_stock", "Goods lie here or are reserved here. Move them out first.")
    await fetch(session, MOVE_SETTINGS, (company_id, location_id))
    await fetch(session, CLEAR, (company_id, location_id))


async def _write(session: AsyncSession, location: Location) -> None:
    try:
        async with session.begin_nested():
            session.add(location)
    except IntegrityError:
        message = "Another location has this name."
        raise Conflict(
            "location_name_taken", message, errors=[FieldProblem("name", "taken", message)]
        ) from None
