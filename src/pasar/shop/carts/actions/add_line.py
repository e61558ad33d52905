"""Add goods to a cart: one statement looks at cart, offer, stock and limits, and writes or says why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from pasar.kernel.db.database import Database
from pasar.kernel.errors import Problem
from pasar.kernel.ids import new_id
from pasar.kernel.tenancy import Site, sold_currency
from pasar.shop.carts import refusals
from pasar.shop.carts.judging import judge
from pasar.shop.carts.limits import LimitRefusal, check_quantity
from pasar.shop.carts.owners import Owner, by_owner
from pasar.shop.carts.seen_prices import cart_currency, seen_price
from pasar.shop.carts.site_rules import CartRules, cart_rules

__all__ = ["WantedLine", "add_line"]


@dataclass(frozen=True, slots=True)
class WantedLine:
    """What is to be added. `expected_unit_price` is a decimal string in major units, as the client saw it."""

    product_id: UUID
    quantity: int
    variant_id: UUID | None = None
    expected_unit_price: str | None = None
    custom_fields: dict[str, str] | None = None


class _Verdict(NamedTuple):
    """Why not, or the cart that was touched; then what refusals tell. Amount in minor units."""

    reason: str | None
    touched: UUID | None
    currency: str
    amount: int | None
    available: int
    pieces: int


# `touched` looks again at the cart's state after waiting for its row, and only then is a line written: what
# is added while the same cart is being ordered is either in the order or refused, never lost.
ADD: Final = by_owner("""
WITH cart AS MATERIALIZED (
    SELECT c.id, c.currency, c.xmin AS version FROM carts c
     WHERE {owner} AND c.id = $4 AND c.status = 'active' AND c.expires_at > $5
), offer AS MATERIALIZED (
    SELECT o.variant_id, o.amount, o.title, o.allow_backorder, count(*) OVER () AS choices,
           CASE WHEN $13::text IS NULL THEN o.variant_id
                ELSE encode(substring(sha256(convert_to(o.variant_id::text || $13::text, 'UTF8')) FOR 16),
                            'hex')::uuid
           END AS line_key
      FROM cart
      JOIN catalog_offers o ON o.company_id = $1 AND o.product_id = $6 AND o.currency = cart.currency
     WHERE $7::uuid IS NULL OR o.variant_id = $7
     LIMIT 1
), verdict AS MATERIALIZED (
    SELECT cart.id, cart.currency, cart.version, offer.*, held.pieces,
           coalesce(stock.available, 0) AS available,
           CASE WHEN cart.currency <> ALL ($15::text[]) THEN 'currency_not_sold'
                WHEN offer.variant_id IS NULL THEN 'not_offered'
                WHEN offer.choices > 1 THEN 'variant_required'
                WHEN held.pieces + $8::integer > $9::integer THEN 'quantity_above_limit'
                WHEN held.lines >= $10::integer AND NOT coalesce(held.known, false) THEN 'too_many_lines'
                WHEN $11::bigint <> offer.amount THEN 'price_changed'
                WHEN NOT (offer.allow_backorder OR coalesce(stock.allow_backorder, false))
                     AND coalesce(stock.available, 0) < held.pieces + $8::integer THEN 'out_of_stock'
           END AS reason
      FROM cart
      LEFT JOIN offer ON true
      LEFT JOIN LATERAL (
           SELECT s.available, s.allow_backorder FROM inventory_available s
            WHERE s.company_id = $1 AND s.variant_id = offer.variant_id
            LIMIT 1) stock ON true
      LEFT JOIN LATERAL (
           SELECT count(*) AS lines, bool_or(l.line_key = offer.line_key) AS known,
                  coalesce(sum(l.quantity) FILTER (WHERE l.variant_id = offer.variant_id), 0)::integer
                      AS pieces
             FROM cart_lines l
            WHERE l.company_id = $1 AND l.cart_id = cart.id) held ON true
), touched AS (
    UPDATE carts SET last_activity_at = $5, expires_at = $12
      FROM verdict
     WHERE carts.company_id = $1 AND carts.id = verdict.id AND carts.status = 'active'
       AND carts.xmin = verdict.version AND verdict.reason IS NULL
    RETURNING carts.id
), added AS (
    INSERT INTO cart_lines AS line
           (company_id, id, cart_id, line_key, product_id, variant_id, title, quantity, custom_fields,
            created_at)
    SELECT $1, $14, touched.id, v.line_key, $6, v.variant_id, v.title, $8, $13::text::jsonb, $5
      FROM touched, verdict v
    ON CONFLICT (company_id, cart_id, line_key)
       DO UPDATE SET quantity = line.quantity + excluded.quantity
)
SELECT reason, (SELECT id FROM touched), currency, amount, available, pieces FROM verdict
""")
WHY_NOT_OFFERED: Final = "SELECT count(*) FROM catalog_offers WHERE company_id = $1 AND product_id = $2"


async def add_line(
    database: Database, site: Site, owner: Owner, cart_id: UUID, wanted: WantedLine, *, at: datetime
) -> bool:
    """Add `wanted`, or more of it; False when the owner has no such active cart.

    Raises `Unprocessable` (limits, `currency_not_sold`, `variant_required`, `not_for_sale`), `NotFound`
    (`product_not_found`) and `Conflict` (`out_of_stock` with `available`, `price_changed` with `unitPrice`);
    nothing changed then.
    """
    rules = cart_rules(site)
    refusal = check_quantity(wanted.quantity, adding=True, limits=rules.limits)
    if refusal is not None:
        raise refusals.limit_refused(refusal)
    expected = None
    if wanted.expected_unit_price is not None:
        currency = await cart_currency(database, owner, cart_id)
        if currency is None:
            return False
        expected = seen_price(wanted.expected_unit_price, currency, "expectedUnitPrice")
    row = await judge(
        database,
        owner,
        cart_id,
        ADD,
        at,
        wanted.product_id,
        wanted.variant_id,
        wanted.quantity,
        rules.limits.max_quantity,
        rules.limits.max_lines,
        expected,
        at + rules.life,
        _canonical(wanted.custom_fields),
        new_id(),
        list(site.currencies),
    )
    if row is None:
        return False
    verdict = _Verdict(*row)
    if verdict.reason is None:
        return True
    if verdict.reason == "currency_not_sold":
        sold_currency(site, verdict.currency)
    raise await _refusal(database, owner, wanted, verdict, rules)


async def _refusal(
    database: Database, owner: Owner, wanted: WantedLine, row: _Verdict, rules: CartRules
) -> Problem:
    together = row.pieces + wanted.quantity
    match row.reason:
        case "not_offered":
            offers = await database.value(WHY_NOT_OFFERED, owner.company_id, wanted.product_id)
            return refusals.not_for_sale() if offers else refusals.product_not_found()
        case "variant_required":
            return refusals.variant_required()
        case "too_many_lines":
            lines = {"lines": rules.limits.max_lines + 1, "max": rules.limits.max_lines}
            return refusals.limit_refused(LimitRefusal("too_many_lines", lines))
        case "price_changed":
            assert row.amount is not None, "a price is compared with an offer's"
            return refusals.price_changed(row.amount, row.currency)
        case "out_of_stock":
            return refusals.out_of_stock(row.available, row.pieces)
        case _:
            pieces = {"quantity": together, "max": rules.limits.max_quantity}
            return refusals.limit_refused(LimitRefusal("quantity_above_limit", pieces))


def _canonical(fields: dict[str, str] | None) -> str | None:
    """Equal fields give equal text, so that equal lines add up."""
    return msgspec.json.encode(fields, order="sorted").decode() if fields else None
