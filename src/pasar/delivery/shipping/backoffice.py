"""Zones and methods of shipping in the back office."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post

from pasar.delivery.shipping.actions.keep_zones import add_zone, change_zone, remove_zone
from pasar.delivery.shipping.backoffice_forms import (
    KINDS,
    read_zone_form,
    zone_values,
)
from pasar.delivery.shipping.queries import StoredZone, forget_zones, stored_zones
from pasar.delivery.shipping.rates import ShippingZone
from pasar.kernel.errors import NotFound
from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.web.answering import page_response, see_other
from pasar.web.countries import country_name
from pasar.web.form_values import text_of
from pasar.web.menus import MenuEntry, admin_menu
from pasar.web.notices import register_notice

__all__ = ["HOME", "SHIPPING_BACKOFFICE", "ZONE", "ask_first", "find_zone", "form_values", "keep_zone"]

AnyRequest = Request[Any, Any, Any]
HOME: Final = "/admin/shipping"
ZONE: Final = HOME + "/{zone_id:uuid}"
READ, WRITE = [staff_page("settings:read")], [staff_page("settings:write")]
LONG: Final = 20_000

admin_menu.add(
    MenuEntry(N_("Shipping"), HOME, "truck", group="settings", permission="settings:read", order=20)
)
register_notice("zone-removed", "success", N_("The zone is gone."))
register_notice("zone-added", "success", N_("The zone is there. Now add a way to send to it."))


@get(HOME, guards=READ, include_in_schema=False)
async def show_zones(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """List where the company ships, with methods and prices."""
    stored = await stored_zones(runtime.database, context.company_id)
    zones = [
        (
            one,
            ", ".join(
                translator(context.locale).gettext("Rest of the world")
                if code == "*"
                else country_name(code, context.locale)
                for code in sorted(one.zone.countries)
            ),
            list(zip(one.zone.methods, one.active, strict=True)),
        )
        for one in stored
    ]
    return await page_response(
        request, "delivery/shipping/backoffice/zones.html", zones=zones, kinds=dict(KINDS)
    )


@get(f"{HOME}/new", guards=WRITE, include_in_schema=False)
async def new_zone(request: AnyRequest) -> Response[bytes]:
    """Ask for a new zone."""
    return await _zone_form(request, None, zone_values(None), {})


@post(f"{HOME}/new", guards=WRITE, include_in_schema=False)
async def create_zone(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Add a zone."""
    values = await form_values(request, ("name", "countries", "regions", "postcodes"))
    zone, errors = read_zone_form(values, None, translator(context.locale))
    if zone is None:
        return await _zone_form(request, None, values, errors)
    async with runtime.database.transaction() as session:
        zone_id = await add_zone(
            session,
            context.company_id,
            name=zone.name,
            countries=sorted(zone.countries),
            regions=sorted(zone.regions),
            postcodes=zone.postcodes,
        )
    forget_zones(runtime.database, context.company_id)
    return see_other(f"{HOME}/{zone_id}", notice="zone-added")


@get(ZONE, guards=READ, include_in_schema=False)
async def show_zone(
    request: AnyRequest, context: Context, runtime: Runtime, zone_id: UUID
) -> Response[bytes]:
    """Show a zone to be changed, and its methods."""
    stored = await find_zone(runtime, context, zone_id)
    return await _zone_form(request, stored, zone_values(stored), {})


@post(ZONE, guards=WRITE, include_in_schema=False)
async def edit_zone(
    request: AnyRequest, context: Context, runtime: Runtime, zone_id: UUID
) -> Response[bytes]:
    """Change a zone; its methods stay."""
    stored = await find_zone(runtime, context, zone_id)
    values = await form_values(request, ("name", "countries", "regions", "postcodes"))
    zone, errors = read_zone_form(values, stored, translator(context.locale))
    if zone is None:
        return await _zone_form(request, stored, values, errors)
    await keep_zone(runtime, context, zone_id, zone, list(stored.active))
    return see_other(f"{HOME}/{zone_id}", notice="saved")


@get(f"{ZONE}/remove", guards=WRITE, include_in_schema=False)
async def ask_remove_zone(
    request: AnyRequest, context: Context, runtime: Runtime, zone_id: UUID
) -> Response[bytes]:
    """Ask before a zone goes."""
    stored = await find_zone(runtime, context, zone_id)
    words = translator(context.locale)
    return await ask_first(
        request,
        title=words.gettext("Remove {name}?", name=stored.zone.name),
        consequence=words.gettext(
            "Its ways to send go with it, and buyers there can no longer order, unless another zone takes"
            " them in. Orders already placed stay as they are."
        ),
        label=words.gettext("Remove the zone"),
        path=f"{HOME}/{zone_id}/remove",
        back=f"{HOME}/{zone_id}",
    )


@post(f"{ZONE}/remove", guards=WRITE, include_in_schema=False)
async def drop_zone(context: Context, runtime: Runtime, zone_id: UUID) -> Response[bytes]:
    """Remove a zone."""
    async with runtime.database.transaction() as session:
        await remove_zone(session, context.company_id, zone_id)
    forget_zones(runtime.database, context.company_id)
    return see_other(HOME, notice="zone-removed")


SHIPPING_BACKOFFICE = (
    show_zones,
    new_zone,
    create_zone,
    show_zone,
    edit_zone,
    ask_remove_zone,
    drop_zone,
)


async def keep_zone(
    runtime: Runtime, context: Context, zone_id: UUID, zone: ShippingZone, active: list[bool]
) -> None:
    async with runtime.database.transaction() as session:
        await change_zone(session, context.company_id, zone_id, zone, active)
    forget_zones(runtime.database, context.company_id)


async def find_zone(runtime: Runtime, context: Context, zone_id: UUID) -> StoredZone:
    for stored in await stored_zones(runtime.database, context.company_id):
        if stored.id == zone_id:
            return stored
    raise NotFound("shipping_zone_not_found", "There is no such shipping zone.")


async def form_values(request: AnyRequest, names: tuple[str, ...]) -> dict[str, str]:
    form = await request.form()
    return {name: text_of(form, name, LONG) for name in names}


async def _zone_form(
    request: AnyRequest, stored: StoredZone | None, values: dict[str, str], errors: dict[str, str]
) -> Response[bytes]:
    methods = list(zip(stored.zone.methods, stored.active, strict=True)) if stored else []
    return await page_response(
        request,
        "delivery/shipping/backoffice/zone.html",
        status=422 if errors else 200,
        zone_id=stored.id if stored else None,
        name=stored.zone.name if stored else "",
        methods=methods,
        kinds=dict(KINDS),
        values=values,
        errors=errors,
    )


async def ask_first(
    request: AnyRequest, *, title: str, consequence: str, label: str, path: str, back: str
) -> Response[bytes]:
    return await page_response(
        request,
        "layouts/admin_confirm.html",
        title=title,
        consequence=consequence,
        action_path=path,
        confirm_label=label,
        cancel_path=back,
        hidden={},
    )
