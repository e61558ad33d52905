"""What travels about customers."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pasar.kernel.http.schema import Output
from pasar.people.users.queries import CustomerFacts


class CustomerAnswer(Output):
    """A customer, as staff see one. `hasAccount` is false for guests who bought without signing in."""

    id: UUID
    email: str
    name: str
    phone: str | None
    has_account: bool
    created_at: datetime


def customer_answer(facts: CustomerFacts) -> CustomerAnswer:
    """Write a customer for the wire."""
    return CustomerAnswer(
        id=facts.id,
        email=facts.email,
        name=facts.name,
        phone=facts.phone,
        has_account=facts.user_id is not None,
        created_at=facts.created_at,
    )
