"""Open a cart: with a token of its own for a new guest, or the one cart of a known owner."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from pasar.kernel.db.database import Database
from pasar.kernel.ids import hash_token, new_id, new_token
from pasar.kernel.tenancy import Site
from pasar.shop.carts.actions.expire_carts import ENDED
from pasar.shop.carts.owners import OF_CUSTOMER, OF_GUEST, Owner
from pasar.shop.carts.site_rules import cart_rules

__all__ = ["open_cart", "open_guest_cart"]

OPEN: Final = """
INSERT INTO carts (company_id, id, site_id, token_hash, currency, created_at, last_activity_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $6, $7)
"""
# An active cart found is given new life, so that what follows in this call may use it; and another currency
# when the site no longer sells in its own ($8 are those it sells in). Lines hold no prices.
# One whose time is over is never read again, so it does not come back either: it ends here, swept or not, and
# makes room in the unique index. The insert reads from `over`, so that it comes after it.
_FIND_OR_OPEN: Final = """
WITH over AS (
    UPDATE carts c SET status = {ended}
     WHERE {owner} AND c.status = 'active' AND c.expires_at <= $6
    RETURNING 1
)
INSERT INTO carts (company_id, {key}, site_id, id, currency, created_at, last_activity_at, expires_at)
SELECT $1, $2, $3, $4, $5, $6, $6, $7 FROM (SELECT count(*) FROM over) AS first
ON CONFLICT ({unique}) WHERE status = 'active' AND {key} IS NOT NULL
   DO UPDATE SET last_activity_at = excluded.last_activity_at, expires_at = excluded.expires_at,
                 currency = CASE WHEN carts.currency = ANY ($8::text[]) THEN carts.currency
                                 ELSE excluded.currency END
RETURNING id
"""
FIND_OR_OPEN_BY_TOKEN: Final = _FIND_OR_OPEN.format(
    ended=ENDED, owner=OF_GUEST, key="token_hash", unique="company_id, token_hash"
)
FIND_OR_OPEN_BY_CUSTOMER: Final = _FIND_OR_OPEN.format(
    ended=ENDED, owner=OF_CUSTOMER, key="customer_id", unique="company_id, customer_id, site_id"
)


async def open_guest_cart(database: Database, site: Site, *, currency: str, at: datetime) -> tuple[UUID, str]:
    """A new guest's empty cart: its id, and the token that only the guest knows. One statement."""
    cart_id, token = new_id(), new_token()
    await database.row(
        OPEN, site.company_id, cart_id, site.id, hash_token(token), currency, at, at + cart_rules(site).life
    )
    return cart_id, token


async def open_cart(database: Database, site: Site, owner: Owner, *, currency: str, at: datetime) -> UUID:
    """The owner's active cart, made in `currency` when there is none. One statement."""
    statement = FIND_OR_OPEN_BY_CUSTOMER if owner.token_hash is None else FIND_OR_OPEN_BY_TOKEN
    cart_id: UUID = await database.value(
        statement,
        *owner.place,
        new_id(),
        currency,
        at,
        at + cart_rules(site).life,
        list(site.currencies),
    )
    return cart_id
