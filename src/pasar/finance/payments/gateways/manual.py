"""Payment outside Pasar: a transfer, cash at the door, or whatever staff agreed with the buyer.

Staff confirm by hand that the money came (decisions, "Order"), so there is nobody to call.
"""

from __future__ import annotations

from pasar.finance.payments.gateways.gateway import Attempt, GatewayAnswer, MethodFacts
from pasar.kernel.i18n import N_
from pasar.kernel.money import known_currency


class ManualGateway:
    """The methods `manual`, `bank_transfer` and `cash_on_delivery`, in every currency."""

    name = "manual"
    needs_network = False
    methods = (
        MethodFacts(
            "bank_transfer",
            "manual",
            N_("Bank transfer"),
            N_("Transfer the total to the shop's account. We ship when the money has arrived."),
            True,
        ),
        MethodFacts(
            "cash_on_delivery",
            "manual",
            N_("Cash on delivery"),
            N_("Pay the courier when your order arrives."),
            True,
        ),
        MethodFacts(
            "manual",
            "manual",
            N_("By arrangement"),
            N_("The shop tells you how to pay, and confirms your order when you have."),
            True,
        ),
    )

    def takes(self, method: str, currency: str) -> bool:
        """Any currency: people count the money."""
        return any(one.name == method for one in self.methods) and known_currency(currency)

    async def start(self, attempt: Attempt) -> GatewayAnswer:
        """Pending until staff confirm; the buyer is told how much, until when, and the company's note."""
        if not any(one.name == attempt.method for one in self.methods):
            raise ValueError(f"{attempt.method} is not a method of {self.name}")
        told = {"amount": attempt.amount.decimal_string(), "currency": attempt.amount.currency}
        if attempt.note and attempt.method != "cash_on_delivery":
            told["note"] = attempt.note
        if attempt.expires_at is not None:
            told["payBefore"] = attempt.expires_at.isoformat()
        return GatewayAnswer("pending", instructions=told)

    async def void(self, attempt: Attempt) -> None:
        """Nobody has to hear of it."""
