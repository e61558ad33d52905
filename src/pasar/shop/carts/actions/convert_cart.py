"""Turn a cart into an order's, once; and make it a cart again when that order comes to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.shop.carts.owners import Owner, by_owner
from pasar.shop.carts.queries import CartFacts, cart_by_id

__all__ = ["ConvertedCart", "cart_for_checkout", "convert_cart", "converted_cart", "reopen_cart"]

LOCK: Final = by_owner("""
SELECT c.id FROM carts c
 WHERE {owner} AND c.status = 'active' AND c.expires_at > $4 AND ($5::uuid IS NULL OR c.id = $5)
   FOR UPDATE
""")
CONVERTED: Final = by_owner("""
SELECT c.id, c.generation FROM carts c
 WHERE {owner} AND c.status = 'converted' AND ($4::uuid IS NULL OR c.id = $4)
 ORDER BY c.last_activity_at DESC LIMIT 1
""")
# `expires_at - last_activity_at` is the life that its site gives a cart: kept here, so that reopening, which
# knows no site, gives the same again.
CONVERT: Final = """
UPDATE carts SET status = 'converted', email = $3, last_activity_at = $4,
                 expires_at = $4::timestamptz + (expires_at - last_activity_at)
 WHERE company_id = $1 AND id = $2 AND status = 'active'
RETURNING id
"""
# Not beside another active cart of the same owner: the unique indexes would refuse that.
REOPEN: Final = """
UPDATE carts c
   SET status = 'active', generation = c.generation + 1, last_activity_at = $4,
       expires_at = $4::timestamptz + (c.expires_at - c.last_activity_at)
 WHERE c.company_id = $1 AND c.id = $2 AND c.status = 'converted' AND c.generation = $3
   AND NOT EXISTS (
       SELECT 1 FROM carts other
        WHERE other.company_id = c.company_id AND other.status = 'active' AND other.id <> c.id
          AND (other.token_hash = c.token_hash
               OR (other.customer_id = c.customer_id AND other.site_id = c.site_id)))
RETURNING c.id
"""


@dataclass(frozen=True, slots=True)
class ConvertedCart:
    """A cart that became an order: the order is found by these two."""

    id: UUID
    generation: int


async def cart_for_checkout(
    session: AsyncSession, owner: Owner, *, at: datetime, cart_id: UUID | None = None
) -> CartFacts | None:
    """Lock the owner's active cart until the transaction ends, then read it. Two statements, so that what
    another call added while this one waited for the lock is read too. None without such a cart."""
    locked = await fetch(session, LOCK.of(owner), (*owner.place, at, cart_id))
    return await cart_by_id(session, owner.company_id, locked[0][0]) if locked else None


async def converted_cart(
    session: AsyncSession, owner: Owner, *, cart_id: UUID | None = None
) -> ConvertedCart | None:
    """The owner's cart that last became an order."""
    rows = await fetch(session, CONVERTED.of(owner), (*owner.place, cart_id))
    return ConvertedCart(*rows[0]) if rows else None


async def convert_cart(
    session: AsyncSession, company_id: UUID, cart_id: UUID, *, email: str, at: datetime
) -> None:
    """The cart has become an order. Only for one locked by `cart_for_checkout`; raises RuntimeError else."""
    if not await fetch(session, CONVERT, (company_id, cart_id, email, at)):
        raise RuntimeError("a cart is locked before it is converted")


async def reopen_cart(
    session: AsyncSession,
    company_id: UUID,
    cart_id: UUID,
    *,
    generation: int,
    at: datetime,
) -> bool:
    """Make the cart active again with a new generation; False when its owner has another one meanwhile, or
    it was reopened already (`generation` is the cancelled order's)."""
    return bool(await fetch(session, REOPEN, (company_id, cart_id, generation, at)))
