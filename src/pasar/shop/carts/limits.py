"""How much may a cart hold? At most 100 lines and 1 to 999 of one variant, by site (decisions, "Cart")."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["DEFAULT_LIMITS", "CartLimits", "LimitRefusal", "check_lines", "check_quantity"]


@dataclass(frozen=True, slots=True)
class CartLimits:
    """A site's limits. Raises ValueError for one that would refuse every cart."""

    max_lines: int = 100
    max_quantity: int = 999

    def __post_init__(self) -> None:
        if self.max_lines < 1 or self.max_quantity < 1:
            raise ValueError("a cart must be able to hold one piece on one line")


DEFAULT_LIMITS: Final = CartLimits()


@dataclass(frozen=True, slots=True)
class LimitRefusal:
    """Why a change is refused: a stable code, and what its message is filled with."""

    code: Literal["quantity_not_positive", "quantity_above_limit", "too_many_lines"]
    args: Mapping[str, int]


def check_quantity(
    quantity: int, *, adding: bool, others: int = 0, limits: CartLimits = DEFAULT_LIMITS
) -> LimitRefusal | None:
    """Whether `quantity` pieces may be added, or set as a line's quantity; None when they may.

    `others` are pieces of the same variant that stay beside them: all that the cart has when adding, those
    of the other lines when a line is changed. Adding refuses 0 and less; changing a line to 0 removes it, so
    0 is then allowed whatever the others come to.
    """
    least = 1 if adding else 0
    if quantity < least:
        return LimitRefusal("quantity_not_positive", {"quantity": quantity, "min": least})
    together = quantity + others
    if quantity and together > limits.max_quantity:
        return LimitRefusal("quantity_above_limit", {"quantity": together, "max": limits.max_quantity})
    return None


def check_lines(line_count: int, limits: CartLimits = DEFAULT_LIMITS) -> LimitRefusal | None:
    """Whether a cart may have `line_count` lines, counted after the change; None when it may."""
    if line_count > limits.max_lines:
        return LimitRefusal("too_many_lines", {"lines": line_count, "max": limits.max_lines})
    return None
