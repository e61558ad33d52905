"""What inventory does by the clock: it releases what is over, and checks its own figures."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import structlog
from prometheus_client import Counter, Gauge

from pasar.kernel.jobs import Schedule
from pasar.kernel.runtime import Runtime
from pasar.shop.inventory.actions.release_holds import release_expired_batch

log = structlog.get_logger(__name__)

BATCH = 200
SHOWN = 20

HOLDS_RELEASED = Counter("pasar_stock_holds_expired", "Holds released because their time was over")
STOCK_DRIFT = Gauge("pasar_stock_drift", "Stock levels whose reserved figure differs from their live holds")

# One statement, so one snapshot: both sides are of the same moment.
DRIFT = """
SELECT coalesce(s.company_id, h.company_id), coalesce(s.variant_id, h.variant_id),
       coalesce(s.location_id, h.location_id), coalesce(s.reserved, 0), coalesce(h.held, 0)
  FROM stock_levels s
  FULL JOIN (SELECT company_id, variant_id, location_id, sum(quantity)::bigint AS held
               FROM stock_holds WHERE status IN ('held', 'committed')
              GROUP BY company_id, variant_id, location_id) h
    ON h.company_id = s.company_id AND h.variant_id = s.variant_id AND h.location_id = s.location_id
 WHERE coalesce(s.reserved, 0) <> coalesce(h.held, 0)
"""


@dataclass(frozen=True, slots=True)
class Drift:
    """A level whose `reserved` is not what its live holds add up to."""

    company_id: UUID
    variant_id: UUID
    location_id: UUID
    reserved: int
    held: int


async def release_expired_holds(runtime: Runtime, *, batch: int = BATCH) -> int:
    """Release every hold whose time is over, batch by batch, and answer how many.

    A committed hold has no time. Any number of these may run at once: each skips what another has locked.
    """
    released = 0
    while True:
        async with runtime.database.transaction() as session:
            ended = await release_expired_batch(session, runtime.clock.now(), batch)
        released += ended
        if ended:
            HOLDS_RELEASED.inc(ended)
            log.info("inventory.released", holds=ended)
        if ended < batch:
            return released


async def find_drift(runtime: Runtime) -> list[Drift]:
    """Compare every level's `reserved` with the sum of its live holds; report and answer what differs.

    Nothing is repaired: a difference is a fault to be understood first.
    """
    drifts = [Drift(*row) for row in await runtime.database.rows(DRIFT)]
    STOCK_DRIFT.set(len(drifts))
    for drift in drifts[:SHOWN]:
        log.error(
            "inventory.drift",
            companyId=str(drift.company_id),
            variantId=str(drift.variant_id),
            locationId=str(drift.location_id),
            reserved=drift.reserved,
            held=drift.held,
        )
    if len(drifts) > SHOWN:
        log.error("inventory.drift_more", levels=len(drifts))
    return drifts


async def _release(runtime: Runtime) -> None:
    await release_expired_holds(runtime)


async def _reconcile(runtime: Runtime) -> None:
    await find_drift(runtime)


INVENTORY_SCHEDULES = (
    Schedule("inventory.release_expired_holds", "* * * * *", _release),
    Schedule("inventory.reconcile", "40 2 * * *", _reconcile),
)
