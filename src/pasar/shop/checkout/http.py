"""Checkout over HTTP, for guests by their session token and for customers by their account."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, post
from litestar.params import HeaderParameter
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.http.guards import customer, shopper
from pasar.kernel.http.switching import switched
from pasar.kernel.idempotency import once
from pasar.kernel.ids import hash_token
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.shop.carts.public import CART_SWITCH, Owner, cart_not_found
from pasar.shop.checkout.actions.place_order import place_from_cart
from pasar.shop.checkout.previewing import preview_order
from pasar.shop.checkout.refusals import refuse_guests
from pasar.shop.checkout.schemas import CheckoutInput, PlacedView, PreviewInput, PreviewView
from pasar.shop.checkout.terms import checkout_terms
from pasar.shop.checkout.views import placed_view, preview_view

__all__ = ["ROUTES"]

TAGS = ["Checkout"]
GUEST = [switched(shopper, CART_SWITCH)]
CUSTOMER = [switched(customer, CART_SWITCH)]
AnyRequest = Request[Any, Any, Any]
Token = Annotated[str | None, HeaderParameter(name="x-session-token", required=False, max_length=200)]
IdempotencyKey = Annotated[
    str | None, HeaderParameter(name="idempotency-key", required=False, max_length=255)
]


@post("/api/public/checkout", guards=GUEST, tags=TAGS)
async def check_out(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    data: CheckoutInput,
    session_token: Token = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[PlacedView]:
    """Order what is in the guest's cart; sent twice for one cart it answers with the same order."""
    owner = _guest(context, session_token)
    return await _place(request, context, runtime, owner, data, idempotency_key)


@post(["/api/checkout", "/api/orders"], guards=CUSTOMER, tags=TAGS)
async def check_out_own(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    data: CheckoutInput,
    idempotency_key: IdempotencyKey = None,
) -> Response[PlacedView]:
    """Order what is in the customer's cart; sent twice for one cart it answers with the same order."""
    return await _place(request, context, runtime, _customer(context), data, idempotency_key)


@post("/api/public/checkout/preview", guards=GUEST, tags=TAGS, status_code=200)
async def preview(
    context: Context, runtime: Runtime, data: PreviewInput, session_token: Token = None
) -> PreviewView:
    """Say what an order would cost, which shipping methods there are, and what is still wrong."""
    return preview_view(await preview_order(runtime, context, _guest(context, session_token), data))


@post("/api/checkout/preview", guards=CUSTOMER, tags=TAGS, status_code=200)
async def preview_own(context: Context, runtime: Runtime, data: PreviewInput) -> PreviewView:
    """The same for the customer's cart."""
    return preview_view(await preview_order(runtime, context, _customer(context), data))


async def _place(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    owner: Owner,
    data: CheckoutInput,
    key: str | None,
) -> Response[PlacedView]:
    terms = await checkout_terms(runtime.database, context)

    async def work(session: AsyncSession) -> PlacedView:
        return placed_view(runtime, await place_from_cart(session, runtime, context, owner, data, terms))

    return await once(request, work, key=key)


def _guest(context: Context, token: str | None) -> Owner:
    refuse_guests(context)
    if not token:
        raise cart_not_found()
    return Owner(context.company_id, context.site.id, token_hash=hash_token(token))


def _customer(context: Context) -> Owner:
    return Owner(context.company_id, context.site.id, customer_id=context.customer_id)


ROUTES = (check_out, check_out_own, preview, preview_own)
