"""Customers' carts over HTTP: one active cart for each customer and site, made on first use."""

from __future__ import annotations

from uuid import UUID

from litestar import delete, get, patch, post

from pasar.kernel.http.guards import customer
from pasar.kernel.http.switching import switched
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context, sold_currency
from pasar.shop.carts import refusals
from pasar.shop.carts.actions.change_line import change_line
from pasar.shop.carts.actions.clear_cart import clear_cart
from pasar.shop.carts.adding import add_to_own_cart
from pasar.shop.carts.http import TAGS, cart_after, wanted_line
from pasar.shop.carts.owners import Owner
from pasar.shop.carts.queries import CartFacts, find_cart
from pasar.shop.carts.schemas import AddOwnItem, CartView, ChangeItem
from pasar.shop.carts.site_rules import CART_SWITCH, cart_rules
from pasar.shop.carts.views import cart_view

__all__ = ["CUSTOMER_ROUTES"]

GUARDS = [switched(customer, CART_SWITCH)]


@get("/api/cart", guards=GUARDS, tags=TAGS)
async def read_own_cart(context: Context, runtime: Runtime) -> CartView:
    """Read the signed-in customer's cart with today's prices."""
    cart = await find_cart(runtime.database, _owner(context), at=runtime.clock.now())
    return cart_view(cart or CartFacts(None, context.site.currency))


@post("/api/cart/items", guards=GUARDS, tags=TAGS)
async def add_own_item(context: Context, runtime: Runtime, data: AddOwnItem) -> CartView:
    """Add goods to the customer's cart, which is opened on first use."""
    cart_id = await add_to_own_cart(
        runtime.database,
        context.site,
        _owner(context),
        wanted_line(data),
        currency=sold_currency(context.site, data.currency),
        at=runtime.clock.now(),
    )
    return await cart_after(runtime, context, cart_id)


@patch("/api/cart/items/{item_id:uuid}", guards=GUARDS, tags=TAGS)
async def change_own_item(context: Context, runtime: Runtime, item_id: UUID, data: ChangeItem) -> CartView:
    """Set a line's quantity; 0 removes the line."""
    return await _change(context, runtime, item_id, data)


@delete("/api/cart/items/{item_id:uuid}", guards=GUARDS, tags=TAGS, status_code=200)
async def remove_own_item(context: Context, runtime: Runtime, item_id: UUID) -> CartView:
    """Remove a line."""
    return await _change(context, runtime, item_id, ChangeItem(quantity=0))


@delete("/api/cart", guards=GUARDS, tags=TAGS)
async def clear_own_cart(context: Context, runtime: Runtime) -> None:
    """Empty the customer's cart."""
    await clear_cart(runtime.database, _owner(context), at=runtime.clock.now())


async def _change(context: Context, runtime: Runtime, item_id: UUID, data: ChangeItem) -> CartView:
    owner, at = _owner(context), runtime.clock.now()
    cart = await find_cart(runtime.database, owner, at=at)
    if cart is None or cart.id is None:
        raise refusals.line_not_found()
    await change_line(
        runtime.database,
        owner,
        cart.id,
        item_id,
        data.quantity,
        rules=cart_rules(context.site),
        at=at,
        expected_unit_price=data.expected_unit_price,
    )
    return await cart_after(runtime, context, cart.id)


def _owner(context: Context) -> Owner:
    return Owner(context.company_id, context.site.id, customer_id=context.customer_id)


CUSTOMER_ROUTES = (read_own_cart, add_own_item, change_own_item, remove_own_item, clear_own_cart)
