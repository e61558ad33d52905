"""The front door of payments."""

from pasar.finance.payments.actions.end_payments import settle_payments, void_payments
from pasar.finance.payments.actions.start_payment import start_payment
from pasar.finance.payments.facts import PaymentFacts
from pasar.finance.payments.gateways.gateway import MethodFacts
from pasar.finance.payments.jobs import expire_payments
from pasar.finance.payments.methods import CHECKOUT_LIFE, hold_life, payment_methods
from pasar.finance.payments.queries import payments_of

__all__ = [
    "CHECKOUT_LIFE",
    "MethodFacts",
    "PaymentFacts",
    "expire_payments",
    "hold_life",
    "payment_methods",
    "payments_of",
    "settle_payments",
    "start_payment",
    "void_payments",
]
