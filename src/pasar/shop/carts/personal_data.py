"""What carts hold of a person: what they meant to buy, the e-mail typed at checkout, and words for goods."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.people.privacy.public import PersonalData, Subject, Told, facts, register_personal_data

CARTS: Final = """
SELECT c.company_id, c.id, c.site_id, c.currency, c.status, c.email, c.created_at, c.last_activity_at,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'variantId', l.variant_id, 'title', l.title, 'quantity', l.quantity,
                   'customFields', l.custom_fields, 'createdAt', l.created_at)
                   ORDER BY l.created_at, l.id), '[]')
          FROM cart_lines l WHERE l.company_id = c.company_id AND l.cart_id = c.id) AS lines
  FROM carts c JOIN unnest($1::uuid[], $2::uuid[]) AS mine (company_id, customer_id)
    ON mine.company_id = c.company_id AND mine.customer_id = c.customer_id
 ORDER BY c.company_id, c.created_at, c.id
"""
# A cart that became an order stays for its figures, without words; every other one goes.
FORGET_OPEN: Final = """
DELETE FROM carts c USING unnest($1::uuid[], $2::uuid[]) AS mine (company_id, customer_id)
 WHERE mine.company_id = c.company_id AND mine.customer_id = c.customer_id AND c.status <> 'converted'
"""
FORGET_WORDS: Final = """
UPDATE cart_lines l SET custom_fields = NULL
  FROM carts c JOIN unnest($1::uuid[], $2::uuid[]) AS mine (company_id, customer_id)
    ON mine.company_id = c.company_id AND mine.customer_id = c.customer_id
 WHERE l.company_id = c.company_id AND l.cart_id = c.id AND l.custom_fields IS NOT NULL
"""
FORGET_EMAIL: Final = """
UPDATE carts c SET email = NULL
  FROM unnest($1::uuid[], $2::uuid[]) AS mine (company_id, customer_id)
 WHERE mine.company_id = c.company_id AND mine.customer_id = c.customer_id AND c.email IS NOT NULL
"""
# Other carts with a proved address, such as a guest's, at the companies where the person is known.
FORGET_TYPED: Final = """
UPDATE carts SET email = NULL WHERE company_id = ANY ($1::uuid[]) AND email = ANY ($2::text[])
"""
KNOWN: Final = "SELECT 1 FROM carts WHERE company_id = $1 AND customer_id IS NULL AND email = $2 LIMIT 1"


async def export(session: AsyncSession, subject: Subject) -> Told:
    """The person's carts with their lines."""
    return {"carts": await facts(session, CARTS, (subject.companies, subject.customer_ids))}


async def erase(session: AsyncSession, subject: Subject, _at: datetime) -> bool:
    """Forget what was never bought, and words and addresses of the rest."""
    mine = (subject.companies, subject.customer_ids)
    for statement in (FORGET_OPEN, FORGET_WORDS, FORGET_EMAIL):
        await fetch(session, statement, mine)
    if subject.proved:
        await fetch(session, FORGET_TYPED, (subject.companies, list(subject.proved)))
    return True


async def knows(session: AsyncSession, company_id: UUID, email: str) -> bool:
    """Did a guest type this e-mail at a cart?"""
    return bool(await fetch(session, KNOWN, (company_id, email)))


register_personal_data(
    PersonalData(
        name="carts",
        purpose="To keep what you mean to buy",
        retention="30 days without use, or what the shop says",
        export=export,
        erase=erase,
        knows=knows,
    )
)
