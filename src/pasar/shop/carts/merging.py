"""What does a customer's cart hold after the guest's joins it? Pure.

Lines with the same key (the same variant with the same custom fields) add up; others follow those that the
customer has, in their own order. No line grows beyond what the site allows of one variant nor beyond the
stock, unless the variant may be back-ordered; but merging never takes away what the customer's cart held.
Lines beyond the site's limit are left out, the guest's latest first (decisions, "Merge on sign-in").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pasar.shop.carts.limits import DEFAULT_LIMITS, CartLimits

__all__ = ["MergeLine", "merge_lines"]


@dataclass(frozen=True, slots=True)
class MergeLine:
    """A line before merging. `cap` is its variant's stock in pieces; None where backorder is allowed."""

    line_key: UUID
    variant_id: UUID
    quantity: int
    cap: int | None = None


def merge_lines(
    customers: Sequence[MergeLine], guests: Sequence[MergeLine], limits: CartLimits = DEFAULT_LIMITS
) -> dict[UUID, int]:
    """The quantity of each line, by line key, that merging changes or adds."""
    held = {line.line_key: line.quantity for line in customers}
    pieces: dict[UUID, int] = defaultdict(int)
    for line in customers:
        pieces[line.variant_id] += line.quantity
    changed: dict[UUID, int] = {}
    for line in guests:
        most = limits.max_quantity if line.cap is None else min(limits.max_quantity, line.cap)
        more = min(line.quantity, most - pieces[line.variant_id])
        known = line.line_key in held
        if more < 1 or (not known and len(held) >= limits.max_lines):
            continue
        held[line.line_key] = held.get(line.line_key, 0) + more
        pieces[line.variant_id] += more
        changed[line.line_key] = held[line.line_key]
    return changed
