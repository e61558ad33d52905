"""Who takes over a guest's cart? Registers with sign-in, inside whose transaction it runs."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.people.sign_in.public import AttachGuest, register_attach_hook
from pasar.shop.carts.actions.attach_cart import attach_cart


async def attach_guests_cart(session: AsyncSession, guest: AttachGuest) -> None:
    """The guest's goods move into the customer's cart; nothing happens for a token without a cart."""
    await attach_cart(
        session,
        guest.site,
        token_hash=guest.guest_token_hash,
        customer_id=guest.customer_id,
        at=guest.at,
    )


register_attach_hook(attach_guests_cart)
