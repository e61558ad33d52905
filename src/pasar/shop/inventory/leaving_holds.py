"""Which holds leave the house when goods are shipped, and how much of each?"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OpenHold:
    """Stock committed to an order and not shipped yet."""

    id: UUID
    variant_id: UUID
    location_id: UUID
    quantity: int


@dataclass(frozen=True, slots=True)
class Leaving:
    """`ship` pieces of a hold leave now, `left` stay for a later shipment."""

    hold: OpenHold
    ship: int
    left: int


class NotHeldError(ValueError):
    """More is to be shipped than the order holds; `variant_id` says of what."""

    def __init__(self, variant_id: UUID, wanted: int, held: int) -> None:
        super().__init__(f"{wanted} to ship and {held} held")
        self.variant_id = variant_id
        self.wanted = wanted
        self.held = held


def leaving_holds(holds: Sequence[OpenHold], wanted: dict[UUID, int] | None) -> list[Leaving]:
    """Spread the wanted pieces of each variant over its holds, in the order given; None ships everything.

    Raises NotHeldError when a variant's holds do not suffice.
    """
    if wanted is None:
        return [Leaving(hold, hold.quantity, 0) for hold in holds]
    open_quantity = dict(wanted)
    leaving: list[Leaving] = []
    for hold in holds:
        ship = min(hold.quantity, open_quantity.get(hold.variant_id, 0))
        if ship > 0:
            open_quantity[hold.variant_id] -= ship
            leaving.append(Leaving(hold, ship, hold.quantity - ship))
    for variant_id, missing in open_quantity.items():
        if missing > 0:
            raise NotHeldError(variant_id, wanted[variant_id], wanted[variant_id] - missing)
    return leaving
