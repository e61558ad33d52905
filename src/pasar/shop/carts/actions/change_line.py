"""Change how many pieces a line has; 0 removes it (decisions, "Cart")."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from pasar.kernel.db.database import Database
from pasar.shop.carts import refusals
from pasar.shop.carts.judging import judge
from pasar.shop.carts.limits import LimitRefusal, check_quantity
from pasar.shop.carts.owners import Owner, by_owner
from pasar.shop.carts.seen_prices import cart_currency, seen_price
from pasar.shop.carts.site_rules import CartRules

__all__ = ["change_line"]

# Fewer pieces are always allowed: what is gone from the shop must be possible to take out of the cart.
CHANGE: Final = by_owner("""
WITH line AS MATERIALIZED (
    SELECT c.id AS cart_id, c.xmin AS version, c.currency, offer.amount, l.id, l.variant_id,
           l.title, l.quantity, others.pieces,
           coalesce(stock.available, 0) AS available,
           CASE WHEN l.id IS NULL THEN 'line_not_found'
                WHEN $7::integer > 0 AND $10::bigint <> offer.amount THEN 'price_changed'
                WHEN $7::integer <= l.quantity THEN NULL
                WHEN offer.variant_id IS NULL THEN 'not_for_sale'
                WHEN others.pieces + $7::integer > $8::integer THEN 'quantity_above_limit'
                WHEN NOT (offer.allow_backorder OR coalesce(stock.allow_backorder, false))
                     AND coalesce(stock.available, 0) < others.pieces + $7::integer THEN 'out_of_stock'
           END AS reason
      FROM carts c
      LEFT JOIN cart_lines l ON l.company_id = $1 AND l.cart_id = c.id AND l.id = $6
      LEFT JOIN LATERAL (
           SELECT o.variant_id, o.amount, o.allow_backorder FROM catalog_offers o
            WHERE o.company_id = $1 AND o.variant_id = l.variant_id AND o.currency = c.currency
            LIMIT 1) offer ON true
      LEFT JOIN LATERAL (
           SELECT s.available, s.allow_backorder FROM inventory_available s
            WHERE s.company_id = $1 AND s.variant_id = l.variant_id
            LIMIT 1) stock ON true
      LEFT JOIN LATERAL (
           SELECT coalesce(sum(other.quantity), 0)::integer AS pieces FROM cart_lines other
            WHERE other.company_id = $1 AND other.cart_id = c.id AND other.variant_id = l.variant_id
              AND other.id <> l.id) others ON true
     WHERE {owner} AND c.id = $4 AND c.status = 'active' AND c.expires_at > $5
), touched AS (
    UPDATE carts SET last_activity_at = $5, expires_at = $9
      FROM line
     WHERE carts.company_id = $1 AND carts.id = line.cart_id AND carts.status = 'active'
       AND carts.xmin = line.version AND line.reason IS NULL
    RETURNING carts.id
), changed AS (
    UPDATE cart_lines SET quantity = $7::integer
      FROM touched
     WHERE $7::integer > 0 AND cart_lines.company_id = $1 AND cart_lines.cart_id = touched.id
       AND cart_lines.id = $6
), removed AS (
    DELETE FROM cart_lines
     USING touched
     WHERE $7::integer = 0 AND cart_lines.company_id = $1 AND cart_lines.cart_id = touched.id
       AND cart_lines.id = $6
)
SELECT reason, (SELECT id FROM touched), title, available, pieces, amount, currency FROM line
""")


async def change_line(
    database: Database,
    owner: Owner,
    cart_id: UUID,
    line_id: UUID,
    quantity: int,
    *,
    rules: CartRules,
    at: datetime,
    expected_unit_price: str | None = None,
) -> None:
    """Set a line's quantity in one statement. On a refusal nothing changed. `expected_unit_price` is a
    decimal string in major units, as the client saw it; whoever takes a line out need not agree with it.

    Raises `NotFound` (`cart_not_found`, `line_not_found`), `Unprocessable` (limits, `not_for_sale`) and
    `Conflict` (`price_changed` with `unitPrice`, `out_of_stock` with `available`); `not_for_sale`, too
    many and too few left only for more pieces than before.
    """
    refusal = check_quantity(quantity, adding=False, limits=rules.limits)
    if refusal is not None:
        raise refusals.limit_refused(refusal)
    expected = None
    if expected_unit_price is not None:
        currency = await cart_currency(database, owner, cart_id)
        if currency is None:
            raise refusals.cart_not_found()
        expected = seen_price(expected_unit_price, currency, "expectedUnitPrice")
    row = await judge(
        database,
        owner,
        cart_id,
        CHANGE,
        at,
        line_id,
        quantity,
        rules.limits.max_quantity,
        at + rules.life,
        expected,
    )
    if row is None:
        raise refusals.cart_not_found()
    reason, _, title, available, held, amount, priced_in = row
    match reason:
        case "price_changed":
            raise refusals.price_changed(amount, priced_in)
        case "line_not_found":
            raise refusals.line_not_found()
        case "not_for_sale":
            raise refusals.not_for_sale(title)
        case "quantity_above_limit":
            pieces = {"quantity": held + quantity, "max": rules.limits.max_quantity}
            raise refusals.limit_refused(LimitRefusal("quantity_above_limit", pieces))
        case "out_of_stock":
            raise refusals.out_of_stock(available, held)
