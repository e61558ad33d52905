"""Which states can an order go to, and by which verb? The one table of transitions. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

__all__ = [
    "CANCEL_BY_BUYER",
    "STATUSES",
    "TRANSITIONS",
    "Status",
    "Transition",
    "Verb",
    "allowed_verbs",
    "may",
]

Status = Literal[
    "pending", "confirmed", "processing", "shipped", "delivered", "completed", "cancelled", "returned"
]
Verb = Literal["confirm", "process", "ship", "deliver", "complete", "cancel"]

STATUSES: Final[tuple[Status, ...]] = (
    "pending",
    "confirmed",
    "processing",
    "shipped",
    "delivered",
    "completed",
    "cancelled",
    "returned",
)


@dataclass(frozen=True, slots=True)
class Transition:
    """From which states a verb is allowed, and where it leads."""

    sources: frozenset[Status]
    target: Status


# decisions, "Order": processing is optional before shipping; cancelling ends with shipping.
TRANSITIONS: Final[dict[Verb, Transition]] = {
    "confirm": Transition(frozenset({"pending"}), "confirmed"),
    "process": Transition(frozenset({"confirmed"}), "processing"),
    "ship": Transition(frozenset({"confirmed", "processing"}), "shipped"),
    "deliver": Transition(frozenset({"shipped"}), "delivered"),
    "complete": Transition(frozenset({"delivered"}), "completed"),
    "cancel": Transition(frozenset({"pending", "confirmed", "processing"}), "cancelled"),
}

BY_HAND: Final[tuple[Verb, ...]] = ("confirm", "process", "ship", "deliver", "cancel")

# Until it is packed; after that the shop decides.
CANCEL_BY_BUYER: Final[frozenset[str]] = frozenset({"pending", "confirmed"})


def may(verb: Verb, status: str) -> bool:
    """Whether an order in `status` can be brought on by `verb`."""
    return status in TRANSITIONS[verb].sources


def allowed_verbs(status: str) -> tuple[Verb, ...]:
    """What staff can do with an order in `status`; `complete` is the clock's."""
    return tuple(verb for verb in BY_HAND if may(verb, status))
