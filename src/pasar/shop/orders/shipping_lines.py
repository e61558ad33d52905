"""What of an order is still to be shipped, and may this be? Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

__all__ = ["LineLeft", "NotLeftError", "ShipPart", "parts_to_ship"]


@dataclass(frozen=True, slots=True)
class LineLeft:
    """An order's line and the pieces of it that no shipment holds yet."""

    line_id: UUID
    variant_id: UUID
    left: int


@dataclass(frozen=True, slots=True)
class ShipPart:
    """Pieces of one line that leave now."""

    line_id: UUID
    variant_id: UUID
    quantity: int


class NotLeftError(ValueError):
    """More of a line is to be shipped than is left, or the order has no such line."""

    def __init__(self, line_id: UUID, left: int) -> None:
        super().__init__(f"{left} pieces of line {line_id} are left")
        self.line_id = line_id
        self.left = left


def parts_to_ship(
    lines: Sequence[LineLeft], wanted: Mapping[UUID, int] | None
) -> tuple[list[ShipPart], bool]:
    """The parts that leave, and whether they are all that was left. `wanted` maps line ids to pieces; None
    means everything left. Raises NotLeftError."""
    left = {line.line_id: line for line in lines}
    for line_id, quantity in (wanted or {}).items():
        line = left.get(line_id)
        if line is None or quantity < 1 or quantity > line.left:
            raise NotLeftError(line_id, line.left if line else 0)
    parts = [
        ShipPart(line.line_id, line.variant_id, line.left if wanted is None else wanted.get(line.line_id, 0))
        for line in lines
    ]
    parts = [part for part in parts if part.quantity > 0]
    return parts, sum(part.quantity for part in parts) == sum(line.left for line in lines)
