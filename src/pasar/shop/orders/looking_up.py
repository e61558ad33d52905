"""May this guest see that order? By its number and the e-mail that it was placed with, within limits."""

from __future__ import annotations

import hmac

from pasar.kernel.limits import FailureLimit, note_failure, refuse_after_failures
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.shop.orders.facts import OrderFacts
from pasar.shop.orders.moving import order_not_found
from pasar.shop.orders.queries import order_by_number

__all__ = ["find_guest_order"]

# decisions, "Figures": 5 failed look-ups in 15 minutes per account, here the order, and 20 per address.
PER_NUMBER = FailureLimit("orders.look_up.number", 5)
PER_ADDRESS = FailureLimit("orders.look_up.address", 20)


async def find_guest_order(
    runtime: Runtime, context: Context, *, number: str, email: str, address: str
) -> OrderFacts:
    """The order with this number, for who knows its e-mail. A wrong number and a wrong e-mail give the same
    `NotFound` and count alike; `TooMany` after too many of them, by number and by `address`."""
    subject = f"{context.company_id} {number.strip().upper()[:80]}"
    limits = [(PER_NUMBER, subject), (PER_ADDRESS, address)]
    await refuse_after_failures(runtime, limits)
    order = await order_by_number(runtime.database, context.company_id, number[:80])
    known = order.email if order else "nobody"
    same = hmac.compare_digest(known.encode(), email.strip().lower().encode())
    if order is None or not same:
        await note_failure(runtime, limits)
        raise order_not_found()
    await refuse_after_failures(runtime, limits)  # others of the same number may have failed meanwhile
    return order
