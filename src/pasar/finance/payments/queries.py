"""Reads of payments."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.finance.payments.facts import PaymentFacts, facts_of
from pasar.kernel.db.database import fetch

OF_ORDER = """
SELECT id, order_id, method, gateway, amount, currency, status, expires_at, created_at, settled_at,
       instructions::text
  FROM payments WHERE company_id = $1 AND order_id = $2 ORDER BY created_at, id
"""


async def payments_of(session: AsyncSession, company_id: UUID, order_id: UUID) -> list[PaymentFacts]:
    """An order's attempts to be paid, the oldest first."""
    return [facts_of(row) for row in await fetch(session, OF_ORDER, (company_id, order_id))]
