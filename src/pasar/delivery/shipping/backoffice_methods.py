"""Methods of a shipping zone in the back office."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post

from pasar.delivery.shipping.backoffice import HOME, ZONE, ask_first, find_zone, form_values, keep_zone
from pasar.delivery.shipping.backoffice_forms import (
    KINDS,
    method_values,
    read_method_form,
    with_method,
    without_method,
)
from pasar.delivery.shipping.queries import StoredZone
from pasar.delivery.shipping.rates import ShippingMethod
from pasar.kernel.errors import NotFound
from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.companies.public import company_currencies
from pasar.web.answering import page_response, see_other
from pasar.web.form_values import text_of
from pasar.web.notices import register_notice

__all__ = ["METHOD_BACKOFFICE"]

AnyRequest = Request[Any, Any, Any]
METHOD: Final = ZONE + "/methods/{method_id:uuid}"
FIELDS: Final = ("name", "kind", "currency", "price", "bands", "free_from", "delivery_days")
READ, WRITE = [staff_page("settings:read")], [staff_page("settings:write")]

register_notice("method-removed", "success", N_("The way to send is gone."))


@get(f"{ZONE}/methods/new", guards=WRITE, include_in_schema=False)
async def new_method(
    request: AnyRequest, context: Context, runtime: Runtime, zone_id: UUID
) -> Response[bytes]:
    """Ask for a new method of a zone."""
    stored = await find_zone(runtime, context, zone_id)
    values = method_values(None, context.site.currency)
    return await _method_form(request, context, runtime, stored, None, values, {})


@post(f"{ZONE}/methods/new", guards=WRITE, include_in_schema=False)
async def create_method(
    request: AnyRequest, context: Context, runtime: Runtime, zone_id: UUID
) -> Response[bytes]:
    """Add a method to a zone."""
    return await _save_method(request, context, runtime, zone_id, None)


@get(METHOD, guards=READ, include_in_schema=False)
async def show_method(
    request: AnyRequest, context: Context, runtime: Runtime, zone_id: UUID, method_id: UUID
) -> Response[bytes]:
    """Show a method to be changed."""
    stored = await find_zone(runtime, context, zone_id)
    method, active = _method(stored, method_id)
    values = method_values(method, method.currency, active=active)
    return await _method_form(request, context, runtime, stored, method, values, {})


@post(METHOD, guards=WRITE, include_in_schema=False)
async def edit_method(
    request: AnyRequest, context: Context, runtime: Runtime, zone_id: UUID, method_id: UUID
) -> Response[bytes]:
    """Change a method; carts that chose it keep it."""
    return await _save_method(request, context, runtime, zone_id, method_id)


@get(f"{METHOD}/remove", guards=WRITE, include_in_schema=False)
async def ask_remove_method(
    request: AnyRequest, context: Context, runtime: Runtime, zone_id: UUID, method_id: UUID
) -> Response[bytes]:
    """Ask before a method goes."""
    method, _ = _method(await find_zone(runtime, context, zone_id), method_id)
    words = translator(context.locale)
    return await ask_first(
        request,
        title=words.gettext("Remove {name}?", name=method.name),
        consequence=words.gettext(
            "Buyers can no longer choose it. To take it away for a while, switch it off instead."
        ),
        label=words.gettext("Remove this way to send"),
        path=f"{HOME}/{zone_id}/methods/{method_id}/remove",
        back=f"{HOME}/{zone_id}/methods/{method_id}",
    )


@post(f"{METHOD}/remove", guards=WRITE, include_in_schema=False)
async def drop_method(context: Context, runtime: Runtime, zone_id: UUID, method_id: UUID) -> Response[bytes]:
    """Remove a method of a zone."""
    stored = await find_zone(runtime, context, zone_id)
    _method(stored, method_id)
    zone, active = without_method(stored, str(method_id))
    await keep_zone(runtime, context, zone_id, zone, active)
    return see_other(f"{HOME}/{zone_id}", notice="method-removed")


METHOD_BACKOFFICE = (
    new_method,
    create_method,
    show_method,
    edit_method,
    ask_remove_method,
    drop_method,
)


async def _save_method(
    request: AnyRequest, context: Context, runtime: Runtime, zone_id: UUID, method_id: UUID | None
) -> Response[bytes]:
    stored = await find_zone(runtime, context, zone_id)
    known = _method(stored, method_id)[0] if method_id else None
    values: dict[str, Any] = dict(await form_values(request, FIELDS))
    values["is_active"] = bool(text_of(await request.form(), "is_active"))
    method, errors = read_method_form(
        values, str(method_id) if method_id else None, translator(context.locale)
    )
    if method is None:
        return await _method_form(request, context, runtime, stored, known, values, errors)
    zone, active = with_method(stored, method, active=values["is_active"])
    await keep_zone(runtime, context, zone_id, zone, active)
    return see_other(f"{HOME}/{zone_id}", notice="saved")


def _method(stored: StoredZone, method_id: UUID) -> tuple[ShippingMethod, bool]:
    for method, active in zip(stored.zone.methods, stored.active, strict=True):
        if method.method_id == str(method_id):
            return method, active
    raise NotFound("shipping_method_not_found", "This zone has no such way to send.")


async def _method_form(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    stored: StoredZone,
    method: ShippingMethod | None,
    values: dict[str, Any],
    errors: dict[str, str],
) -> Response[bytes]:
    words = translator(context.locale)
    currencies = await company_currencies(runtime.database, context.company_id)
    return await page_response(
        request,
        "delivery/shipping/backoffice/method.html",
        status=422 if errors else 200,
        zone_id=stored.id,
        zone_name=stored.zone.name,
        method=method,
        kinds=[(kind, words.gettext(label)) for kind, label in KINDS],
        currencies=[(code, code) for code in currencies],
        values=values,
        errors=errors,
    )
