"""What a company has settled for itself, as a page of the back office."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from litestar import Request, Response, get, post

from pasar.kernel.errors import Forbidden, Problem
from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.companies.actions.change_company import change_own_company
from pasar.people.companies.schemas import CompanyInput
from pasar.people.companies.settings_of import company_settings, forget_settings
from pasar.people.companies.wire import change_of
from pasar.web.answering import page_response, see_other
from pasar.web.form_inputs import Refusals, input_of, refusal_errors
from pasar.web.form_values import text_of
from pasar.web.menus import MenuEntry, admin_menu

AnyRequest = Request[Any, Any, Any]
HOME: Final = "/admin/settings"
TEMPLATE: Final = "people/companies/backoffice/settings.html"
LONGEST_NOTE: Final = 2000
REFUSALS: Refusals = {
    "time_zone_unknown": ("timeZone", N_("Write the zone as Asia/Jakarta or Europe/Berlin."))
}

admin_menu.add(MenuEntry(N_("Company"), HOME, "gear", group="settings", permission="settings:read", order=5))


@get(HOME, guards=[staff_page("settings:read")], include_in_schema=False)
async def show_settings(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Show the company's decisions."""
    settings = await company_settings(runtime.database, context.company_id)
    values = {
        "name": settings.name,
        "timeZone": settings.time_zone,
        "lowStockDefault": str(settings.low_stock_default),
        "bankTransferDays": str(settings.bank_transfer_days),
        "bankTransferNote": settings.bank_transfer_note,
        "uniqueSkus": "true" if settings.unique_skus else "",
    }
    return await page_response(request, TEMPLATE, values=values, errors={})


@post(HOME, guards=[staff_page("settings:write")], include_in_schema=False)
async def save_settings(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Change the company's decisions."""
    form = await request.form()
    names = ("name", "timeZone", "lowStockDefault", "bankTransferDays")
    values: dict[str, str] = {name: text_of(form, name) for name in names}
    values["bankTransferNote"] = text_of(form, "bankTransferNote", LONGEST_NOTE)
    values["uniqueSkus"] = "true" if text_of(form, "uniqueSkus") else "false"
    words = translator(context.locale)
    wanted, errors = input_of(CompanyInput, values, words)
    if wanted is not None:
        try:
            async with runtime.database.transaction() as session:
                await change_own_company(session, context, change_of(wanted), runtime.clock.now())
        except Forbidden:  # to confirm first is asked on a page of its own
            raise
        except Problem as problem:
            errors = refusal_errors(problem, REFUSALS, words)
    if errors:
        return await _again(request, values, errors)
    forget_settings(runtime.database, context.company_id)
    return see_other(HOME, notice="saved")


async def _again(
    request: AnyRequest, values: Mapping[str, str], errors: Mapping[str, str]
) -> Response[bytes]:
    shown = dict(values) | {"uniqueSkus": "true" if values["uniqueSkus"] == "true" else ""}
    return await page_response(request, TEMPLATE, status=422, values=shown, errors=errors)


COMPANY_BACKOFFICE = (show_settings, save_settings)
