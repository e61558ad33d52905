"""Stock in the back office: the list, one variant with its history, and how it is adjusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from sqlalchemy import select

from pasar.kernel.errors import Conflict, NotFound, Problem, Unprocessable
from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.companies.public import company_settings
from pasar.shop.catalog.public import VariantFacts, variants_by_id
from pasar.shop.inventory.actions.adjust_stock import adjust_stock
from pasar.shop.inventory.actions.set_stock_rules import set_stock_rules
from pasar.shop.inventory.backoffice_history import history_table
from pasar.shop.inventory.backoffice_stock import (
    REASON_WORDS,
    STATUS_WORDS,
    Shown,
    stock_page,
    stock_row,
    title_of,
)
from pasar.shop.inventory.models import Location
from pasar.shop.inventory.queries import levels_of
from pasar.shop.inventory.reasons import STAFF_REASONS
from pasar.shop.inventory.schemas import AdjustmentInput, StockRulesInput
from pasar.web.answering import page_response, see_other
from pasar.web.form_inputs import Refusals, input_of, refusal_errors
from pasar.web.form_values import text_of
from pasar.web.menus import MenuEntry, admin_menu
from pasar.web.notices import register_notice
from pasar.web.tables import Choice, Column, Filter, Table

__all__ = ["STOCK_BACKOFFICE"]

AnyRequest = Request[Any, Any, Any]
HOME: Final = "/admin/stock"
ONE: Final = HOME + "/{variant_id:uuid}"
READ, WRITE = [staff_page("inventory:read")], [staff_page("inventory:write")]
A_PAGE: Final = 50
_REFUSALS: Final[Refusals] = {
    "below_reserved": (
        "amount",
        N_("{reserved} are reserved for orders, so fewer cannot remain. {onHand} are there now."),
    ),
    "too_many": ("amount", N_("That is more than a shelf holds. Please check the number.")),
    "location_not_found": ("location_id", N_("This place is closed. Choose another one.")),
    "backorders_open": (
        "allow_backorder",
        N_("More is promised than lies on the shelf. Put goods in or cancel orders first."),
    ),
}

admin_menu.add(MenuEntry(N_("Stock"), HOME, "box", group="goods", permission="inventory:read", order=30))
register_notice("stock-adjusted", "success", N_("The stock is adjusted."))


@get(HOME, guards=READ, include_in_schema=False)
async def show_stock(
    request: AnyRequest, context: Context, runtime: Runtime, cursor: str | None = None
) -> Response[bytes]:
    """List stock by variant."""
    asked = request.query_params.get("show", "")
    shown: Shown = "low" if asked == "low" else ("out" if asked == "out" else "")
    text = text_of(request.query_params, "q", 200)
    default = (await company_settings(runtime.database, context.company_id)).low_stock_default
    found = await stock_page(
        runtime,
        context.company_id,
        shown=shown,
        text=text,
        company_default=default,
        cursor=cursor,
        limit=A_PAGE,
    )
    words = translator(context.locale)
    choices = (Choice("low", words.gettext("Low or sold out")), Choice("out", words.gettext("Sold out")))
    table = Table(
        columns=(
            Column(words.gettext("Goods")),
            Column(words.gettext("SKU")),
            Column(words.gettext("Status")),
            Column(words.gettext("On hand"), number=True),
            Column(words.gettext("Reserved"), number=True),
            Column(words.gettext("Available"), number=True),
        ),
        rows=[stock_row(variant, stock, default, words) for variant, stock in found.items],
        empty_title=words.gettext("No stock yet"),
        empty_text=words.gettext("Make a product or import some: each of their variants appears here."),
        search=text,
        search_label=words.gettext("Title or SKU"),
        filters=(Filter("show", words.gettext("Status"), choices, shown),),
        next_cursor=found.next_cursor,
        on_first_page=not cursor,
        total=found.total,
    )
    return await page_response(request, "shop/inventory/backoffice/stock.html", table=table)


@get(ONE, guards=READ, include_in_schema=False)
async def show_variant_stock(
    request: AnyRequest, context: Context, runtime: Runtime, variant_id: UUID
) -> Response[bytes]:
    """Show a variant's stock, its rules and its history."""
    return await _page(request, context, runtime, variant_id)


@post(f"{ONE}/adjust", guards=WRITE, include_in_schema=False)
async def adjust(
    request: AnyRequest, context: Context, runtime: Runtime, variant_id: UUID
) -> Response[bytes]:
    """Count a variant, or note what came and went."""
    form = await request.form()
    values = {name: text_of(form, name) for name in ("mode", "amount", "reason", "note", "location_id")}
    words = translator(context.locale)
    number = "delta" if values["mode"] == "change" else "setTo"
    amount = values["amount"].replace("−", "-").removeprefix("+")  # a minus that people paste
    raw = {
        "variantId": str(variant_id),
        number: amount,
        "reason": values["reason"],
        "note": values["note"],
        "locationId": values["location_id"],
    }
    data, errors = input_of(AdjustmentInput, {name: value for name, value in raw.items() if value}, words)
    if not amount:
        errors["amount"] = words.gettext("Please fill this in.")
    if data is None or errors:
        return await _page(request, context, runtime, variant_id, errors=_named(errors), values=values)
    try:
        async with runtime.database.transaction() as session:
            await _variant(session, context, variant_id)
            await adjust_stock(
                session,
                context.company_id,
                variant_id,
                location_id=data.location_id,
                set_to=data.set_to,
                delta=data.delta,
                reason=data.reason,
                note=data.note,
                author=context.caller.label,
                at=runtime.clock.now(),
            )
    except (Conflict, Unprocessable, NotFound) as problem:
        return await _refused(request, context, runtime, variant_id, problem, values)
    return see_other(f"{HOME}/{variant_id}", notice="stock-adjusted")


@post(f"{ONE}/rules", guards=WRITE, include_in_schema=False)
async def change_rules(
    request: AnyRequest, context: Context, runtime: Runtime, variant_id: UUID
) -> Response[bytes]:
    """Set from which level a variant counts as low, and whether it is sold below zero."""
    form = await request.form()
    values = {name: text_of(form, name) for name in ("reorder_level", "allow_backorder")}
    raw = {"reorderLevel": values["reorder_level"] or None, "allowBackorder": bool(values["allow_backorder"])}
    data, errors = input_of(StockRulesInput, raw, translator(context.locale))
    if data is None:
        return await _page(request, context, runtime, variant_id, errors=_named(errors), values=values)
    try:
        async with runtime.database.transaction() as session:
            await _variant(session, context, variant_id)
            await set_stock_rules(
                session,
                context.company_id,
                variant_id,
                reorder_level=data.reorder_level,
                allow_backorder=data.allow_backorder,
            )
    except Conflict as problem:
        return await _refused(request, context, runtime, variant_id, problem, values)
    return see_other(f"{HOME}/{variant_id}", notice="saved")


STOCK_BACKOFFICE = (show_stock, show_variant_stock, adjust, change_rules)


def _named(errors: Mapping[str, str]) -> dict[str, str]:
    """Errors of the wire's names, beside the fields of the form."""
    names = {
        "setTo": "amount",
        "delta": "amount",
        "locationId": "location_id",
        "reorderLevel": "reorder_level",
        "allowBackorder": "allow_backorder",
    }
    return {names.get(name, name): text for name, text in errors.items()}


async def _refused(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    variant_id: UUID,
    problem: Problem,
    values: Mapping[str, str],
) -> Response[bytes]:
    if problem.code == "variant_not_found":
        raise problem
    errors = refusal_errors(problem, _REFUSALS, translator(context.locale))
    return await _page(
        request, context, runtime, variant_id, status=problem.status, errors=errors, values=values
    )


async def _variant(session: Any, context: Context, variant_id: UUID) -> VariantFacts:
    found = await variants_by_id(session, context.company_id, [variant_id])
    if variant_id not in found:
        raise NotFound("variant_not_found", "There is no such variant.")
    return found[variant_id]


async def _page(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    variant_id: UUID,
    *,
    status: int | None = None,
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
) -> Response[bytes]:
    words, company_id = translator(context.locale), context.company_id
    open_locations = (
        select(Location)
        .where(Location.company_id == company_id, Location.is_active)
        .order_by(Location.priority, Location.id)
    )
    async with runtime.database.transaction() as session:
        variant = await _variant(session, context, variant_id)
        locations = list(await session.scalars(open_locations))
    stock = (await levels_of(runtime.database, company_id, [variant_id]))[variant_id]
    settings = await company_settings(runtime.database, company_id)
    usual = {
        "mode": "set",
        "amount": "",
        "reason": "counted",
        "note": "",
        "location_id": str(stock.levels[0].location_id) if stock.levels else "",
        "reorder_level": "" if stock.reorder_level is None else str(stock.reorder_level),
        "allow_backorder": stock.allow_backorder if stock.levels else variant.allow_backorder,
    }
    return await page_response(
        request,
        "shop/inventory/backoffice/variant.html",
        status=status or (422 if errors else 200),
        variant=variant,
        title=title_of(variant),
        stock=stock,
        state=STATUS_WORDS[stock.status(settings.low_stock_default)],
        low_at=settings.low_stock_default,
        locations=[(str(one.id), one.name) for one in locations],
        reasons=[(one, words.gettext(REASON_WORDS[one])) for one in STAFF_REASONS],
        history=await history_table(runtime, context, variant_id, words),
        errors=errors or {},
        values=usual | dict(values or {}),
    )
