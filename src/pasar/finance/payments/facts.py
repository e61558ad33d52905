"""A payment as other modules see it, and how a row becomes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """An attempt to be paid. `amount_minor` counts minor units; `instructions` are told to the buyer."""

    id: UUID
    order_id: UUID
    method: str
    gateway: str
    amount_minor: int
    currency: str
    status: str
    expires_at: datetime | None
    created_at: datetime
    settled_at: datetime | None
    instructions: Mapping[str, str] = field(default_factory=dict)

    @property
    def redirect_url(self) -> str | None:
        """Where the buyer goes to pay, if a provider has a page for it."""
        return self.instructions.get("redirectUrl")


def facts_of(row: Any) -> PaymentFacts:
    """A row of the table as facts; its `instructions` are selected as JSON text."""
    return PaymentFacts(
        id=row.id,
        order_id=row.order_id,
        method=row.method,
        gateway=row.gateway,
        amount_minor=row.amount,
        currency=row.currency,
        status=row.status,
        expires_at=row.expires_at,
        created_at=row.created_at,
        settled_at=row.settled_at,
        instructions=msgspec.json.decode(row.instructions),
    )
