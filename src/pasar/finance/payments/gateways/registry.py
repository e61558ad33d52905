"""Every gateway, a line each."""

from __future__ import annotations

from pasar.finance.payments.gateways.gateway import Gateway
from pasar.finance.payments.gateways.manual import ManualGateway
from pasar.kernel.errors import FieldProblem, Unprocessable

GATEWAYS: tuple[Gateway, ...] = (ManualGateway(),)


def gateway_for(method: str, currency: str) -> Gateway:
    """The gateway that takes `currency` by `method`. Raises `Unprocessable` `payment_method_unknown`."""
    for gateway in GATEWAYS:
        if gateway.takes(method, currency):
            return gateway
    message = "This shop does not take that payment method. List them at /api/payment-methods."
    raise Unprocessable(
        "payment_method_unknown", message, errors=[FieldProblem("paymentMethod", "unknown", message)]
    )
