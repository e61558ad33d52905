"""Tax rates in the back office: the table, the form, and the question before one goes."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post

from pasar.finance.taxes.actions.keep_rates import add_rate, change_rate, remove_rate
from pasar.finance.taxes.percent import percent_of
from pasar.finance.taxes.queries import forget_rates, stored_rate, stored_rates
from pasar.finance.taxes.rates import TaxRate
from pasar.finance.taxes.schemas import TaxRateInput
from pasar.finance.taxes.wire import rate_answer, read_rate
from pasar.kernel.errors import Unprocessable
from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.web.answering import page_response, see_other
from pasar.web.countries import country_choices, country_name
from pasar.web.form_inputs import input_of, refusal_errors
from pasar.web.form_values import text_of
from pasar.web.menus import MenuEntry, admin_menu
from pasar.web.notices import register_notice
from pasar.web.tables import Column, Link, Row, Table

__all__ = ["TAX_BACKOFFICE"]

AnyRequest = Request[Any, Any, Any]
HOME: Final = "/admin/tax"
READ, WRITE = [staff_page("settings:read")], [staff_page("settings:write")]
FIELDS: Final = ("name", "country", "percent", "region", "postcode", "priority", "compound")
NEW: Final = dict.fromkeys(FIELDS, "") | {"priority": "1"}

admin_menu.add(MenuEntry(N_("Taxes"), HOME, "list", group="settings", permission="settings:read", order=10))
register_notice("rate-removed", "success", N_("The rate is gone."))


@get(HOME, guards=READ, include_in_schema=False)
async def show_rates(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """List the company's tax rates."""
    async with runtime.database.transaction() as session:
        rows = await stored_rates(session, context.company_id)
    words = translator(context.locale)
    table = Table(
        columns=(
            Column(words.gettext("Name")),
            Column(words.gettext("Country")),
            Column(words.gettext("Region or postcode")),
            Column(words.gettext("Rate"), number=True),
            Column(words.gettext("Priority"), number=True),
        ),
        rows=[
            Row(
                str(row.id),
                (
                    Link(row.name, f"{HOME}/{row.id}"),
                    country_name(row.country, context.locale),
                    " ".join(part for part in (row.region, row.postcode) if part) or None,
                    f"{percent_of(row.rate_ppm)} %",
                    row.priority,
                ),
            )
            for row in rows
        ],
        empty_title=words.gettext("No tax is charged"),
        empty_text=words.gettext("Add a rate for each country or region in which you must charge tax."),
    )
    return await page_response(
        request,
        "finance/taxes/backoffice/rates.html",
        table=table,
        included=sorted(context.site.tax_included.items()),
    )


@get(f"{HOME}/new", guards=WRITE, include_in_schema=False)
async def new_rate(request: AnyRequest, context: Context) -> Response[bytes]:
    """Ask for a new rate."""
    return await _form(request, context, None, NEW, {})


@post(f"{HOME}/new", guards=WRITE, include_in_schema=False)
async def create_rate(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Add a rate."""
    return await _save(request, context, runtime, None)


@get(f"{HOME}/{{rate_id:uuid}}", guards=READ, include_in_schema=False)
async def show_rate(
    request: AnyRequest, context: Context, runtime: Runtime, rate_id: UUID
) -> Response[bytes]:
    """Show one rate to be changed."""
    async with runtime.database.transaction() as session:
        answer = rate_answer(await stored_rate(session, context.company_id, rate_id))
    values = {name: getattr(answer, name) or "" for name in FIELDS}
    return await _form(request, context, rate_id, values, {})


@post(f"{HOME}/{{rate_id:uuid}}", guards=WRITE, include_in_schema=False)
async def edit_rate(
    request: AnyRequest, context: Context, runtime: Runtime, rate_id: UUID
) -> Response[bytes]:
    """Replace a rate."""
    return await _save(request, context, runtime, rate_id)


@get(f"{HOME}/{{rate_id:uuid}}/remove", guards=WRITE, include_in_schema=False)
async def ask_remove_rate(
    request: AnyRequest, context: Context, runtime: Runtime, rate_id: UUID
) -> Response[bytes]:
    """Ask before a rate goes."""
    async with runtime.database.transaction() as session:
        row = await stored_rate(session, context.company_id, rate_id)
    words = translator(context.locale)
    return await page_response(
        request,
        "layouts/admin_confirm.html",
        title=words.gettext("Remove {name}?", name=row.name),
        consequence=words.gettext(
            "New orders are no longer charged it. Orders already placed keep their tax."
        ),
        action_path=f"{HOME}/{rate_id}/remove",
        confirm_label=words.gettext("Remove the rate"),
        cancel_path=f"{HOME}/{rate_id}",
        hidden={},
    )


@post(f"{HOME}/{{rate_id:uuid}}/remove", guards=WRITE, include_in_schema=False)
async def drop_rate(context: Context, runtime: Runtime, rate_id: UUID) -> Response[bytes]:
    """Remove a rate."""
    async with runtime.database.transaction() as session:
        await remove_rate(session, context.company_id, rate_id)
    forget_rates(runtime.database, context.company_id)
    return see_other(HOME, notice="rate-removed")


TAX_BACKOFFICE = (show_rates, new_rate, create_rate, show_rate, edit_rate, ask_remove_rate, drop_rate)


async def _save(
    request: AnyRequest, context: Context, runtime: Runtime, rate_id: UUID | None
) -> Response[bytes]:
    form = await request.form()
    values = {name: text_of(form, name) for name in FIELDS}
    rate, errors = _read(values, context)
    if rate is None:
        return await _form(request, context, rate_id, values, errors)
    async with runtime.database.transaction() as session:
        if rate_id is None:
            add_rate(session, context.company_id, rate)
        else:
            await change_rate(session, context.company_id, rate_id, rate)
    forget_rates(runtime.database, context.company_id)
    return see_other(HOME, notice="saved")


def _read(values: dict[str, str], context: Context) -> tuple[TaxRate | None, dict[str, str]]:
    words = translator(context.locale)
    filled = {name: value for name, value in values.items() if value}
    data, errors = input_of(TaxRateInput, filled, words)
    if data is None:
        return None, errors
    try:
        return read_rate(data), {}
    except Unprocessable as problem:
        field = problem.errors[0].field
        known = {
            "percent": N_("Write per cent, such as 11 or 8.875, and 100 at most."),
            "postcode": N_("Write a postcode as 94105, 94* or 12000-12999."),
        }
        if field in known:
            return None, {field: words.gettext(known[field])}
        return None, refusal_errors(problem, {}, words)


async def _form(
    request: AnyRequest,
    context: Context,
    rate_id: UUID | None,
    values: dict[str, Any],
    errors: dict[str, str],
) -> Response[bytes]:
    return await page_response(
        request,
        "finance/taxes/backoffice/rate.html",
        status=422 if errors else 200,
        rate_id=rate_id,
        values=values,
        errors=errors,
        countries=country_choices(context.locale),
    )
