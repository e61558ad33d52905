"""How does an order look on the wire?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pasar.delivery.shipping.public import ShipmentFacts
from pasar.kernel.money import Money
from pasar.shop.orders.facts import HistoryFacts, OrderFacts, OrderLineFacts, OrderSummary
from pasar.shop.orders.queries import processing_since
from pasar.shop.orders.schemas import (
    HistoryView,
    OrderItemView,
    OrderListItem,
    OrderTotalsView,
    OrderView,
    ShipmentView,
    StaffOrderView,
    TimelineView,
    TrackedOrderView,
    TrackingView,
)
from pasar.shop.orders.states import allowed_verbs
from pasar.shop.orders.timeline import timeline
from pasar.shop.orders.view_tokens import view_path

__all__ = ["list_item", "order_view", "staff_view", "tracked_view", "tracking_view"]


def order_view(order: OrderFacts, token: str) -> OrderView:
    """The order with the link that opens its page; `token` as of `view_token`."""
    return OrderView(**_fields(order, token))


def tracked_view(
    order: OrderFacts, token: str, history: Sequence[HistoryFacts], shipments: Sequence[ShipmentFacts]
) -> TrackedOrderView:
    """The order with its timeline and shipments."""
    return TrackedOrderView(
        **_fields(order, token), timeline=_timeline(order, history), shipments=_shipments(shipments)
    )


def staff_view(
    order: OrderFacts, token: str, history: Sequence[HistoryFacts], shipments: Sequence[ShipmentFacts]
) -> StaffOrderView:
    """All of it, and what can be done now."""
    return StaffOrderView(
        **_fields(order, token),
        timeline=_timeline(order, history),
        shipments=_shipments(shipments),
        customer_id=order.customer_id,
        site_id=order.site_id,
        history=[HistoryView(**_named(change, HistoryView)) for change in history],
        actions=list(allowed_verbs(order.status)),
    )


def tracking_view(
    order: OrderFacts, history: Sequence[HistoryFacts], shipments: Sequence[ShipmentFacts]
) -> TrackingView:
    """Timeline and shipments alone."""
    return TrackingView(
        number=order.number,
        status=order.status,
        timeline=_timeline(order, history),
        shipments=_shipments(shipments),
    )


def list_item(order: OrderSummary) -> OrderListItem:
    """A row of a list."""
    fields = _named(order, OrderListItem)
    return OrderListItem(**fields | {"grand_total": _decimal(order.grand_total, order.currency)})


def _fields(order: OrderFacts, token: str) -> dict[str, Any]:
    return _named(order, OrderView) | {
        "items": [_item(line, order.currency) for line in order.lines],
        "totals": _totals(order),
        "shipping_method": order.shipping_method_name,
        "view_url": view_path(token),
    }


def _totals(order: OrderFacts) -> OrderTotalsView:
    names = ("subtotal", "discount_total", "tax_total", "shipping_total", "grand_total")
    amounts = {name: _decimal(getattr(order, name), order.currency) for name in names}
    return OrderTotalsView(**amounts, item_count=order.item_count, tax_included=order.tax_included)


def _item(line: OrderLineFacts, currency: str) -> OrderItemView:
    return OrderItemView(
        **_named(line, OrderItemView)
        | {
            "unit_price": _decimal(line.unit_price, currency),
            "compare_at_price": None if line.compare_at is None else _decimal(line.compare_at, currency),
            "discount": _decimal(line.discount, currency),
            "tax": _decimal(line.tax, currency),
            "line_total": _decimal(line.line_total, currency),
        }
    )


def _timeline(order: OrderFacts, history: Sequence[HistoryFacts]) -> list[TimelineView]:
    steps = timeline(order, processing_since(history))
    return [TimelineView(key=step.key, state=step.state, at=step.at) for step in steps]


def _shipments(shipments: Sequence[ShipmentFacts]) -> list[ShipmentView]:
    return [ShipmentView(**_named(shipment, ShipmentView)) for shipment in shipments]


def _named(source: object, target: type[Any]) -> dict[str, Any]:
    """The fields of `target` that `source` has under the same name."""
    return {name: getattr(source, name) for name in target.__struct_fields__ if hasattr(source, name)}


def _decimal(minor: int, currency: str) -> str:
    return Money(minor, currency).decimal_string()
