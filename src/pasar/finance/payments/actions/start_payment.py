"""Start an attempt to be paid for an order."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.finance.payments.facts import PaymentFacts
from pasar.finance.payments.gateways.gateway import Attempt
from pasar.finance.payments.gateways.registry import gateway_for
from pasar.kernel.db.database import fetch
from pasar.kernel.ids import new_id
from pasar.kernel.money import Money

INSERT = """
INSERT INTO payments
       (company_id, id, order_id, method, gateway, amount, currency, status, instructions,
        expires_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::jsonb, $10, $11)
"""


async def start_payment(
    session: AsyncSession,
    company_id: UUID,
    order_id: UUID,
    *,
    method: str,
    amount_minor: int,
    currency: str,
    at: datetime,
    expires_at: datetime | None,
    note: str = "",
) -> PaymentFacts:
    """Write an attempt and what the buyer is told. `note` is the company's text for payers.

    Only gateways that need no network: those that call a provider will be started between two transactions,
    by an action of their own. Raises `Unprocessable` `payment_method_unknown`; ValueError for a gateway that
    needs the network.
    """
    gateway = gateway_for(method, currency)
    if gateway.needs_network:
        raise ValueError(f"{gateway.name} calls a provider and cannot be started inside a transaction")
    attempt = Attempt(new_id(), company_id, order_id, method, Money(amount_minor, currency), expires_at, note)
    answer = await gateway.start(attempt)
    told = dict(answer.instructions)
    if answer.redirect_url:
        told["redirectUrl"] = answer.redirect_url
    await fetch(
        session,
        INSERT,
        (
            company_id,
            attempt.id,
            order_id,
            method,
            gateway.name,
            amount_minor,
            currency,
            answer.status,
            msgspec.json.encode(told).decode(),
            expires_at,
            at,
        ),
    )
    return PaymentFacts(
        id=attempt.id,
        order_id=order_id,
        method=method,
        gateway=gateway.name,
        amount_minor=amount_minor,
        currency=currency,
        status=answer.status,
        expires_at=expires_at,
        created_at=at,
        settled_at=None,
        instructions=told,
    )
