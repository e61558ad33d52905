"""Write a placed order: order, lines and first history row in one statement, then the fact."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.events import record
from pasar.kernel.ids import new_id, order_number, people_code
from pasar.shop.orders.events import OrderPlaced
from pasar.shop.orders.facts import OrderFacts, OrderLineFacts, PostalFacts

__all__ = ["NewOrder", "place_order"]

TRIES: Final = 8
"""For a free number: 32 ** 5 codes a day, so that a second try is rare and an eighth never happens."""

# A number that is taken is skipped without an error, which would end the transaction; a second order of one
# cart and generation is an error, for the cart's row lock has already made it impossible.
PLACE: Final = """
WITH placed AS (
    INSERT INTO orders
           (company_id, id, site_id, number, customer_id, cart_id, cart_generation, view_token_hash, email,
            locale, payment_method, currency, subtotal, discount_total, tax_total, tax_included,
            shipping_total, grand_total, item_count, shipping_method_id, shipping_method_name,
            shipping_address, billing_address, explanation, placed_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
            $22::text::jsonb, $23::text::jsonb, $24::text::jsonb, $25)
    ON CONFLICT (company_id, number) DO NOTHING
    RETURNING company_id, id
), lines AS (
    INSERT INTO order_lines
           (company_id, id, order_id, position, product_id, variant_id, handle, title, variant_title, sku,
            picture, quantity, unit_price, compare_at, discount, tax, line_total, requires_shipping,
            custom_fields)
    SELECT placed.company_id, l.id, placed.id, l.position, l.product_id, l.variant_id, l.handle, l.title,
           l.variant_title, l.sku, l.picture, l.quantity, l.unit_price, l.compare_at, l.discount,
           l.tax, l.line_total, l.requires_shipping, l.custom_fields
      FROM placed, jsonb_to_recordset($26::text::jsonb) AS l (
           id uuid, position integer, product_id uuid, variant_id uuid, handle text, title text,
           variant_title text, sku text, picture jsonb, quantity integer, unit_price bigint,
           compare_at bigint, discount bigint, tax bigint, line_total bigint, requires_shipping boolean,
           custom_fields jsonb)
), history AS (
    INSERT INTO order_history (company_id, id, order_id, to_status, author, at)
    SELECT company_id, $27, id, 'pending', $28, $25 FROM placed
)
SELECT id FROM placed
"""


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order to be placed; amounts in minor units that add up as the table's CHECK says. `day` is the
    business day in the company's zone, for the number. `view_token_hash` as of `kernel.ids.hash_token`."""

    company_id: UUID
    id: UUID
    site_id: UUID
    customer_id: UUID | None
    cart_id: UUID | None
    cart_generation: int | None
    view_token_hash: bytes
    email: str
    locale: str
    payment_method: str
    currency: str
    subtotal: int
    discount_total: int
    tax_total: int
    tax_included: bool
    shipping_total: int
    grand_total: int
    item_count: int
    shipping_method_id: UUID | None
    shipping_method_name: str
    shipping_address: PostalFacts
    billing_address: PostalFacts
    explanation: list[dict[str, Any]]
    lines: tuple[OrderLineFacts, ...]
    author: str
    day: date
    placed_at: datetime


async def place_order(session: AsyncSession, order: NewOrder) -> OrderFacts:
    """Write `order` as pending, under a number of its day that is free, and record `order.placed`.

    Two statements, one more for each number already taken. Raises IntegrityError when its cart and generation
    already have an order, or its amounts do not add up.
    """
    for _ in range(TRIES):
        number = order_number(order.day, people_code())
        if await fetch(session, PLACE, _arguments(order, number)):
            break
    else:
        raise RuntimeError("no free order number")
    fact = OrderPlaced(order_id=order.id, cart_id=order.cart_id, customer_id=order.customer_id)
    await record(session, order.company_id, fact, at=order.placed_at)
    return _facts(order, number)


def _arguments(order: NewOrder, number: str) -> tuple[object, ...]:
    return (
        order.company_id,
        order.id,
        order.site_id,
        number,
        order.customer_id,
        order.cart_id,
        order.cart_generation,
        order.view_token_hash,
        order.email,
        order.locale,
        order.payment_method,
        order.currency,
        order.subtotal,
        order.discount_total,
        order.tax_total,
        order.tax_included,
        order.shipping_total,
        order.grand_total,
        order.item_count,
        order.shipping_method_id,
        order.shipping_method_name,
        msgspec.json.encode(order.shipping_address).decode(),
        msgspec.json.encode(order.billing_address).decode(),
        msgspec.json.encode(order.explanation).decode(),
        order.placed_at,
        msgspec.json.encode(order.lines).decode(),
        new_id(),
        order.author,
    )


def _facts(order: NewOrder, number: str) -> OrderFacts:
    same = (name for name in OrderFacts.__struct_fields__ if hasattr(order, name))
    return OrderFacts(
        number=number,
        status="pending",
        payment_status="pending",
        **{name: getattr(order, name) for name in same},
    )
