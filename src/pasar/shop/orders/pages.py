"""What buyers see of their orders: the confirmation, the guest's look-up and view, the customer's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from litestar import Request, Response, get, post

from pasar.delivery.shipping.public import shipments_of
from pasar.finance.payments.public import MethodFacts, PaymentFacts, payment_methods, payments_of
from pasar.kernel.errors import Conflict, NotFound, TooMany, Unauthorised
from pasar.kernel.http.guards import client_address, context_of, page
from pasar.kernel.i18n import N_, babel_locale, translator
from pasar.kernel.ids import hash_token
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.shop.orders.actions.cancel_order import cancel_order
from pasar.shop.orders.facts import OrderFacts, OrderSummary
from pasar.shop.orders.looking_up import find_guest_order
from pasar.shop.orders.moving import order_not_found
from pasar.shop.orders.order_page import PAYMENT_WORDS, STATUS_WORDS, order_lines, order_steps
from pasar.shop.orders.queries import history_of, order_by_number, order_by_token, orders_page
from pasar.shop.orders.states import CANCEL_BY_BUYER
from pasar.shop.orders.view_tokens import view_path, view_token
from pasar.web.answering import page_response, see_other
from pasar.web.form_values import text_of
from pasar.web.notices import register_notice
from pasar.web.slots import Filling, slots

__all__ = ["ORDER_PAGES"]

AnyRequest = Request[Any, Any, Any]
A_PAGE = 20

register_notice("order-cancelled", "success", N_("The order is cancelled."))
register_notice("order-too-far", "warning", N_("This order can no longer be cancelled. Please write to us."))
slots.fill("account_tabs", Filling("orders", "shop/orders/account_tab.html", order=20))


@get("/orders/placed/{token:str}", guards=[page], include_in_schema=False)
async def show_placed(request: AnyRequest, context: Context, runtime: Runtime, token: str) -> Response[bytes]:
    """Thank for an order, and say what happens next."""
    order = await _by_token(runtime, context, token)
    async with runtime.database.transaction() as session:
        payments = await payments_of(session, order.company_id, order.id)
    payment = payments[-1] if payments else None
    return await page_response(
        request,
        "shop/orders/placed.html",
        order=order,
        lines=order_lines(order, runtime.settings.cdn_base_url),
        countries=_countries(context.locale),
        payment=payment,
        way=_way(order),
        pay_before=_pay_before(payment),
        view=view_path(token),
    )


@get("/orders/view/{token:str}", guards=[page], include_in_schema=False)
async def show_by_token(
    request: AnyRequest, context: Context, runtime: Runtime, token: str
) -> Response[bytes]:
    """Show an order to whoever has its link."""
    return await _order_page(request, runtime, await _by_token(runtime, context, token), own=False)


@get("/orders/find", guards=[page], include_in_schema=False)
async def show_find(request: AnyRequest) -> Response[bytes]:
    """Ask for the number and e-mail of an order."""
    number = request.query_params.get("number", "")[:80]
    return await page_response(
        request, "shop/orders/find.html", values={"number": number, "email": ""}, errors={}
    )


@post("/orders/find", guards=[page], include_in_schema=False)
async def find_order(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Look an order up. A wrong number and a wrong e-mail are answered alike, and limited."""
    form = await request.form()
    values = {"number": text_of(form, "number", 80), "email": text_of(form, "email", 254)}
    address = client_address(request)
    words = translator(context.locale)
    try:
        order = await find_guest_order(runtime, context, **values, address=address)
    except NotFound:
        said = words.gettext("No order has this number and e-mail. Check both and try again.")
        return await page_response(
            request, "shop/orders/find.html", status=422, values=values, errors={"number": said}
        )
    except TooMany as problem:
        said = words.gettext("Too many tries failed. Wait a quarter of an hour, then try again.")
        return await page_response(
            request,
            "shop/orders/find.html",
            status=problem.status,
            headers=problem.headers,
            values=values,
            errors={"": said},
        )
    return see_other(view_path(view_token(runtime, order.company_id, order.id)))


@get("/account/orders", guards=[page], include_in_schema=False)
async def show_orders(
    request: AnyRequest, context: Context, runtime: Runtime, cursor: str | None = None
) -> Response[bytes]:
    """Show the customer's own orders, newest first."""
    _require_person(context)
    orders: list[OrderSummary] = []
    following: str | None = None
    if context.caller.customer_id is not None:  # staff who never shopped here have none
        orders, following = await orders_page(
            runtime.database,
            context.company_id,
            customer_id=context.caller.customer_id,
            limit=A_PAGE,
            cursor=cursor,
        )
    return await page_response(
        request,
        "shop/orders/orders.html",
        orders=orders,
        next_cursor=following,
        on_first_page=not cursor,
        status_words=STATUS_WORDS,
    )


@get("/account/orders/{number:str}", guards=[page], include_in_schema=False)
async def show_own_order(
    request: AnyRequest, context: Context, runtime: Runtime, number: str
) -> Response[bytes]:
    """Show one of the customer's own orders; the page prints well."""
    return await _order_page(request, runtime, await _own(runtime, context, number), own=True)


@post("/account/orders/{number:str}/cancel", guards=[page], include_in_schema=False)
async def cancel_own(request: AnyRequest, context: Context, runtime: Runtime, number: str) -> Response[bytes]:
    """Cancel one of the customer's own orders, until it is packed."""
    order = await _own(runtime, context, number)
    path = f"/account/orders/{order.number}"
    form = await request.form()
    try:
        async with runtime.database.transaction() as session:
            await cancel_order(
                session,
                context.company_id,
                order.id,
                reason=text_of(form, "reason") or "Cancelled by the buyer.",
                author=context.caller.label,
                at=runtime.clock.now(),
                customer_id=order.customer_id,
                sources=CANCEL_BY_BUYER,
            )
    except Conflict:
        return see_other(path, notice="order-too-far")
    return see_other(path, notice="order-cancelled")


ORDER_PAGES = (show_find, find_order, show_placed, show_by_token, show_orders, show_own_order, cancel_own)


async def _order_page(
    request: AnyRequest, runtime: Runtime, order: OrderFacts, *, own: bool
) -> Response[bytes]:
    async with runtime.database.transaction() as session:
        history = await history_of(session, order.company_id, order.id)
        shipments = await shipments_of(session, order.company_id, order.id)
        payments = await payments_of(session, order.company_id, order.id)
    payment = payments[-1] if payments else None
    return await page_response(
        request,
        "shop/orders/order.html",
        order=order,
        own=own,
        lines=order_lines(order, runtime.settings.cdn_base_url),
        countries=_countries(context_of(request).locale),
        steps=order_steps(order, history),
        shipments=shipments,
        state=STATUS_WORDS[order.status],
        payment_status=PAYMENT_WORDS[order.payment_status],
        way=_way(order),
        payment=payment,
        pay_before=_pay_before(payment),
        can_cancel=own and order.status in CANCEL_BY_BUYER,
    )


async def _by_token(runtime: Runtime, context: Context, token: str) -> OrderFacts:
    order = await order_by_token(runtime.database, context.company_id, hash_token(token))
    if order is None:
        raise order_not_found()
    return order


async def _own(runtime: Runtime, context: Context, number: str) -> OrderFacts:
    """The customer's order with this number. Others' orders are not found."""
    _require_person(context)
    order = await order_by_number(runtime.database, context.company_id, number.replace("\0", ""))
    if order is None or order.customer_id is None or order.customer_id != context.caller.customer_id:
        raise order_not_found()
    return order


def _require_person(context: Context) -> None:
    if context.caller.kind == "guest":
        raise Unauthorised("sign_in_required", "Sign in first.")


def _countries(locale: str) -> Mapping[str, str]:
    """The names of countries by their codes."""
    names: Mapping[str, str] = babel_locale(locale).territories
    return names


def _way(order: OrderFacts) -> MethodFacts | None:
    """The way to pay that was chosen, if it is still on offer."""
    ways = payment_methods(order.currency)
    return next((way for way in ways if way.name == order.payment_method), None)


def _pay_before(payment: PaymentFacts | None) -> datetime | None:
    """Until when a payment that is still to come is waited for."""
    return payment.expires_at if payment and payment.status == "pending" else None
