"""What the kernel tidies up by the clock: delivered facts, old keys, old failures."""

from __future__ import annotations

from pasar.kernel.jobs import Schedule
from pasar.kernel.runtime import Runtime

KEEP_DELIVERIES = "30 days"

FORGET_DELIVERIES = """
DELETE FROM event_deliveries WHERE (company_id, event_id, subscriber) IN (
    SELECT company_id, event_id, subscriber FROM event_deliveries
     WHERE delivered_at < now() - $1::text::interval LIMIT 10000)
"""
FORGET_KEYS = "DELETE FROM idempotency_keys WHERE expires_at < now()"
FORGET_FAILURES = "DELETE FROM failed_attempts WHERE at < now() - interval '1 day'"


async def forget_what_is_over(runtime: Runtime) -> None:
    """Delete delivered deliveries after 30 days, keys after their 24 hours, failures after a day."""
    await runtime.database.rows(FORGET_DELIVERIES, KEEP_DELIVERIES)
    await runtime.database.rows(FORGET_KEYS)
    await runtime.database.rows(FORGET_FAILURES)


UPKEEP_SCHEDULES = (Schedule("kernel.forget_what_is_over", "17 * * * *", forget_what_is_over),)
