"""Orders in the back office: the list, one order, and the steps that bring it on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.delivery.shipping.public import shipments_of
from pasar.finance.payments.public import payments_of
from pasar.kernel.errors import Conflict, Problem, Unprocessable
from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, Translator, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.companies.public import company_currencies, company_settings
from pasar.people.users.public import author_words
from pasar.shop.orders.actions.cancel_order import cancel_order
from pasar.shop.orders.actions.confirm_order import confirm_order
from pasar.shop.orders.actions.deliver_order import deliver_order
from pasar.shop.orders.actions.process_order import process_order
from pasar.shop.orders.actions.ship_order import ship_order
from pasar.shop.orders.backoffice_list import order_columns, order_filters
from pasar.shop.orders.backoffice_order import (
    history_lines,
    left_to_ship,
    order_row,
    payment_rows,
    reasons,
    refused,
)
from pasar.shop.orders.facts import OrderFacts
from pasar.shop.orders.moving import order_not_found
from pasar.shop.orders.order_page import PAYMENT_WORDS, STATUS_WORDS, order_lines, order_steps
from pasar.shop.orders.queries import history_of, order_by_id
from pasar.shop.orders.staff_list import PERIODS, StaffOrders, staff_orders
from pasar.shop.orders.states import allowed_verbs
from pasar.web.answering import page_response, see_other
from pasar.web.countries import country_choices
from pasar.web.form_values import text_of
from pasar.web.menus import MenuEntry, admin_menu
from pasar.web.notices import register_notice
from pasar.web.page import Notice
from pasar.web.tables import Column, Row, Table

__all__ = ["ORDER_BACKOFFICE"]

AnyRequest = Request[Any, Any, Any]
HOME: Final = "/admin/orders"
ONE: Final = HOME + "/{order_id:uuid}"
READ, WRITE = [staff_page("orders:read")], [staff_page("orders:write")]
A_PAGE: Final = 25
SIMPLE: Final = {"confirm": confirm_order, "process": process_order, "deliver": deliver_order}

admin_menu.add(MenuEntry(N_("Orders"), HOME, "list", group="sell", permission="orders:read", order=20))
register_notice("order-confirm", "success", N_("Confirmed. It can be packed now."))
register_notice("order-process", "success", N_("It is being packed."))
register_notice("order-ship", "success", N_("The parcel is on its way, and the stock has left the shelf."))
register_notice("order-deliver", "success", N_("Delivered."))
register_notice("order-cancel", "success", N_("Cancelled. The goods are back on sale."))


@get(HOME, guards=READ, include_in_schema=False)
async def show_orders(
    request: AnyRequest, context: Context, runtime: Runtime, cursor: str | None = None
) -> Response[bytes]:
    """List the company's orders, newest first."""
    query = request.query_params
    period = next((one for one in PERIODS if one == query.get("placed")), None)
    currencies = await company_currencies(runtime.database, context.company_id)
    wanted = StaffOrders(
        status=query.get("status", ""),
        period=period,
        currency=next((one for one in currencies if one == query.get("currency")), None),
        text=text_of(query, "q", 200),
    )
    found, following = await staff_orders(
        runtime.database,
        context.company_id,
        wanted,
        zone=(await company_settings(runtime.database, context.company_id)).time_zone,
        at=runtime.clock.now(),
        limit=A_PAGE,
        cursor=cursor,
    )
    words = translator(context.locale)
    table = Table(
        columns=order_columns(words),
        rows=[order_row(order, words) for order in found],
        empty_title=words.gettext("No orders yet"),
        empty_text=words.gettext("What people buy in the shop appears here."),
        search=wanted.text,
        search_label=words.gettext("Number, e-mail or name"),
        filters=order_filters(wanted, currencies, words),
        next_cursor=following,
        on_first_page=not cursor,
    )
    return await page_response(request, "shop/orders/backoffice/orders.html", table=table)


@get(ONE, guards=READ, include_in_schema=False)
async def show_order(
    request: AnyRequest, context: Context, runtime: Runtime, order_id: UUID
) -> Response[bytes]:
    """Show one order and what can be done with it."""
    return await _page(request, context, runtime, order_id)


@post(f"{ONE}/{{verb:str}}", guards=WRITE, include_in_schema=False)
async def move_order(
    request: AnyRequest, context: Context, runtime: Runtime, order_id: UUID, verb: str
) -> Response[bytes]:
    """Confirm, process, ship, deliver or cancel an order, by the same actions as the API."""
    if verb in SIMPLE:
        return await _take_step(request, context, runtime, order_id, verb)
    if verb == "ship":
        return await _ship(request, context, runtime, order_id)
    if verb == "cancel":
        return await _cancel(request, context, runtime, order_id)
    raise order_not_found()


ORDER_BACKOFFICE = (show_orders, show_order, move_order)


async def _take_step(
    request: AnyRequest, context: Context, runtime: Runtime, order_id: UUID, verb: str
) -> Response[bytes]:
    try:
        async with runtime.database.transaction() as session:
            await SIMPLE[verb](
                session, context.company_id, order_id, author=context.caller.label, at=runtime.clock.now()
            )
    except Conflict as problem:
        return await _refusal(request, context, runtime, order_id, problem)
    return see_other(f"{HOME}/{order_id}", notice=f"order-{verb}")


async def _cancel(request: AnyRequest, context: Context, runtime: Runtime, order_id: UUID) -> Response[bytes]:
    reason = text_of(await request.form(), "reason")
    if not reason:
        said = translator(context.locale).gettext("Say why: it is kept with the order.")
        return await _page(request, context, runtime, order_id, errors={"reason": said})
    try:
        async with runtime.database.transaction() as session:
            await cancel_order(
                session,
                context.company_id,
                order_id,
                reason=reason,
                author=context.caller.label,
                at=runtime.clock.now(),
            )
    except Conflict as problem:
        return await _refusal(request, context, runtime, order_id, problem)
    return see_other(f"{HOME}/{order_id}", notice="order-cancel")


async def _ship(request: AnyRequest, context: Context, runtime: Runtime, order_id: UUID) -> Response[bytes]:
    form = await request.form()
    values = {name: value for name, value in form.items() if isinstance(value, str)}
    words = translator(context.locale)
    errors: dict[str, str] = {}
    if not text_of(form, "carrier", 200):
        errors["carrier"] = words.gettext("Say who carries it.")
    lines: dict[UUID, int] = {}
    for name, value in values.items():
        if name.startswith("line-") and value.strip() not in ("", "0"):
            try:
                lines[UUID(name.removeprefix("line-"))] = int(value)
            except ValueError:
                errors[name] = words.gettext("Write a whole number.")
    if errors:
        return await _page(request, context, runtime, order_id, errors=errors, values=values)
    try:
        async with runtime.database.transaction() as session:
            await ship_order(
                session,
                context.company_id,
                order_id,
                carrier=text_of(form, "carrier", 200),
                tracking_number=text_of(form, "tracking_number", 200),
                lines=lines,
                author=context.caller.label,
                at=runtime.clock.now(),
            )
    except Unprocessable:
        said = words.gettext("Ship at least one piece, and no more than is left of each line.")
        return await _page(request, context, runtime, order_id, errors={"": said}, values=values)
    except Conflict as problem:
        return await _refusal(request, context, runtime, order_id, problem)
    return see_other(f"{HOME}/{order_id}", notice="order-ship")


async def _refusal(
    request: AnyRequest, context: Context, runtime: Runtime, order_id: UUID, problem: Problem
) -> Response[bytes]:
    async with runtime.database.transaction() as session:
        order = await _find(session, context, order_id)
    said = refused(problem, order, translator(context.locale))
    return await _page(request, context, runtime, order_id, status=409, notice=Notice("error", said))


async def _find(session: AsyncSession, context: Context, order_id: UUID) -> OrderFacts:
    order = await order_by_id(session, context.company_id, order_id)
    if order is None:
        raise order_not_found()
    return order


async def _page(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    order_id: UUID,
    *,
    status: int | None = None,
    notice: Notice | None = None,
    errors: Mapping[str, str] | None = None,
    values: Mapping[str, str] | None = None,
) -> Response[bytes]:
    async with runtime.database.transaction() as session:
        order = await _find(session, context, order_id)
        history = await history_of(session, order.company_id, order.id)
        shipments = await shipments_of(session, order.company_id, order.id)
        payments = await payments_of(session, order.company_id, order.id)
    words = translator(context.locale)
    authors = await author_words(runtime.database, [change.author for change in history], words)
    left = left_to_ship(order, shipments)
    return await page_response(
        request,
        "shop/orders/backoffice/order.html",
        status=status or (422 if errors else 200),
        notice=notice,
        order=order,
        lines=list(zip(order.lines, order_lines(order, runtime.settings.cdn_base_url), strict=True)),
        steps=order_steps(order, history),
        state=STATUS_WORDS[order.status],
        payment_status=PAYMENT_WORDS[order.payment_status],
        reasons=reasons(order, words),
        history=history_lines(history, authors, words),
        payments=_payments(payment_rows(payments, order.currency, words), words),
        shipments=shipments,
        left=left,
        verbs=allowed_verbs(order.status) if context.caller.may("orders:write") else (),
        countries=dict(country_choices(context.locale)),
        errors=errors or {},
        values=values or {},
    )


def _payments(rows: list[Row], words: Translator) -> Table:
    columns = (
        Column(words.gettext("Way to pay")),
        Column(words.gettext("Status")),
        Column(words.gettext("Begun")),
        Column(words.gettext("Settled")),
        Column(words.gettext("Amount"), number=True),
    )
    return Table(columns=columns, rows=rows, empty_title="", empty_text="")
