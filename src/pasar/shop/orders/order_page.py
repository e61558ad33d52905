"""How is an order shown to its buyer? Steps, lines and states in the words of the page. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from pasar.kernel.i18n import N_
from pasar.shop.orders.facts import HistoryFacts, LinePictureFacts, OrderFacts, OrderLineFacts
from pasar.shop.orders.queries import processing_since
from pasar.shop.orders.timeline import StepKey, StepState, timeline
from pasar.web.pictures import Picture, PictureSize

__all__ = [
    "PAYMENT_WORDS",
    "STATUS_WORDS",
    "OrderPageLine",
    "PageStep",
    "order_lines",
    "order_steps",
    "placed_path",
]

Tone = Literal["neutral", "success", "warning", "danger"]
MarkState = Literal["done", "now", "next", "problem"]

STATUS_WORDS: Final[dict[str, tuple[str, Tone]]] = {
    "pending": (N_("Waiting for payment"), "warning"),
    "confirmed": (N_("Confirmed"), "neutral"),
    "processing": (N_("Being packed"), "neutral"),
    "shipped": (N_("On its way"), "neutral"),
    "delivered": (N_("Delivered"), "success"),
    "completed": (N_("Completed"), "success"),
    "cancelled": (N_("Cancelled"), "danger"),
    "returned": (N_("Returned"), "neutral"),
}
PAYMENT_WORDS: Final[dict[str, tuple[str, Tone]]] = {
    "pending": (N_("Not paid yet"), "warning"),
    "authorised": (N_("Payment reserved"), "neutral"),
    "paid": (N_("Paid"), "success"),
    "failed": (N_("Payment failed"), "danger"),
    "partially_refunded": (N_("Partly refunded"), "neutral"),
    "refunded": (N_("Refunded"), "neutral"),
    "voided": (N_("Payment called off"), "neutral"),
}
_STEP_WORDS: Final[dict[StepKey, str]] = {
    "placed": N_("Placed"),
    "confirmed": N_("Confirmed"),
    "processing": N_("Packed"),
    "shipped": N_("Shipped"),
    "delivered": N_("Delivered"),
    "cancelled": N_("Cancelled"),
}
_MARKS: Final[dict[StepState, MarkState]] = {
    "done": "done",
    "current": "now",
    "upcoming": "next",
    "cancelled": "problem",
}
_KEPT_WIDTH: Final = re.compile(r"-([0-9]{1,5})\.jpg$")


@dataclass(frozen=True, slots=True)
class PageStep:
    """A step as `timeline` takes it; `label` is a message to be translated."""

    label: str
    state: MarkState
    at: datetime | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class OrderPageLine:
    """A line as `summary_line` takes it; amounts in minor units, `total` after discount."""

    title: str
    path: str
    variant: str
    sku: str | None
    quantity: int
    unit_price: int
    total: int
    currency: str
    picture: Picture | None


def order_steps(order: OrderFacts, history: Sequence[HistoryFacts]) -> list[PageStep]:
    """The five steps, or those taken before the order was cancelled."""
    return [
        PageStep(_STEP_WORDS[step.key], _MARKS[step.state], step.at)
        for step in timeline(order, processing_since(history))
    ]


def order_lines(order: OrderFacts, media_base: str) -> list[OrderPageLine]:
    """The lines in order."""
    return [_line(line, order.currency, media_base) for line in order.lines]


def placed_path(token: str) -> str:
    """The page that thanks for an order; `token` as of `view_token`."""
    return f"/orders/placed/{token}"


def _line(line: OrderLineFacts, currency: str, media_base: str) -> OrderPageLine:
    fields = [f"{name}: {value}" for name, value in (line.custom_fields or {}).items()]
    return OrderPageLine(
        title=line.title,
        path=f"/products/{line.handle}",
        variant=" · ".join([part for part in (line.variant_title, *fields) if part]),
        sku=line.sku,
        quantity=line.quantity,
        unit_price=line.unit_price,
        total=line.line_total,
        currency=currency,
        picture=_picture(line.picture, media_base) if line.picture else None,
    )


def _picture(picture: LinePictureFacts, media_base: str) -> Picture | None:
    """The one size that the order keeps; both encodings are stored under the same name."""
    kept = _KEPT_WIDTH.search(picture.url)
    if kept is None or not picture.url.startswith("/media/"):
        return None
    jpeg = media_base + picture.url
    size = PictureSize(int(kept[1]), jpeg.removesuffix(".jpg") + ".webp", jpeg)
    return Picture(picture.alt, picture.width, picture.height, picture.colour or "#dddddd", (size,))
