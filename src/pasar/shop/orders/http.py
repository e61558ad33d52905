"""Orders over HTTP, for those who bought: customers by account, guests by number and e-mail or by token."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import QueryParameter
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.delivery.shipping.public import shipments_of
from pasar.kernel.http.guards import client_address, customer, shopper
from pasar.kernel.http.schema import Page
from pasar.kernel.idempotency import IdempotencyKey, once
from pasar.kernel.ids import hash_token
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.shop.orders.actions.cancel_order import cancel_order
from pasar.shop.orders.facts import OrderFacts
from pasar.shop.orders.looking_up import find_guest_order
from pasar.shop.orders.moving import order_not_found
from pasar.shop.orders.queries import history_of, order_by_id, order_by_token, orders_page
from pasar.shop.orders.schemas import CancelOrder, OrderListItem, TrackedOrderView, TrackingView
from pasar.shop.orders.states import CANCEL_BY_BUYER, Status
from pasar.shop.orders.view_tokens import view_token
from pasar.shop.orders.views import list_item, tracked_view, tracking_view

__all__ = ["BUYER_ROUTES", "Limit"]

TAGS = ["Orders"]
AnyRequest = Request[Any, Any, Any]
Limit = Annotated[int, QueryParameter(name="limit", ge=1, le=100)]


@get("/api/public/orders/{number:str}", guards=[shopper], tags=TAGS)
async def look_up_order(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    number: str,
    email: Annotated[str, QueryParameter(name="email", max_length=254)] = "",
) -> TrackedOrderView:
    """Look up a guest's order by its number and the e-mail that it was placed with."""
    address = client_address(request)
    order = await find_guest_order(runtime, context, number=number, email=email, address=address)
    return await _tracked(runtime, order)


@get("/api/public/orders/by-token/{token:str}", guards=[shopper], tags=TAGS)
async def read_order_by_token(context: Context, runtime: Runtime, token: str) -> TrackedOrderView:
    """Read an order by the token of its confirmation link."""
    order = await order_by_token(runtime.database, context.company_id, hash_token(token))
    if order is None:
        raise order_not_found()
    return await _tracked(runtime, order)


@get("/api/orders", guards=[customer], tags=TAGS)
async def list_own_orders(
    context: Context,
    runtime: Runtime,
    status: Status | None = None,
    limit: Limit = 20,
    cursor: str | None = None,
) -> Page[OrderListItem]:
    """List the customer's own orders, newest first."""
    items, following = await orders_page(
        runtime.database,
        context.company_id,
        customer_id=context.customer_id,
        status=status,
        limit=limit,
        cursor=cursor,
    )
    return Page(items=[list_item(order) for order in items], next_cursor=following)


@get("/api/orders/{order_id:uuid}", guards=[customer], tags=TAGS)
async def read_own_order(context: Context, runtime: Runtime, order_id: UUID) -> TrackedOrderView:
    """Read one of the customer's own orders."""
    return await _tracked(runtime, await _own(runtime, context, order_id))


@get("/api/orders/{order_id:uuid}/tracking", guards=[customer], tags=TAGS)
async def track_own_order(context: Context, runtime: Runtime, order_id: UUID) -> TrackingView:
    """Follow one of the customer's own orders in five steps."""
    order = await _own(runtime, context, order_id)
    async with runtime.database.transaction() as session:
        history = await history_of(session, order.company_id, order.id)
        return tracking_view(order, history, await shipments_of(session, order.company_id, order.id))


@post("/api/orders/{order_id:uuid}/cancel", guards=[customer], tags=TAGS, status_code=200)
async def cancel_own_order(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    order_id: UUID,
    data: CancelOrder,
    idempotency_key: IdempotencyKey = None,
) -> Response[TrackedOrderView]:
    """Cancel one of the customer's own orders, until it is packed."""

    async def work(session: AsyncSession) -> TrackedOrderView:
        await cancel_order(
            session,
            context.company_id,
            order_id,
            reason=data.reason,
            author=context.caller.label,
            at=runtime.clock.now(),
            customer_id=context.customer_id,
            sources=CANCEL_BY_BUYER,
        )
        order = await order_by_id(session, context.company_id, order_id)
        assert order is not None, "it was cancelled just now"
        return await _tracked_view(session, runtime, order)

    return await once(request, work, status=200, key=idempotency_key)


async def _own(runtime: Runtime, context: Context, order_id: UUID) -> OrderFacts:
    order = await order_by_id(runtime.database, context.company_id, order_id)
    if order is None or order.customer_id != context.customer_id:
        raise order_not_found()
    return order


async def _tracked(runtime: Runtime, order: OrderFacts) -> TrackedOrderView:
    async with runtime.database.transaction() as session:
        return await _tracked_view(session, runtime, order)


async def _tracked_view(session: AsyncSession, runtime: Runtime, order: OrderFacts) -> TrackedOrderView:
    history = await history_of(session, order.company_id, order.id)
    shipments = await shipments_of(session, order.company_id, order.id)
    return tracked_view(order, view_token(runtime, order.company_id, order.id), history, shipments)


BUYER_ROUTES = (
    look_up_order,
    read_order_by_token,
    list_own_orders,
    read_own_order,
    track_own_order,
    cancel_own_order,
)
