"""Checkout's reactions: a cart lives again when its order came to nothing, and forgets whom that forgets."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.events import Delivered, Subscriber
from pasar.kernel.runtime import Runtime
from pasar.shop.carts.public import forget_words, reopen_cart
from pasar.shop.orders.events import OrderBuyerForgotten, OrderCancelled


async def _reopen(runtime: Runtime, session: AsyncSession, fact: Delivered) -> None:
    """Orders know no carts, so that this happens a moment later. Again, the generation no longer matches."""
    if fact.data.get("reopenCart"):
        await reopen_cart(
            session,
            fact.company_id,
            UUID(fact.data["cartId"]),
            generation=int(fact.data["cartGeneration"]),
            at=runtime.clock.now(),
        )


async def _forget(_runtime: Runtime, session: AsyncSession, fact: Delivered) -> None:
    if fact.data.get("cartId"):
        await forget_words(session, fact.company_id, UUID(fact.data["cartId"]))


SUBSCRIBERS = (
    Subscriber("checkout.reopen_cart", (OrderCancelled.type,), _reopen),
    Subscriber("checkout.forget_words", (OrderBuyerForgotten.type,), _forget),
)
