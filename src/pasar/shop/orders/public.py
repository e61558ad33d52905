"""The front door of orders."""

from pasar.shop.orders.actions.cancel_order import cancel_order, cancel_unpaid_order
from pasar.shop.orders.actions.complete_orders import complete_orders
from pasar.shop.orders.actions.confirm_order import confirm_order
from pasar.shop.orders.actions.deliver_order import deliver_order
from pasar.shop.orders.actions.place_order import NewOrder, place_order
from pasar.shop.orders.actions.process_order import process_order
from pasar.shop.orders.actions.ship_order import ship_order
from pasar.shop.orders.facts import (
    HistoryFacts,
    LinePictureFacts,
    OrderFacts,
    OrderLineFacts,
    OrderSummary,
    PostalFacts,
)
from pasar.shop.orders.figures import DayFigures, OrderFigures, order_figures
from pasar.shop.orders.looking_up import find_guest_order
from pasar.shop.orders.order_page import placed_path
from pasar.shop.orders.queries import (
    history_of,
    order_by_id,
    order_by_number,
    order_by_token,
    order_of_cart,
    orders_page,
    processing_since,
)
from pasar.shop.orders.schemas import OrderView
from pasar.shop.orders.states import CANCEL_BY_BUYER, STATUSES, Status, Verb, allowed_verbs
from pasar.shop.orders.timeline import TimelineStep, timeline
from pasar.shop.orders.view_tokens import view_path, view_token
from pasar.shop.orders.views import order_view

__all__ = [
    "CANCEL_BY_BUYER",
    "STATUSES",
    "DayFigures",
    "HistoryFacts",
    "LinePictureFacts",
    "NewOrder",
    "OrderFacts",
    "OrderFigures",
    "OrderLineFacts",
    "OrderSummary",
    "OrderView",
    "PostalFacts",
    "Status",
    "TimelineStep",
    "Verb",
    "allowed_verbs",
    "cancel_order",
    "cancel_unpaid_order",
    "complete_orders",
    "confirm_order",
    "deliver_order",
    "find_guest_order",
    "history_of",
    "order_by_id",
    "order_by_number",
    "order_by_token",
    "order_figures",
    "order_of_cart",
    "order_view",
    "orders_page",
    "place_order",
    "placed_path",
    "process_order",
    "processing_since",
    "ship_order",
    "timeline",
    "view_path",
    "view_token",
]
