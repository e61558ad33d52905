"""How much lies on the shelf after a change? In pieces; refused where it would break a promise."""

from pasar.kernel.errors import Conflict, Unprocessable

MOST_ON_HAND = 100_000_000
"""Far beyond any shelf, and low enough that the sums of twenty full locations fit an integer column."""


def changed_on_hand(
    on_hand: int, reserved: int, *, set_to: int | None, delta: int | None, allow_backorder: bool
) -> int:
    """Stock on hand after setting it to a count, or moving it by `delta`; exactly one of them is given.

    Raises `Unprocessable` unless exactly one is given and when the result is out of range, and `Conflict`
    `below_reserved` when fewer would lie there than are promised to buyers (decisions, "Stock"). A variant
    that may be backordered is promised beyond its stock anyway, so there only zero is the floor.
    """
    if (set_to is None) == (delta is None):
        raise Unprocessable(
            "one_of_set_to_delta", "Send setTo (the new count) or delta (the change), not both."
        )
    after = set_to if set_to is not None else on_hand + (delta or 0)
    if after > MOST_ON_HAND:
        raise Unprocessable("too_many", f"A location holds at most {MOST_ON_HAND} of a variant.")
    floor = 0 if allow_backorder else reserved
    if after < floor or after < 0:
        raise Conflict(
            "below_reserved",
            f"{reserved} are reserved for orders and {on_hand} are on hand, so {after} cannot remain. "
            "Cancel orders first, or count again.",
            onHand=on_hand,
            reserved=reserved,
        )
    return after
