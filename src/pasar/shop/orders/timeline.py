"""How far is an order? Five steps from placed to delivered, for people. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from pasar.shop.orders.facts import OrderFacts

__all__ = ["StepKey", "StepState", "TimelineStep", "timeline"]

StepKey = Literal["placed", "confirmed", "processing", "shipped", "delivered", "cancelled"]
StepState = Literal["done", "current", "upcoming", "cancelled"]

_STEPS: Final[tuple[StepKey, ...]] = ("placed", "confirmed", "processing", "shipped", "delivered")
_REACHED: Final = {
    "pending": 0,
    "confirmed": 1,
    "processing": 2,
    "shipped": 3,
    "delivered": 4,
    "completed": 4,
    "returned": 4,
}


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One step. `at` is None when it is to come, or when the order went past it without stopping."""

    key: StepKey
    state: StepState
    at: datetime | None


def timeline(order: OrderFacts, processing_at: datetime | None = None) -> tuple[TimelineStep, ...]:
    """The steps in order. The last one reached is `current` until the order has arrived, then all are `done`.

    A cancelled order shows the steps that it took and then `cancelled`. `processing_at` comes from the
    history: that step may be skipped.
    """
    times: dict[StepKey, datetime | None] = {
        "placed": order.placed_at,
        "confirmed": order.confirmed_at,
        "processing": processing_at,
        "shipped": order.shipped_at,
        "delivered": order.delivered_at,
    }
    if order.status == "cancelled":
        taken = tuple(TimelineStep(key, "done", times[key]) for key in _STEPS if times[key] is not None)
        return (*taken, TimelineStep("cancelled", "cancelled", order.cancelled_at))
    reached = _REACHED[order.status]
    arrived = reached == len(_STEPS) - 1
    return tuple(
        TimelineStep(key, _state(position, reached, arrived=arrived), times[key])
        for position, key in enumerate(_STEPS)
    )


def _state(position: int, reached: int, *, arrived: bool) -> StepState:
    if position < reached or arrived:
        return "done"
    return "current" if position == reached else "upcoming"
