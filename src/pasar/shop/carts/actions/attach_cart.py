"""Give a guest's cart to the customer that the guest turns out to be: once, in sign-in's own transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.ids import new_id
from pasar.kernel.tenancy import Site
from pasar.shop.carts.actions.open_cart import FIND_OR_OPEN_BY_CUSTOMER
from pasar.shop.carts.merging import MergeLine, merge_lines
from pasar.shop.carts.site_rules import cart_rules

__all__ = ["attach_cart"]

SOURCE: Final = """
SELECT id, site_id, currency FROM carts
 WHERE company_id = $1 AND token_hash = $2 AND status = 'active' AND customer_id IS NULL
   AND expires_at > $3
   FOR UPDATE
"""
HAS_LINES: Final = "SELECT 1 FROM cart_lines WHERE company_id = $1 AND cart_id = $2 LIMIT 1"
LINES: Final = """
SELECT l.line_key, l.variant_id, l.quantity,
       CASE WHEN coalesce(o.allow_backorder OR s.allow_backorder, false) THEN NULL
            ELSE coalesce(s.available, 0) END
  FROM cart_lines l
  LEFT JOIN LATERAL (
       SELECT bool_or(offer.allow_backorder) AS allow_backorder FROM catalog_offers offer
        WHERE offer.company_id = l.company_id AND offer.variant_id = l.variant_id) o ON true
  LEFT JOIN LATERAL (
       SELECT stock.available, stock.allow_backorder FROM inventory_available stock
        WHERE stock.company_id = l.company_id AND stock.variant_id = l.variant_id
        LIMIT 1) s ON true
 WHERE l.company_id = $1 AND l.cart_id = $2
 ORDER BY l.created_at, l.id
"""
WRITE: Final = """
INSERT INTO cart_lines AS line
       (company_id, id, cart_id, line_key, product_id, variant_id, title, quantity, custom_fields, created_at)
SELECT $1, merged.id, $3, source.line_key, source.product_id, source.variant_id, source.title,
       merged.quantity, source.custom_fields, source.created_at
  FROM unnest($4::uuid[], $5::uuid[], $6::integer[]) AS merged(id, line_key, quantity)
  JOIN cart_lines source
    ON source.company_id = $1 AND source.cart_id = $2 AND source.line_key = merged.line_key
ON CONFLICT (company_id, cart_id, line_key) DO UPDATE SET quantity = excluded.quantity
"""
MERGED: Final = """
UPDATE carts SET status = 'merged', merged_into_id = $3, last_activity_at = $4
 WHERE company_id = $1 AND id = $2
"""


async def attach_cart(
    session: AsyncSession,
    site: Site,
    *,
    token_hash: bytes,
    customer_id: UUID,
    at: datetime,
) -> UUID | None:
    """Move the token's goods into the customer's cart, opened when there is none, and answer its id.

    The source ends as `merged`, so that the same token twice does nothing the second time; its token then
    reads an empty cart. None when the token has no cart to give.
    """
    company_id, rules = site.company_id, cart_rules(site)
    found = await fetch(session, SOURCE, (company_id, token_hash, at))
    if not found:
        return None
    source_id, site_id, currency = found[0]
    sold = {*site.currencies, currency}  # its own site's may be others than those of the site signed in at
    if not await fetch(session, HAS_LINES, (company_id, source_id)):
        return None  # an empty cart leaves the customer's alone, and its token stays of use
    target_id = await _customers_cart(
        session, (company_id, customer_id, site_id), currency, sold, at, rules.life
    )
    guests = _lines(await fetch(session, LINES, (company_id, source_id)))
    customers = _lines(await fetch(session, LINES, (company_id, target_id)))
    merged = merge_lines(customers, guests, rules.limits)
    ids = [new_id() for _ in merged]
    await fetch(session, WRITE, (company_id, source_id, target_id, ids, list(merged), list(merged.values())))
    await fetch(session, MERGED, (company_id, source_id, target_id, at))
    return target_id


async def _customers_cart(
    session: AsyncSession,
    place: tuple[UUID, UUID, UUID],
    currency: str,
    sold: set[str],
    at: datetime,
    life: timedelta,
) -> UUID:
    """The customer's cart, found or opened; its row is locked by being written."""
    rows = await fetch(
        session, FIND_OR_OPEN_BY_CUSTOMER, (*place, new_id(), currency, at, at + life, sorted(sold))
    )
    cart_id: UUID = rows[0][0]
    return cart_id


def _lines(rows: Sequence[Any]) -> list[MergeLine]:
    return [MergeLine(*row) for row in rows]
