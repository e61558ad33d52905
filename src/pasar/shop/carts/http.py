"""Guests' carts over HTTP: the shop's busiest paths, one or two statements each.

The handlers take the request and ask it for runtime and context. As dependencies, these two would be resolved
in a task group of their own, which costs a third of the whole call here.
"""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Request, delete, get, patch, post
from litestar.params import HeaderParameter

from pasar.kernel.http.guards import context_of, runtime_of, shopper
from pasar.kernel.http.switching import switched
from pasar.kernel.ids import hash_token
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context, sold_currency
from pasar.shop.carts import refusals
from pasar.shop.carts.actions.add_line import WantedLine
from pasar.shop.carts.actions.change_line import change_line
from pasar.shop.carts.actions.open_cart import open_guest_cart
from pasar.shop.carts.adding import add_to_cart
from pasar.shop.carts.owners import Owner
from pasar.shop.carts.queries import CartFacts, cart_by_id, read_cart
from pasar.shop.carts.schemas import AddItem, CartView, ChangeItem, CreateCart
from pasar.shop.carts.site_rules import CART_SWITCH, cart_rules
from pasar.shop.carts.views import cart_view

__all__ = ["GUEST_ROUTES", "cart_after", "wanted_line"]

TAGS = ["Cart"]
GUARDS = [switched(shopper, CART_SWITCH)]
AnyRequest = Request[Any, Any, Any]
Token = Annotated[str | None, HeaderParameter(name="x-session-token", required=False, max_length=200)]


@post("/api/public/cart", guards=GUARDS, tags=TAGS)
async def create_cart(request: AnyRequest, data: CreateCart | None = None) -> CartView:
    """Open a guest's cart; its sessionToken is needed for everything that follows."""
    context, runtime = context_of(request), runtime_of(request)
    currency = sold_currency(context.site, data.currency if data else None)
    cart_id, token = await open_guest_cart(
        runtime.database, context.site, currency=currency, at=runtime.clock.now()
    )
    runtime.limiter.know(token)
    return cart_view(CartFacts(cart_id, currency), token)


@get("/api/public/cart", guards=GUARDS, tags=TAGS)
async def read_guest_cart(request: AnyRequest, session_token: Token = None) -> CartView:
    """Read the guest's cart with today's prices; empty without a token."""
    context, runtime = context_of(request), runtime_of(request)
    if not session_token:
        return cart_view(CartFacts(None, context.site.currency))
    cart = await read_cart(
        runtime.database,
        _owner(context, session_token),
        currency=context.site.currency,
        at=runtime.clock.now(),
    )
    if cart is None:
        raise refusals.cart_not_found()
    runtime.limiter.know(session_token)
    return cart_view(cart, session_token)


@post("/api/public/cart/{cart_id:uuid}/items", guards=GUARDS, tags=TAGS)
async def add_item(
    request: AnyRequest, cart_id: UUID, data: AddItem, session_token: Token = None
) -> CartView:
    """Add goods to the guest's cart; equal goods add up on one line."""
    context, runtime = context_of(request), runtime_of(request)
    if not session_token:
        raise refusals.cart_not_found()
    found = await add_to_cart(
        runtime.database,
        context.site,
        _owner(context, session_token),
        cart_id,
        wanted_line(data),
        at=runtime.clock.now(),
    )
    return await cart_after(runtime, context, found, session_token)


@patch("/api/public/cart/{cart_id:uuid}/items/{item_id:uuid}", guards=GUARDS, tags=TAGS)
async def change_item(
    request: AnyRequest,
    cart_id: UUID,
    item_id: UUID,
    data: ChangeItem,
    session_token: Token = None,
) -> CartView:
    """Set a line's quantity; 0 removes the line."""
    return await _change(request, cart_id, item_id, data, session_token)


@delete("/api/public/cart/{cart_id:uuid}/items/{item_id:uuid}", guards=GUARDS, tags=TAGS, status_code=200)
async def remove_item(
    request: AnyRequest, cart_id: UUID, item_id: UUID, session_token: Token = None
) -> CartView:
    """Remove a line."""
    return await _change(request, cart_id, item_id, ChangeItem(quantity=0), session_token)


async def _change(
    request: AnyRequest, cart_id: UUID, item_id: UUID, data: ChangeItem, token: str | None
) -> CartView:
    context, runtime = context_of(request), runtime_of(request)
    if not token:
        raise refusals.cart_not_found()
    await change_line(
        runtime.database,
        _owner(context, token),
        cart_id,
        item_id,
        data.quantity,
        rules=cart_rules(context.site),
        at=runtime.clock.now(),
        expected_unit_price=data.expected_unit_price,
    )
    return await cart_after(runtime, context, cart_id, token)


async def cart_after(runtime: Runtime, context: Context, cart_id: UUID, token: str | None = None) -> CartView:
    """The cart as it is after a change, whose owner has just been settled."""
    cart = await cart_by_id(runtime.database, context.company_id, cart_id)
    if cart is None:
        raise refusals.cart_not_found()
    if token is not None:
        runtime.limiter.know(token)
    return cart_view(cart, token)


def wanted_line(data: AddItem) -> WantedLine:
    """The body as the action takes it."""
    return WantedLine(
        data.product_id, data.quantity, data.variant_id, data.expected_unit_price, data.custom_fields
    )


def _owner(context: Context, token: str) -> Owner:
    return Owner(context.company_id, context.site.id, token_hash=hash_token(token))


GUEST_ROUTES = (create_cart, read_guest_cart, add_item, change_item, remove_item)
