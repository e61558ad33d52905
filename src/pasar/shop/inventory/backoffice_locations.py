"""The places that hold stock, in the back office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from sqlalchemy import select

from pasar.kernel.errors import Conflict
from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.shop.inventory.actions.keep_locations import change_location, open_location, remove_location
from pasar.shop.inventory.models import Location
from pasar.shop.inventory.schemas import LocationInput
from pasar.web.answering import page_response, see_other
from pasar.web.form_inputs import Refusals, input_of, refusal_errors
from pasar.web.form_values import text_of
from pasar.web.notices import register_notice
from pasar.web.page import Notice

__all__ = ["LOCATION_BACKOFFICE"]

AnyRequest = Request[Any, Any, Any]
HOME: Final = "/admin/stock/locations"
ONE: Final = HOME + "/{location_id:uuid}"
READ, WRITE = [staff_page("inventory:read")], [staff_page("inventory:write")]
_REFUSALS: Final[Refusals] = {
    "location_name_taken": ("name", N_("Another place has this name. Choose a different one.")),
    "last_location": ("", N_("This is the last open place. Open another first.")),
    "location_has_stock": ("", N_("Goods lie here or are reserved here. Move them out first.")),
    "location_in_use": ("", N_("This place has a history, so it stays. Close it instead.")),
}

register_notice("location-opened", "success", N_("The place is open."))
register_notice("location-removed", "success", N_("The place is gone."))


@get(HOME, guards=READ, include_in_schema=False)
async def show_locations(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """List the places that hold stock, in the order in which they are drawn from."""
    return await _page(request, context, runtime)


@post(HOME, guards=WRITE, include_in_schema=False)
async def add_location_page(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Open a place."""
    data, values, errors = await _read(request, context)
    if data is None:
        return await _page(request, context, runtime, errors=errors, values=values)
    try:
        async with runtime.database.transaction() as session:
            await open_location(session, context.company_id, name=data.name.strip(), priority=data.priority)
    except Conflict as problem:
        errors = refusal_errors(problem, _REFUSALS, translator(context.locale))
        return await _page(request, context, runtime, errors=errors, values=values)
    return see_other(HOME, notice="location-opened")


@post(ONE, guards=WRITE, include_in_schema=False)
async def edit_location_page(
    request: AnyRequest, context: Context, runtime: Runtime, location_id: UUID
) -> Response[bytes]:
    """Rename or reorder a place, close or reopen it, or remove it: by the button that was pressed."""
    step = text_of(await request.form(), "step")
    data, _, errors = await _read(request, context)
    try:
        async with runtime.database.transaction() as session:
            if step == "remove":
                await remove_location(session, context.company_id, location_id)
            elif step in ("close", "open"):
                await change_location(session, context.company_id, location_id, is_active=step == "open")
            elif data is not None:
                name = data.name.strip()
                await change_location(
                    session, context.company_id, location_id, name=name, priority=data.priority
                )
    except Conflict as problem:
        errors = refusal_errors(problem, _REFUSALS, translator(context.locale))
        return await _page(request, context, runtime, status=409, said=next(iter(errors.values())))
    if step not in ("remove", "close", "open") and data is None:
        return await _page(request, context, runtime, status=422, said=next(iter(errors.values())))
    return see_other(HOME, notice="location-removed" if step == "remove" else "saved")


LOCATION_BACKOFFICE = (show_locations, add_location_page, edit_location_page)


async def _read(
    request: AnyRequest, context: Context
) -> tuple[LocationInput | None, dict[str, str], dict[str, str]]:
    form = await request.form()
    values = {name: text_of(form, name) for name in ("name", "priority")}
    filled = {name: value for name, value in values.items() if value}
    data, errors = input_of(LocationInput, filled, translator(context.locale))
    return data, values, errors


async def _page(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    *,
    status: int | None = None,
    said: str = "",
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
) -> Response[bytes]:
    found = (
        select(Location)
        .where(Location.company_id == context.company_id)
        .order_by(Location.priority, Location.id)
    )
    async with runtime.database.transaction() as session:
        locations = list(await session.scalars(found))
    return await page_response(
        request,
        "shop/inventory/backoffice/locations.html",
        status=status or (422 if errors else 200),
        notice=Notice("error", said) if said else None,
        locations=locations,
        errors=errors or {},
        values=values or {"name": "", "priority": "0"},
    )
