"""Which price did the client see? A decimal string that it sends back, to hear of a difference."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from pasar.kernel.db.database import Database
from pasar.kernel.errors import FieldProblem, Unprocessable
from pasar.kernel.money import Money, MoneyError
from pasar.shop.carts.owners import Owner, by_owner

__all__ = ["cart_currency", "seen_price"]

CURRENCY: Final = by_owner(
    "SELECT c.currency FROM carts c WHERE {owner} AND c.id = $4 AND c.status = 'active'"
)


def seen_price(text: str, currency: str, field: str) -> int:
    """Minor units of `text`. Raises `Unprocessable` `price_malformed` naming `field`."""
    try:
        return Money.parse(text, currency).minor
    except MoneyError as problem:
        wrong = FieldProblem(field, "invalid", str(problem))
        raise Unprocessable("price_malformed", f"{field}: send it as read.", errors=[wrong]) from None


async def cart_currency(database: Database, owner: Owner, cart_id: UUID) -> str | None:
    """The currency that the active cart's prices are seen in; None without such a cart. One statement."""
    currency: str | None = await database.value(CURRENCY.of(owner), *owner.place, cart_id)
    return currency
