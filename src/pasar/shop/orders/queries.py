"""Reads of orders: one by id, number, token or cart; pages of them; the history of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import Database, fetch
from pasar.shop.orders.cursors import read_cursor, write_cursor
from pasar.shop.orders.facts import HistoryFacts, OrderFacts, OrderSummary

__all__ = [
    "history_of",
    "order_by_id",
    "order_by_number",
    "order_by_token",
    "order_of_cart",
    "orders_page",
]

# The order as one JSON document, decoded by msgspec straight into facts: one statement, lines included.
_SELECT: Final = """
SELECT (to_jsonb(o) || jsonb_build_object('lines', coalesce((
           SELECT jsonb_agg(to_jsonb(l) ORDER BY l.position) FROM order_lines l
            WHERE l.company_id = o.company_id AND l.order_id = o.id), '[]')))::text
  FROM orders o
"""
BY_ID: Final = _SELECT + " WHERE o.company_id = $1 AND o.id = $2"
BY_NUMBER: Final = _SELECT + " WHERE o.company_id = $1 AND o.number = $2"
BY_TOKEN: Final = _SELECT + " WHERE o.company_id = $1 AND o.view_token_hash = $2"
OF_CART: Final = _SELECT + " WHERE o.company_id = $1 AND o.cart_id = $2 AND o.cart_generation = $3"
PAGE: Final = """
SELECT o.id, o.number, o.status, o.payment_status, o.payment_method, o.customer_id,
       coalesce(o.shipping_address->>'name', ''), o.email, o.currency, o.grand_total, o.item_count,
       o.placed_at
  FROM orders o
 WHERE o.company_id = $1
   AND ($2::text IS NULL OR o.status = $2)
   AND ($3::uuid IS NULL OR o.customer_id = $3)
   AND ($4::text IS NULL OR strpos(lower(o.number), $4) > 0 OR strpos(lower(o.email), $4) > 0
        OR strpos(lower(o.shipping_address->>'name'), $4) > 0)
   AND ($5::timestamptz IS NULL OR (o.placed_at, o.id) < ($5, $6::uuid))
 ORDER BY o.placed_at DESC, o.id DESC
 LIMIT $7
"""
HISTORY: Final = """
SELECT from_status, to_status, reason, author, at FROM order_history
 WHERE company_id = $1 AND order_id = $2
 ORDER BY at, id
"""

_decoder: Final = msgspec.json.Decoder(OrderFacts)
Reader = Database | AsyncSession


async def order_by_id(reader: Reader, company_id: UUID, order_id: UUID) -> OrderFacts | None:
    """The company's order, if there is such a one."""
    return await _one(reader, BY_ID, company_id, order_id)


async def order_by_number(reader: Reader, company_id: UUID, number: str) -> OrderFacts | None:
    """The order with this number; typed in any case."""
    return await _one(reader, BY_NUMBER, company_id, number.strip().upper())


async def order_by_token(reader: Reader, company_id: UUID, token_hash: bytes) -> OrderFacts | None:
    """The order whose link carries the token with this hash."""
    return await _one(reader, BY_TOKEN, company_id, token_hash)


async def order_of_cart(
    reader: Reader, company_id: UUID, cart_id: UUID, generation: int
) -> OrderFacts | None:
    """The order that a cart became in one of its generations."""
    return await _one(reader, OF_CART, company_id, cart_id, generation)


async def orders_page(
    reader: Reader,
    company_id: UUID,
    *,
    status: str | None = None,
    q: str | None = None,
    customer_id: UUID | None = None,
    limit: int = 20,
    cursor: str | None = None,
) -> tuple[list[OrderSummary], str | None]:
    """Orders, newest first, and where the next page begins. `q` is looked for in number, e-mail and name."""
    at, after = read_cursor(cursor)
    wanted = q.strip().lower() if q and q.strip() else None
    rows = await _rows(reader, PAGE, company_id, status, customer_id, wanted, at, after, limit + 1)
    items = [OrderSummary(*row) for row in rows[:limit]]
    more = len(rows) > limit
    return items, write_cursor(items[-1].placed_at, items[-1].id) if more else None


async def history_of(reader: Reader, company_id: UUID, order_id: UUID) -> list[HistoryFacts]:
    """Every change of the order's state, oldest first."""
    return [HistoryFacts(*row) for row in await _rows(reader, HISTORY, company_id, order_id)]


def processing_since(history: Sequence[HistoryFacts]) -> datetime | None:
    """When packing began, if that step was taken."""
    return next((change.at for change in history if change.to_status == "processing"), None)


async def _one(reader: Reader, statement: str, *arguments: object) -> OrderFacts | None:
    rows = await _rows(reader, statement, *arguments)
    return _decoder.decode(rows[0][0]) if rows else None


async def _rows(reader: Reader, statement: str, *arguments: object) -> Sequence[Any]:
    if isinstance(reader, AsyncSession):
        return await fetch(reader, statement, arguments)
    return await reader.rows(statement, *arguments)
