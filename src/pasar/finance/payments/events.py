"""What payments tell others."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from pasar.kernel.events import Fact


class PaymentFact(Fact, frozen=True, kw_only=True):
    """Something that happened to an attempt. `amount` is a decimal string in major units of `currency`."""

    type: ClassVar[str] = "payment"
    topic: ClassVar[str] = "payment-events"

    payment_id: UUID
    order_id: UUID
    method: str
    amount: str
    currency: str

    def key(self) -> str:
        """The attempt: what happens to it is told in order."""
        return f"payment:{self.payment_id}"


class PaymentPaid(PaymentFact, frozen=True, kw_only=True):
    """The money is there."""

    type: ClassVar[str] = "payment.paid"


class PaymentExpired(PaymentFact, frozen=True, kw_only=True):
    """The time to pay is over, and nothing came. Orders cancel what waited for it."""

    type: ClassVar[str] = "payment.expired"
