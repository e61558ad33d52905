"""Orders over HTTP, for staff: the list, one order, and the verbs that bring it on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.delivery.shipping.public import shipments_of
from pasar.kernel.errors import FieldProblem, Unprocessable
from pasar.kernel.http.guards import staff
from pasar.kernel.http.schema import Page
from pasar.kernel.idempotency import IdempotencyKey, once
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.shop.orders.actions.cancel_order import cancel_order
from pasar.shop.orders.actions.confirm_order import confirm_order
from pasar.shop.orders.actions.deliver_order import deliver_order
from pasar.shop.orders.actions.process_order import process_order
from pasar.shop.orders.actions.ship_order import ship_order
from pasar.shop.orders.http import Limit
from pasar.shop.orders.moving import order_not_found
from pasar.shop.orders.queries import history_of, order_by_id, orders_page
from pasar.shop.orders.schemas import CancelOrder, OrderListItem, ShipLine, ShipOrder, StaffOrderView
from pasar.shop.orders.states import Status
from pasar.shop.orders.view_tokens import view_token
from pasar.shop.orders.views import list_item, staff_view

__all__ = ["STAFF_ROUTES"]

AnyRequest = Request[Any, Any, Any]
TAGS = ["Staff: orders"]
READ = [staff("orders:read")]
WRITE = [staff("orders:write")]


@get("/api/admin/orders", guards=READ, tags=TAGS)
async def list_orders(
    context: Context,
    runtime: Runtime,
    status: Status | None = None,
    q: str | None = None,
    limit: Limit = 20,
    cursor: str | None = None,
) -> Page[OrderListItem]:
    """List the company's orders, newest first; q is looked for in number, e-mail and name."""
    items, following = await orders_page(
        runtime.database, context.company_id, status=status, q=q, limit=limit, cursor=cursor
    )
    return Page(items=[list_item(order) for order in items], next_cursor=following)


@get("/api/admin/orders/{order_id:uuid}", guards=READ, tags=TAGS)
async def read_order(context: Context, runtime: Runtime, order_id: UUID) -> StaffOrderView:
    """Read one order with its history and what can be done with it."""
    async with runtime.database.transaction() as session:
        return await _view(session, runtime, context, order_id)


@post("/api/admin/orders/{order_id:uuid}/confirm", guards=WRITE, tags=TAGS, status_code=200)
async def confirm(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    order_id: UUID,
    idempotency_key: IdempotencyKey = None,
) -> Response[StaffOrderView]:
    """Confirm a pending order: its payment is here, or comes with the delivery."""
    return await _simple(request, runtime, context, order_id, confirm_order, idempotency_key)


@post("/api/admin/orders/{order_id:uuid}/process", guards=WRITE, tags=TAGS, status_code=200)
async def process(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    order_id: UUID,
    idempotency_key: IdempotencyKey = None,
) -> Response[StaffOrderView]:
    """Say that a confirmed order is being packed."""
    return await _simple(request, runtime, context, order_id, process_order, idempotency_key)


@post("/api/admin/orders/{order_id:uuid}/deliver", guards=WRITE, tags=TAGS, status_code=200)
async def deliver(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    order_id: UUID,
    idempotency_key: IdempotencyKey = None,
) -> Response[StaffOrderView]:
    """Say that a shipped order has arrived."""
    return await _simple(request, runtime, context, order_id, deliver_order, idempotency_key)


@post("/api/admin/orders/{order_id:uuid}/ship", guards=WRITE, tags=TAGS, status_code=200)
async def ship(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    order_id: UUID,
    data: ShipOrder,
    idempotency_key: IdempotencyKey = None,
) -> Response[StaffOrderView]:
    """Ship a confirmed order, whole or in part, with carrier and tracking number."""

    async def work(session: AsyncSession) -> StaffOrderView:
        await ship_order(
            session,
            context.company_id,
            order_id,
            carrier=data.carrier.strip(),
            tracking_number=data.tracking_number.strip(),
            lines=_pieces(data.lines),
            author=context.caller.label,
            at=runtime.clock.now(),
        )
        return await _view(session, runtime, context, order_id)

    return await once(request, work, status=200, key=idempotency_key)


@post("/api/admin/orders/{order_id:uuid}/cancel", guards=WRITE, tags=TAGS, status_code=200)
async def cancel(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    order_id: UUID,
    data: CancelOrder,
    idempotency_key: IdempotencyKey = None,
) -> Response[StaffOrderView]:
    """Cancel an order that has not shipped; its stock goes back on sale."""

    async def work(session: AsyncSession) -> StaffOrderView:
        await cancel_order(
            session,
            context.company_id,
            order_id,
            reason=data.reason,
            author=context.caller.label,
            at=runtime.clock.now(),
        )
        return await _view(session, runtime, context, order_id)

    return await once(request, work, status=200, key=idempotency_key)


async def _simple(
    request: AnyRequest,
    runtime: Runtime,
    context: Context,
    order_id: UUID,
    verb: Callable[..., Awaitable[None]],
    key: str | None,
) -> Response[StaffOrderView]:
    """A verb that needs no more than the order, its author and the time."""

    async def work(session: AsyncSession) -> StaffOrderView:
        await verb(session, context.company_id, order_id, author=context.caller.label, at=runtime.clock.now())
        return await _view(session, runtime, context, order_id)

    return await once(request, work, status=200, key=key)


async def _view(session: AsyncSession, runtime: Runtime, context: Context, order_id: UUID) -> StaffOrderView:
    order = await order_by_id(session, context.company_id, order_id)
    if order is None:
        raise order_not_found()
    history = await history_of(session, order.company_id, order.id)
    shipments = await shipments_of(session, order.company_id, order.id)
    return staff_view(order, view_token(runtime, order.company_id, order.id), history, shipments)


def _pieces(lines: list[ShipLine] | None) -> dict[UUID, int] | None:
    if lines is None:
        return None
    pieces = {line.line_id: line.quantity for line in lines}
    if len(pieces) < len(lines):
        field = FieldProblem("lines", "repeated", "Name each line once.")
        raise Unprocessable("lines_repeated", "A line is named twice.", errors=[field])
    return pieces


STAFF_ROUTES = (list_orders, read_order, confirm, process, ship, deliver, cancel)
