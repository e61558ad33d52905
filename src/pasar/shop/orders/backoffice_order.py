"""What do staff see of one order? What is left to ship, why its total is its total, its story. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from pasar.delivery.shipping.public import ShipmentFacts
from pasar.finance.payments.public import PaymentFacts, payment_methods
from pasar.kernel.errors import Problem
from pasar.kernel.i18n import N_, Translator
from pasar.shop.orders.facts import HistoryFacts, OrderFacts, OrderSummary
from pasar.shop.orders.order_page import PAYMENT_WORDS, STATUS_WORDS
from pasar.web.tables import Amount, Badge, Link, Moment, Row, Tone

__all__ = [
    "Change",
    "Reason",
    "history_lines",
    "left_to_ship",
    "order_row",
    "payment_rows",
    "reasons",
    "refused",
]

_RULES: Final[Mapping[str, str]] = {
    "discount": N_("Discount on {subject}"),
    "shipping": N_("Shipping by {subject}"),
    "tax_added": N_("Tax: {subject}"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One step on the way to the total, in minor units."""

    text: str
    amount: int


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the order's story; `before` is empty for the placing."""

    before: str
    after: str
    reason: str
    author: str
    fact: HistoryFacts


def order_row(order: OrderSummary, words: Translator) -> Row:
    """An order in a list."""
    state, tone = STATUS_WORDS[order.status]
    paid, paid_tone = PAYMENT_WORDS[order.payment_status]
    return Row(
        str(order.id),
        (
            Link(order.number, f"/admin/orders/{order.id}"),
            Moment(order.placed_at),
            order.customer_name or order.email,
            Badge(words.gettext(state), tone),
            Badge(words.gettext(paid), paid_tone),
            order.item_count,
            Amount(order.grand_total, order.currency),
        ),
    )


def left_to_ship(order: OrderFacts, shipments: Sequence[ShipmentFacts]) -> dict[UUID, int]:
    """Pieces of each line that no shipment holds yet; lines that are all sent are left out."""
    left = {line.id: line.quantity for line in order.lines}
    for shipment in shipments:
        for line_id, quantity in shipment.lines:
            left[line_id] = left.get(line_id, 0) - quantity
    return {line_id: quantity for line_id, quantity in left.items() if quantity > 0}


def reasons(order: OrderFacts, words: Translator) -> list[Reason]:
    """The steps that add up to the grand total, as they were reckoned when the order was placed.

    The steps name lines of the cart, which are the order's lines in the same order: each begins with its
    price.
    """
    found: list[Reason] = []
    lines = iter(order.lines)
    title = ""
    for step in order.explanation:
        rule, subject = step["rule"], step.get("subject", "")
        if rule == "price":
            line = next(lines, None)
            title = f"{line.title} {line.variant_title}".strip() if line else subject
            quantity = line.quantity if line else 1
            text = words.gettext("{quantity} × {title}", quantity=quantity, title=title)
        else:
            subject = title if rule == "discount" else order.shipping_method_name or subject
            subject = step.get("subject", "") if rule == "tax_added" else subject
            text = words.gettext(_RULES.get(rule, "{subject}"), subject=subject)
        found.append(Reason(text, step["amount"]))
    return found


def history_lines(
    history: Sequence[HistoryFacts], authors: Mapping[str, str], words: Translator
) -> list[Change]:
    """The story, newest first, in the words of the page."""
    return [
        Change(
            words.gettext(STATUS_WORDS[fact.from_status][0]) if fact.from_status else "",
            words.gettext(STATUS_WORDS[fact.to_status][0]),
            fact.reason,
            authors.get(fact.author, fact.author),
            fact,
        )
        for fact in reversed(history)
    ]


def payment_rows(payments: Sequence[PaymentFacts], currency: str, words: Translator) -> list[Row]:
    """The attempts to be paid, as rows."""
    titles = {way.name: way.title for way in payment_methods(currency)}
    return [
        Row(
            str(payment.id),
            (
                words.gettext(titles.get(payment.method, payment.method)),
                Badge(*_payment_state(payment.status, words)),
                Moment(payment.created_at),
                Moment(payment.settled_at) if payment.settled_at else None,
                Amount(payment.amount_minor, payment.currency),
            ),
        )
        for payment in payments
    ]


def _payment_state(status: str, words: Translator) -> tuple[str, Tone]:
    if status == "expired":
        return words.gettext("Not paid in time"), "danger"
    said, tone = PAYMENT_WORDS[status]
    return words.gettext(said), tone


_CONFLICTS: Final[Mapping[str, str]] = {
    "order_state": N_(
        "This order is now “{state}”, and that step is not possible from there. Nothing was done."
    ),
    "payment_over": N_("The time to pay is over, and the order is being cancelled. It is “{state}” now."),
    "out_of_stock": N_(
        "The goods have gone to others meanwhile. Put stock in or cancel the order; it is still “{state}”."
    ),
    "partly_shipped": N_("A part has left already, so it cannot be cancelled. The order is “{state}”."),
}


def refused(problem: Problem, order: OrderFacts, words: Translator) -> str:
    """Why a step was refused, and in which state the order is."""
    state = words.gettext(STATUS_WORDS[order.status][0])
    known = _CONFLICTS.get(problem.code)
    return words.gettext(known, state=state) if known else f"{problem.detail} ({state})"
