"""Orders' reactions to others' facts."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.events import Delivered, Subscriber
from pasar.kernel.runtime import Runtime
from pasar.shop.orders.actions.cancel_order import cancel_unpaid_order


async def _cancel_unpaid(runtime: Runtime, session: AsyncSession, fact: Delivered) -> None:
    """The time to pay is over: the goods go to others. Again, it finds the order cancelled."""
    await cancel_unpaid_order(
        session,
        fact.company_id,
        UUID(fact.data["orderId"]),
        reason="The payment did not arrive in time.",
        author="system",
        at=runtime.clock.now(),
    )


SUBSCRIBERS = (Subscriber("orders.cancel_unpaid", ("payment.expired",), _cancel_unpaid),)
