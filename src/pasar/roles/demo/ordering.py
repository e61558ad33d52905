"""The demo's orders, made by the actions that shoppers and staff use, at times gone by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.clock import FixedClock
from pasar.kernel.ids import hash_token, new_token
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import GUEST, Caller, Context, Site
from pasar.roles.demo.past_orders import PAST_ORDERS, ROBIN, PastOrder, Stage
from pasar.shop.carts.public import Owner, WantedLine, add_to_own_cart
from pasar.shop.catalog.public import variants_by_sku
from pasar.shop.checkout.public import CheckoutInput, checkout_terms, place_from_cart
from pasar.shop.orders.public import (
    cancel_order,
    confirm_order,
    deliver_order,
    process_order,
    ship_order,
)

# How far an order of each stage comes, and how long after it was placed.
CONFIRMED_AFTER: Final = timedelta(hours=3)
PROCESSED_AFTER: Final = timedelta(hours=20)
SHIPPED_AFTER: Final = timedelta(days=2)
DELIVERED_AFTER: Final = timedelta(days=5)
CANCELLED_AFTER: Final = timedelta(hours=7)
STAGES: Final[tuple[Stage, ...]] = ("pending", "confirmed", "processing", "shipped", "delivered")
CARRIERS: Final = {"USD": ("UPS", "1Z999AA1{:010d}"), "IDR": ("JNE", "JP{:010d}")}


@dataclass(frozen=True, slots=True)
class DemoShop:
    """Where and by whom the demo's orders are made. `staff` is how histories name the owner."""

    runtime: Runtime
    sites: dict[str, Site]
    shopper: Caller
    staff: str


async def make_orders(session: AsyncSession, shop: DemoShop) -> int:
    """Make all of the demo's orders in the session's transaction, and answer their number."""
    now = shop.runtime.clock.now()
    for number, past in enumerate(PAST_ORDERS, 1):
        placed_at = now - past.ago
        order_id = await _place(session, shop, past, placed_at)
        await _bring_on(session, shop, past, order_id, placed_at, number)
    return len(PAST_ORDERS)


async def _place(session: AsyncSession, shop: DemoShop, past: PastOrder, at: datetime) -> UUID:
    """Fill a cart and check out, with the clock set back."""
    runtime = replace(shop.runtime, clock=FixedClock(at))
    site = shop.sites[past.buyer.currency]
    owner = Owner(site.company_id, site.id, token_hash=hash_token(new_token()))
    for sku, quantity in past.lines:
        (variant, *_) = await variants_by_sku(session, site.company_id, sku)
        wanted = WantedLine(variant.product_id, quantity, variant.id)
        await add_to_own_cart(runtime.database, site, owner, wanted, currency=past.buyer.currency, at=at)
    caller = shop.shopper if past.buyer.email == ROBIN else GUEST
    body = CheckoutInput(
        email=past.buyer.email, shipping_address=past.buyer.address, payment_method=past.pays
    )
    context = Context(site, caller, "", site.locale)
    terms = await checkout_terms(runtime.database, context)
    placed = await place_from_cart(session, runtime, context, owner, body, terms)
    return placed.order.id


async def _bring_on(
    session: AsyncSession, shop: DemoShop, past: PastOrder, order_id: UUID, placed_at: datetime, number: int
) -> None:
    """Let staff do what brings the order to its stage."""
    company_id, staff = shop.sites[past.buyer.currency].company_id, shop.staff
    if past.stage == "cancelled":
        at = placed_at + CANCELLED_AFTER
        reason = "The buyer changed their mind"
        await cancel_order(session, company_id, order_id, reason=reason, author=staff, at=at)
        return
    reached = STAGES.index(past.stage)
    if reached >= STAGES.index("confirmed"):
        at = placed_at + CONFIRMED_AFTER
        await confirm_order(session, company_id, order_id, author=staff, at=at)
    if reached >= STAGES.index("processing"):
        at = placed_at + PROCESSED_AFTER
        await process_order(session, company_id, order_id, author=staff, at=at)
    if reached >= STAGES.index("shipped"):
        carrier, tracking = CARRIERS[past.buyer.currency]
        await ship_order(
            session,
            company_id,
            order_id,
            carrier=carrier,
            tracking_number=tracking.format(4_410_000 + number * 7_919),
            lines=None,
            author=staff,
            at=placed_at + SHIPPED_AFTER,
        )
    if reached >= STAGES.index("delivered"):
        at = placed_at + DELIVERED_AFTER
        await deliver_order(session, company_id, order_id, author=staff, at=at)
