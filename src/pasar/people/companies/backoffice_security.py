"""What a company demands of those who work for it, and of those who register, as a page."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request, Response, get, post

from pasar.kernel.errors import Conflict, Unprocessable
from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.companies.actions.change_security import SecurityChange, change_security
from pasar.people.companies.networks import MOST_NETWORKS
from pasar.people.companies.settings_of import company_settings, forget_settings
from pasar.web.answering import page_response, see_other
from pasar.web.form_inputs import Refusals, lines_of, refusal_errors
from pasar.web.form_values import text_of

__all__ = ["SECURITY_BACKOFFICE"]

AnyRequest = Request[Any, Any, Any]
HOME: Final = "/admin/settings/security"
LONGEST: Final = 4000
REFUSALS: Refusals = {
    "second_factor_first": (
        "requireSecondFactor",
        N_("Set up a second factor for yourself and sign in with it: else you could not come back."),
    ),
    "would_lock_you_out": ("admittedFrom", N_("Your own address is not among these. Add it first.")),
    "network_malformed": (
        "admittedFrom",
        N_("Write networks as 203.0.113.0/24 or 2001:db8::/32, single addresses as they are."),
    ),
    "too_many_networks": ("admittedFrom", N_("These are too many networks.")),
}


@get(HOME, guards=[staff_page("settings:read")], include_in_schema=False)
async def show_security(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Show what the company demands."""
    settings = await company_settings(runtime.database, context.company_id)
    values = {
        "requireSecondFactor": "1" if settings.require_second_factor else "",
        "admittedFrom": "\n".join(settings.admitted_from),
        "verifyFirst": "1" if settings.verify_first else "",
    }
    return await _page(request, context, values, {})


@post(HOME, guards=[staff_page("settings:write", step_up=True)], include_in_schema=False)
async def save_security(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Change what the company demands."""
    form = await request.form()
    values = {name: text_of(form, name, LONGEST) for name in ("requireSecondFactor", "verifyFirst")}
    values["admittedFrom"] = text_of(form, "admittedFrom", LONGEST)
    change = SecurityChange(
        require_second_factor=values["requireSecondFactor"] == "1",
        admitted_from=lines_of(values["admittedFrom"]),
        verify_first=values["verifyFirst"] == "1",
    )
    try:
        async with runtime.database.transaction() as session:
            await change_security(session, context, change)
    except (Conflict, Unprocessable) as problem:
        errors = refusal_errors(problem, REFUSALS, translator(context.locale))
        return await _page(request, context, values, errors)
    forget_settings(runtime.database, context.company_id)
    return see_other(HOME, notice="saved")


SECURITY_BACKOFFICE = (show_security, save_security)


async def _page(
    request: AnyRequest, context: Context, values: dict[str, str], errors: dict[str, str]
) -> Response[bytes]:
    return await page_response(
        request,
        "people/companies/backoffice/security.html",
        status=422 if errors else 200,
        values=values,
        errors=errors,
        address=context.address,
        most=MOST_NETWORKS,
    )
