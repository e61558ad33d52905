"""What inventory tells others."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from pasar.kernel.events import Fact


class StockAdjusted(Fact, frozen=True, kw_only=True):
    """Staff changed what lies on the shelf: by `delta` pieces, to `on_hand`."""

    type: ClassVar[str] = "inventory.adjusted"
    topic: ClassVar[str] = "inventory-events"

    adjustment_id: UUID
    variant_id: UUID
    location_id: UUID
    delta: int
    on_hand: int
    reason: str

    def key(self) -> str:
        """The variant: facts about one are delivered in order."""
        return f"variant:{self.variant_id}"
