"""Carts' scheduled work."""

from __future__ import annotations

from pasar.kernel.jobs import Schedule
from pasar.kernel.runtime import Runtime
from pasar.shop.carts.actions.expire_carts import expire_carts


async def _expire(runtime: Runtime) -> None:
    await expire_carts(runtime.database, at=runtime.clock.now())


SCHEDULES = (Schedule("carts.expire", "7 * * * *", _expire),)
