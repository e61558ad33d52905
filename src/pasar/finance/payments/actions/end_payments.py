"""End attempts: paid, voided, or expired by the clock. Each ends once, by compare-and-set."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.finance.payments.events import PaymentExpired, PaymentPaid
from pasar.finance.payments.facts import PaymentFacts, facts_of
from pasar.kernel.db.database import fetch
from pasar.kernel.events import record
from pasar.kernel.money import Money

SETTLE = """
UPDATE payments SET status = 'paid', settled_at = $3
 WHERE company_id = $1 AND order_id = $2 AND status IN ('pending', 'authorised')
RETURNING id, order_id, method, gateway, amount, currency, status, expires_at, created_at, settled_at,
          instructions::text
"""
VOID = """
UPDATE payments SET status = 'voided', settled_at = $3
 WHERE company_id = $1 AND order_id = $2 AND status IN ('pending', 'authorised')
RETURNING id, order_id, method, gateway, amount, currency, status, expires_at, created_at, settled_at,
          instructions::text
"""
EXPIRE = """
WITH due AS MATERIALIZED (
    SELECT company_id, id FROM payments
     WHERE status = 'pending' AND expires_at <= $1
     ORDER BY expires_at, id LIMIT $2
       FOR UPDATE SKIP LOCKED
)
UPDATE payments p SET status = 'expired', settled_at = $1
  FROM due
 WHERE p.company_id = due.company_id AND p.id = due.id AND p.status = 'pending'
RETURNING p.company_id, p.id, p.order_id, p.method, p.gateway, p.amount, p.currency, p.status, p.expires_at,
          p.created_at, p.settled_at, p.instructions::text
"""


async def settle_payments(
    session: AsyncSession, company_id: UUID, order_id: UUID, at: datetime
) -> list[PaymentFacts]:
    """Staff confirm that the money came: what is pending is paid. Answers what was settled, none the second
    time or when the attempt expired or was voided before. Records `payment.paid`."""
    settled = [facts_of(row) for row in await fetch(session, SETTLE, (company_id, order_id, at))]
    for payment in settled:
        fact = PaymentPaid(
            payment_id=payment.id,
            order_id=payment.order_id,
            method=payment.method,
            amount=Money(payment.amount_minor, payment.currency).decimal_string(),
            currency=payment.currency,
        )
        await record(session, company_id, fact, at=at)
    return settled


async def void_payments(
    session: AsyncSession, company_id: UUID, order_id: UUID, at: datetime
) -> list[PaymentFacts]:
    """Give up an order's attempts that are not paid, and answer them; what is paid stays paid."""
    return [facts_of(row) for row in await fetch(session, VOID, (company_id, order_id, at))]


async def expire_batch(session: AsyncSession, at: datetime, most: int) -> int:
    """Expire up to `most` pending attempts whose time is over, of all companies, and answer how many.

    Records `payment.expired` for each, so that orders give up and return their stock. Several sweeps may run
    at once: each skips what another has locked.
    """
    rows = await fetch(session, EXPIRE, (at, most))
    for row in rows:
        payment = facts_of(row)
        fact = PaymentExpired(
            payment_id=payment.id,
            order_id=payment.order_id,
            method=payment.method,
            amount=Money(payment.amount_minor, payment.currency).decimal_string(),
            currency=payment.currency,
        )
        await record(session, row.company_id, fact, at=at)
    return len(rows)
