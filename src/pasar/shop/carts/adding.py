"""How do goods get into a cart that may not be open yet?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pasar.kernel.db.database import Database
from pasar.kernel.tenancy import Site
from pasar.shop.carts import refusals
from pasar.shop.carts.actions.add_line import WantedLine, add_line
from pasar.shop.carts.actions.open_cart import open_cart
from pasar.shop.carts.owners import Owner
from pasar.shop.carts.queries import PAST

__all__ = ["add_to_cart", "add_to_own_cart"]


async def add_to_cart(
    database: Database, site: Site, owner: Owner, cart_id: UUID, wanted: WantedLine, *, at: datetime
) -> UUID:
    """Add to the cart with this id and answer the id of the cart that now holds the goods.

    It is another one when the token's cart has become an order or a customer's: the token then opens a new
    cart in the same currency (decisions, "Cart line identity"). Raises as `add_line`, and `NotFound`.
    """
    if await add_line(database, site, owner, cart_id, wanted, at=at):
        return cart_id
    currency = await database.value(PAST, owner.company_id, owner.token_hash) if owner.token_hash else None
    if currency is None:
        raise refusals.cart_not_found()
    return await add_to_own_cart(database, site, owner, wanted, currency=currency, at=at)


async def add_to_own_cart(
    database: Database, site: Site, owner: Owner, wanted: WantedLine, *, currency: str, at: datetime
) -> UUID:
    """Add to the owner's cart, opened in `currency` on first use, and answer its id. Raises as `add_line`."""
    cart_id = await open_cart(database, site, owner, currency=currency, at=at)
    if not await add_line(database, site, owner, cart_id, wanted, at=at):
        raise refusals.cart_not_found()
    return cart_id
