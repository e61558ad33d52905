"""What is in a cart? One statement joins cart, lines, published offers, stock and a picture of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import Database, fetch
from pasar.shop.carts.owners import Owner, by_owner
from pasar.shop.carts.totals import CartTotals, LineInput, cart_totals

__all__ = ["CartFacts", "LineFacts", "LinePicture", "cart_by_id", "cart_count", "find_cart", "read_cart"]


# Structs instead of dataclasses: made on every cart read, and these are built several times faster.
class LinePicture(msgspec.Struct, frozen=True, gc=False):
    """A stored picture: its content's hash, its size in pixels, the widths that it is kept in."""

    content_hash: str
    width: int
    height: int
    alt: str
    colour: str
    widths: list[int]


class LineFacts(msgspec.Struct, frozen=True, gc=False):
    """A line with what the shop says of its goods now. Minor units, pieces, grams of one piece.

    `amount` is None when the variant is no longer for sale in the cart's currency: such a line costs
    nothing, counts for nothing and cannot be ordered. `available` may be negative under backorder.
    """

    id: UUID
    product_id: UUID
    variant_id: UUID
    title: str
    quantity: int
    custom_fields: dict[str, str] | None
    handle: str
    variant_title: str
    sku: str | None
    weight_grams: int
    taxable: bool
    requires_shipping: bool
    amount: int | None
    compare_at: int | None
    available: int
    allow_backorder: bool
    picture: LinePicture | None

    @property
    def enough(self) -> bool:
        """Whether the stock of this moment covers the line."""
        return self.allow_backorder or self.available >= self.quantity


class CartFacts(msgspec.Struct, frozen=True, gc=False):
    """A cart and its lines in the order they were added. `id` is None for a cart not opened yet."""

    id: UUID | None
    currency: str
    generation: int = 1
    lines: tuple[LineFacts, ...] = ()

    def line_inputs(self) -> list[LineInput]:
        """The lines that are for sale, as totals are reckoned from them."""
        return [
            LineInput(
                str(line.id),
                line.amount,
                line.quantity,
                line.taxable,
                line.requires_shipping,
                line.weight_grams,
            )
            for line in self.lines
            if line.amount is not None
        ]

    def totals(self) -> CartTotals:
        """What it costs before an address is known: without tax and shipping."""
        return cart_totals(self.line_inputs(), self.currency)


# The look-ups are LATERAL with LIMIT 1, which PostgreSQL plans with the line's variant as a parameter.
# Without LIMIT it would sum the stock of the whole shop to join one line to it.
_SELECT: Final = """
SELECT c.id, c.currency, c.generation,
       l.id, l.product_id, l.variant_id, coalesce(o.title, l.title), l.quantity, l.custom_fields::text,
       coalesce(o.handle, ''), coalesce(o.variant_title, ''), o.sku, coalesce(o.weight_grams, 0),
       coalesce(o.taxable, true), coalesce(o.requires_shipping, true), o.amount, o.compare_at,
       coalesce(s.available, 0), coalesce(o.allow_backorder OR s.allow_backorder, false),
       m.content_hash, m.width, m.height, m.alt, m.mean_colour, m.widths
  FROM carts c
  LEFT JOIN cart_lines l ON l.company_id = c.company_id AND l.cart_id = c.id
  LEFT JOIN LATERAL (
       SELECT offer.* FROM catalog_offers offer
        WHERE offer.company_id = l.company_id AND offer.variant_id = l.variant_id
          AND offer.currency = c.currency
        LIMIT 1) o ON true
  LEFT JOIN LATERAL (
       SELECT stock.available, stock.allow_backorder FROM inventory_available stock
        WHERE stock.company_id = l.company_id AND stock.variant_id = l.variant_id
        LIMIT 1) s ON true
  LEFT JOIN LATERAL (
       SELECT picture.content_hash, picture.width, picture.height, picture.mean_colour, picture.widths,
              media.alt
         FROM product_media media
         JOIN pictures picture ON picture.company_id = media.company_id AND picture.id = media.picture_id
        WHERE media.company_id = l.company_id AND media.product_id = l.product_id
        ORDER BY media.id = o.media_id DESC NULLS LAST, media.position
        LIMIT 1) m ON true
"""
READ: Final = by_owner(
    _SELECT + " WHERE {owner} AND c.status = 'active' AND c.expires_at > $4 ORDER BY l.created_at, l.id"
)
READ_BY_ID: Final = _SELECT + " WHERE c.company_id = $1 AND c.id = $2 ORDER BY l.created_at, l.id"
COUNT: Final = by_owner("""
SELECT coalesce(sum(l.quantity), 0)::bigint
  FROM carts c
  JOIN cart_lines l ON l.company_id = c.company_id AND l.cart_id = c.id
 WHERE {owner} AND c.status = 'active' AND c.expires_at > $4
""")
PAST: Final = """
SELECT currency FROM carts
 WHERE company_id = $1 AND token_hash = $2 AND status IN ('converted', 'merged')
 ORDER BY last_activity_at DESC LIMIT 1
"""


async def read_cart(database: Database, owner: Owner, *, currency: str, at: datetime) -> CartFacts | None:
    """The owner's active cart; an empty one in `currency` for a customer, or for a token whose cart became
    an order or a customer's; None for a token that nobody was given here, or whose cart is over."""
    cart = await find_cart(database, owner, at=at)
    if cart is not None or owner.token_hash is None:
        return cart or CartFacts(None, currency)
    past = await database.value(PAST, owner.company_id, owner.token_hash)
    return CartFacts(None, past) if past else None


async def find_cart(database: Database, owner: Owner, *, at: datetime) -> CartFacts | None:
    """The owner's active cart, if there is one. One statement."""
    return _cart(await database.rows(READ.of(owner), *owner.place, at))


async def cart_by_id(database: Database | AsyncSession, company_id: UUID, cart_id: UUID) -> CartFacts | None:
    """A cart in whatever state, for those who have settled whose it is. One statement."""
    if isinstance(database, AsyncSession):
        return _cart(await fetch(database, READ_BY_ID, (company_id, cart_id)))
    return _cart(await database.rows(READ_BY_ID, company_id, cart_id))


async def cart_count(database: Database, owner: Owner, *, at: datetime) -> int:
    """How many pieces are in the owner's cart: the figure beside its symbol. One statement."""
    return int(await database.value(COUNT.of(owner), *owner.place, at))


def _cart(rows: Sequence[Any]) -> CartFacts | None:
    if not rows:
        return None
    first = rows[0]
    return CartFacts(first[0], first[1], first[2], tuple(_lines(rows)))


def _lines(rows: Iterable[Any]) -> Iterable[LineFacts]:
    for row in rows:
        if row[3] is not None:
            fields = msgspec.json.decode(row[8]) if row[8] else None
            picture = LinePicture(*tuple(row[19:25])) if row[19] is not None else None
            values: tuple[Any, ...] = (*row[3:8], fields, *row[9:19], picture)
            yield LineFacts(*values)
