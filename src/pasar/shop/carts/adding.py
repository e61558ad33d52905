"""How do goods get into a cart that may not be open yet?"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pasar.kernel.db.database import Database
from pasar.kernel.errors import Unprocessable
from pasar.kernel.tenancy import Site
from pasar.shop.carts import refusals
from pasar.shop.carts.actions.add_line import WantedLine, add_line
from pasar.shop.carts.actions.open_cart import open_cart
from pasar.shop.carts.owners import Owner
from pasar.shop.carts.queries import PAST
from pasar.shop.carts.site_rules import cart_rules

__all__ = ["add_to_cart", "add_to_own_cart", "sold_currency"]


def sold_currency(site: Site, currency: str | None) -> str:
    """The currency of a new cart. Raises `Unprocessable` `currency_not_sold` for none of the site's."""
    wanted = currency or site.currency
    if wanted not in site.currencies:
        sold = ", ".join(site.currencies)
        raise Unprocessable(
            "currency_not_sold", f"This site sells in {sold}.", currencies=list(site.currencies)
        )
    return wanted


async def add_to_cart(
    database: Database, site: Site, owner: Owner, cart_id: UUID, wanted: WantedLine, *, at: datetime
) -> UUID:
    """Add to the cart with this id and answer the id of the cart that now holds the goods.

    It is another one when the token's cart has become an order or a customer's: the token then opens a new
    cart in the same currency (decisions, "Cart line identity"). Raises as `add_line`, and `NotFound`.
    """
    rules = cart_rules(site)
    if await add_line(database, owner, cart_id, wanted, rules=rules, at=at):
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
    if not await add_line(database, owner, cart_id, wanted, rules=cart_rules(site), at=at):
        raise refusals.cart_not_found()
    return cart_id
