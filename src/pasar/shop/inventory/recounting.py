"""What lies at each location when a variant was counted as a whole? In pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pasar.shop.inventory.on_hand import MOST_ON_HAND


@dataclass(frozen=True, slots=True)
class Shelf:
    """A variant at one location, before it is counted. `priority` is the location's: lower is drawn first."""

    location_id: UUID
    on_hand: int
    reserved: int
    priority: int


def recounted(shelves: Sequence[Shelf], count: int, *, allow_backorder: bool) -> dict[UUID, int]:
    """On hand by location, of those locations only where it changes, so that all together hold `count`.

    A count knows no places: more is laid where it is drawn from first, fewer is taken from there first. What
    is reserved at a location stays there, unless the variant may be backordered; so the sum can end above
    `count`. It never passes `MOST_ON_HAND` at the location that takes the surplus.
    """
    ordered = sorted(shelves, key=lambda shelf: (shelf.priority, shelf.location_id))
    delta = count - sum(shelf.on_hand for shelf in ordered)
    after: dict[UUID, int] = {}
    if delta > 0:
        first = ordered[0]
        after[first.location_id] = min(first.on_hand + delta, MOST_ON_HAND)
    else:
        for shelf in ordered:
            kept = 0 if allow_backorder else shelf.reserved
            taken = min(-delta, shelf.on_hand - kept)
            after[shelf.location_id] = shelf.on_hand - taken
            delta += taken
    return {
        shelf.location_id: after[shelf.location_id]
        for shelf in ordered
        if after.get(shelf.location_id, shelf.on_hand) != shelf.on_hand
    }
