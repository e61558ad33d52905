"""What happened to orders. Topic `order-events`, ordered per order; ids only, never names or addresses."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from pasar.kernel.events import Fact

__all__ = [
    "OrderBuyerForgotten",
    "OrderCancelled",
    "OrderCompleted",
    "OrderConfirmed",
    "OrderDelivered",
    "OrderPlaced",
    "OrderProcessing",
    "OrderShipped",
]


class _OrderFact(Fact, frozen=True):
    topic: ClassVar[str] = "order-events"

    order_id: UUID

    def key(self) -> str:
        """The order."""
        return f"order:{self.order_id}"


class OrderPlaced(_OrderFact, frozen=True):
    """A buyer placed it."""

    type: ClassVar[str] = "order.placed"
    cart_id: UUID | None = None
    customer_id: UUID | None = None


class OrderConfirmed(_OrderFact, frozen=True):
    """Staff confirmed it, or its payment did."""

    type: ClassVar[str] = "order.confirmed"


class OrderProcessing(_OrderFact, frozen=True):
    """It is being packed."""

    type: ClassVar[str] = "order.processing"


class OrderShipped(_OrderFact, frozen=True):
    """A shipment left. `complete` says that nothing of the order remains."""

    type: ClassVar[str] = "order.shipped"
    shipment_id: UUID
    complete: bool = True


class OrderDelivered(_OrderFact, frozen=True):
    """It arrived."""

    type: ClassVar[str] = "order.delivered"


class OrderCompleted(_OrderFact, frozen=True):
    """The time to complain is over."""

    type: ClassVar[str] = "order.completed"


class OrderCancelled(_OrderFact, frozen=True):
    """It came to nothing. `reopen_cart`: it was never paid or confirmed, so that its cart may live again."""

    type: ClassVar[str] = "order.cancelled"
    cart_id: UUID | None = None
    cart_generation: int | None = None
    reopen_cart: bool = False


class OrderBuyerForgotten(_OrderFact, frozen=True):
    """Who bought it was erased. What others keep of the buyer for this order goes, too."""

    type: ClassVar[str] = "order.buyer_forgotten"
    cart_id: UUID | None = None
