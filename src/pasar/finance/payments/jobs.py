"""What payments do by the clock."""

from __future__ import annotations

import structlog

from pasar.finance.payments.actions.end_payments import expire_batch
from pasar.kernel.jobs import Schedule
from pasar.kernel.runtime import Runtime

log = structlog.get_logger(__name__)

BATCH = 100


async def expire_payments(runtime: Runtime, *, batch: int = BATCH) -> int:
    """Expire every pending attempt whose time is over, batch by batch, and answer how many."""
    expired = 0
    while True:
        async with runtime.database.transaction() as session:
            ended = await expire_batch(session, runtime.clock.now(), batch)
        expired += ended
        if ended:
            log.info("payments.expired", payments=ended)
        if ended < batch:
            return expired


async def _expire(runtime: Runtime) -> None:
    await expire_payments(runtime)


PAYMENT_SCHEDULES = (Schedule("payments.expire_payments", "* * * * *", _expire),)
