"""Payments as they travel."""

from __future__ import annotations

from pasar.kernel.http.schema import Output


class PaymentMethodAnswer(Output):
    """A way to pay: send `name` as `paymentMethod` at checkout."""

    name: str
    title: str
    description: str
    currency: str
