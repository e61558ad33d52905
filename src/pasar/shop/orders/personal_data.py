"""What orders hold of a person: e-mail, addresses, words for goods, and why something was cancelled.

Books keep an order for ten years (Indonesia: UU 28/2007 art. 28(11); Germany: HGB § 257), its goods, amounts,
country, region and postcode, by which taxes were reckoned. Who bought it is not among that.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.people.privacy.public import PersonalData, Subject, Told, facts, register_personal_data

ORDERS: Final = """
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
  FROM orders o JOIN unnest($1::uuid[], $2::uuid[]) AS mine (company_id, customer_id)
    ON mine.company_id = o.company_id AND mine.customer_id = o.customer_id
 ORDER BY o.company_id, o.placed_at, o.id
"""
# What is on its way is brought to its buyer first. The link in mails leads nowhere from here on.
OVER: Final = """
SELECT o.company_id, o.id FROM orders o JOIN unnest($1::uuid[], $2::uuid[]) AS mine (company_id, customer_id)
    ON mine.company_id = o.company_id AND mine.customer_id = o.customer_id
 WHERE o.status IN ('delivered', 'completed', 'cancelled', 'returned') AND o.email <> ''
 ORDER BY o.company_id, o.id FOR UPDATE OF o
"""
UNDER_WAY: Final = """
SELECT 1 FROM orders o JOIN unnest($1::uuid[], $2::uuid[]) AS mine (company_id, customer_id)
    ON mine.company_id = o.company_id AND mine.customer_id = o.customer_id
 WHERE o.email <> '' LIMIT 1
"""
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


async def export(session: AsyncSession, subject: Subject) -> Told:
    """The person's orders with lines and history; amounts in minor units of `currency`."""
    return {"orders": await facts(session, ORDERS, (subject.companies, subject.customer_ids))}


async def erase(session: AsyncSession, subject: Subject, _at: datetime) -> bool:
    """Take the person out of every order that is over; False while one is under way."""
    mine = (subject.companies, subject.customer_ids)
    over = await fetch(session, OVER, mine)
    orders = ([row[0] for row in over], [row[1] for row in over])
    await fetch(session, FORGET, (*orders, NOBODY))
    for statement in (FORGET_WORDS, FORGET_REASONS):
        await fetch(session, statement, orders)
    return not await fetch(session, UNDER_WAY, mine)


register_personal_data(
    PersonalData(
        name="orders",
        purpose="To bring you what you bought, and to account for it",
        retention="Ten years for the books; after an erasure without who you are and where you live",
        export=export,
        erase=erase,
    )
)
