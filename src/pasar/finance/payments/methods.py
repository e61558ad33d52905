"""Which ways to pay does a shop offer, and how long does an attempt live?"""

from __future__ import annotations

from datetime import timedelta
from typing import Protocol

from pasar.finance.payments.gateways.gateway import MethodFacts
from pasar.finance.payments.gateways.registry import GATEWAYS, gateway_for

CHECKOUT_LIFE = timedelta(minutes=15)
"""A hold's life behind an attempt that a provider settles at once, such as a card's (decisions, "Stock")."""


class TransferDays(Protocol):
    """What `hold_life` asks of a company's settings."""

    @property
    def bank_transfer_days(self) -> int: ...


def payment_methods(site_currency: str) -> tuple[MethodFacts, ...]:
    """The ways to pay in a currency, in the order in which they are offered."""
    return tuple(
        method
        for gateway in GATEWAYS
        for method in gateway.methods
        if gateway.takes(method.name, site_currency)
    )


def hold_life(method: str, company_settings: TransferDays) -> timedelta | None:
    """How long an order's stock is held for a payment by `method`; None commits it at once.

    People who pay by hand get the company's `bank_transfer_days`; cash comes with the delivery and has no
    term; every other method is settled while the buyer waits.
    """
    if method == "cash_on_delivery":
        return None
    if method in {"manual", "bank_transfer"}:
        return timedelta(days=company_settings.bank_transfer_days)
    return CHECKOUT_LIFE


__all__ = ["CHECKOUT_LIFE", "gateway_for", "hold_life", "payment_methods"]
