"""What orders hold of a person: e-mail, addresses, words for goods, and why something was cancelled.

Books keep an order for ten years (Indonesia: UU 28/2007 art. 28(11); Germany: HGB § 257), its goods, amounts,
country, region and postcode, by which taxes were reckoned. Who bought it is not among that.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.delivery.notifications.public import forget_messages_about
from pasar.kernel.db.database import fetch
from pasar.kernel.events import record
from pasar.kernel.idempotency import forget_answers_about
from pasar.people.privacy.public import PersonalData, Subject, Told, facts, register_personal_data
from pasar.shop.orders.events import OrderBuyerForgotten

# Those that the person placed as a customer and, by an address that they proved to be theirs, as a guest: a
# person at every company, a guest customer at theirs alone.
MINE: Final = """
WITH mine AS (
    SELECT o.company_id, o.id
      FROM orders o JOIN unnest($1::uuid[], $2::uuid[]) AS known (company_id, customer_id)
        ON known.company_id = o.company_id AND known.customer_id = o.customer_id
    UNION
    SELECT o.company_id, o.id FROM company_demands c JOIN orders o ON o.company_id = c.company_id
     WHERE o.customer_id IS NULL AND o.email = ANY ($3::text[]) AND ($4 OR c.company_id = ANY ($1::uuid[]))
)
"""
ORDERS: Final = f"""{MINE}
SELECT o.company_id, o.id, o.number, o.email, o.locale, o.status, o.payment_status, o.payment_method,
       o.currency,
       o.subtotal, o.discount_total, o.tax_total, o.tax_included, o.shipping_total, o.grand_total,
       o.shipping_method_name, o.shipping_address, o.billing_address, o.placed_at, o.cancel_reason,
       (SELECT jsonb_agg(jsonb_build_object(
                   'title', l.title, 'variantTitle', l.variant_title, 'sku', l.sku, 'quantity', l.quantity,
                   'unitPrice', l.unit_price, 'lineTotal', l.line_total, 'customFields', l.custom_fields)
                   ORDER BY l.position)
          FROM order_lines l WHERE l.company_id = o.company_id AND l.order_id = o.id) AS lines,
       (SELECT jsonb_agg(jsonb_build_object(
                   'from', h.from_status, 'to', h.to_status, 'reason', h.reason, 'at', h.at)
                   ORDER BY h.at, h.id)
          FROM order_history h WHERE h.company_id = o.company_id AND h.order_id = o.id) AS history
  FROM orders o JOIN mine ON mine.company_id = o.company_id AND mine.id = o.id
 ORDER BY o.company_id, o.placed_at, o.id
"""  # noqa: S608  a beginning that three statements share
# What is on its way is brought to its buyer first. The link in mails leads nowhere from here on.
OVER: Final = f"""{MINE}
SELECT o.company_id, o.id, o.cart_id
  FROM orders o JOIN mine ON mine.company_id = o.company_id AND mine.id = o.id
 WHERE o.status IN ('delivered', 'completed', 'cancelled', 'returned') AND o.email <> ''
 ORDER BY o.company_id, o.id FOR UPDATE OF o
"""  # noqa: S608  as above
UNDER_WAY: Final = f"""{MINE}
SELECT 1 FROM orders o JOIN mine ON mine.company_id = o.company_id AND mine.id = o.id
 WHERE o.email <> '' LIMIT 1
"""  # noqa: S608  as above
# What is laid over an address: country, region and postcode stay.
NOBODY: Final = '{"name": "", "line1": "", "line2": "", "city": "", "phone": ""}'
FORGET: Final = """
UPDATE orders o
   SET email = '', cancel_reason = CASE WHEN o.cancel_reason IS NULL THEN NULL ELSE '' END,
       shipping_address = o.shipping_address || $3::text::jsonb,
       billing_address = o.billing_address || $3::text::jsonb,
       view_token_hash = sha256(gen_random_uuid()::text::bytea)
  FROM unnest($1::uuid[], $2::uuid[]) AS mine (company_id, id)
 WHERE mine.company_id = o.company_id AND mine.id = o.id
"""
FORGET_WORDS: Final = """
UPDATE order_lines l SET custom_fields = NULL
  FROM unnest($1::uuid[], $2::uuid[]) AS mine (company_id, order_id)
 WHERE mine.company_id = l.company_id AND mine.order_id = l.order_id AND l.custom_fields IS NOT NULL
"""
FORGET_REASONS: Final = """
UPDATE order_history h SET reason = ''
  FROM unnest($1::uuid[], $2::uuid[]) AS mine (company_id, order_id)
 WHERE mine.company_id = h.company_id AND mine.order_id = h.order_id AND h.reason <> ''
"""

KNOWN: Final = "SELECT 1 FROM orders WHERE company_id = $1 AND customer_id IS NULL AND email = $2 LIMIT 1"


async def export(session: AsyncSession, subject: Subject) -> Told:
    """The person's orders with lines and history; amounts in minor units of `currency`."""
    return {"orders": await facts(session, ORDERS, _whose(subject))}


async def erase(session: AsyncSession, subject: Subject, at: datetime) -> bool:
    """Take the person out of every order that is over; False while one is under way."""
    mine = _whose(subject)
    over = await fetch(session, OVER, mine)
    orders = ([row[0] for row in over], [row[1] for row in over])
    await fetch(session, FORGET, (*orders, NOBODY))
    for statement in (FORGET_WORDS, FORGET_REASONS):
        await fetch(session, statement, orders)
    await forget_answers_about(session, *orders)
    for company_id, order_id, cart_id in over:
        await record(session, company_id, OrderBuyerForgotten(order_id=order_id, cart_id=cart_id), at=at)
    # Their mails went to what was typed at the checkout, proved or not.
    await forget_messages_about(session, orders[0], [f"order:{order_id}" for order_id in orders[1]])
    return not await fetch(session, UNDER_WAY, mine)


async def knows(session: AsyncSession, company_id: UUID, email: str) -> bool:
    """Did a guest order by this e-mail?"""
    return bool(await fetch(session, KNOWN, (company_id, email)))


def _whose(subject: Subject) -> tuple[object, ...]:
    """The arguments of `MINE`."""
    return subject.companies, subject.customer_ids, list(subject.proved), subject.user_id is not None


register_personal_data(
    PersonalData(
        name="orders",
        purpose="To bring you what you bought, and to account for it",
        retention="Ten years for the books; after an erasure without who you are and where you live",
        export=export,
        erase=erase,
        knows=knows,
    )
)
