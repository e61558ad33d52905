"""Orders' scheduled work."""

from __future__ import annotations

from pasar.kernel.jobs import Schedule
from pasar.kernel.runtime import Runtime
from pasar.shop.orders.actions.complete_orders import complete_orders


async def _complete(runtime: Runtime) -> None:
    await complete_orders(runtime.database, at=runtime.clock.now())


SCHEDULES = (Schedule("orders.complete", "20 3 * * *", _complete),)
