"""Background and scheduled work, on pgqueuer: in the same database, enqueued in the same transaction.

pgqueuer's defaults drop failed jobs, never retry and count cron in UTC. Here every job retries,
a job that fails for good is held for people to see, and every schedule names its time zone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import msgspec
import structlog
from croniter import croniter
from pgqueuer import PgQueuer
from pgqueuer.db import AsyncpgPoolDriver
from pgqueuer.domain.models import Job as QueuedJob
from pgqueuer.domain.models import Schedule as DueSchedule
from pgqueuer.executors import (
    DatabaseRetryEntrypointExecutor,
    EntrypointExecutorParameters,
    ScheduleExecutor,
    ScheduleExecutorFactoryParameters,
)
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.acting import Acting, acting_as
from pasar.kernel.db.database import fetch
from pasar.kernel.runtime import Runtime

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 8
Work = Callable[[Runtime, dict[str, Any]], Awaitable[None]]
ScheduledWork = Callable[[Runtime], Awaitable[None]]

ENQUEUE = """
INSERT INTO pgqueuer (priority, entrypoint, payload, execute_after, dedupe_key, headers, status)
VALUES (0, $1, $2, now() + $3 * interval '1 second', $4, NULL, 'queued')
ON CONFLICT (dedupe_key) WHERE status IN ('queued', 'picked') AND dedupe_key IS NOT NULL DO NOTHING
"""


SUCCEEDED = """
INSERT INTO schedule_runs (name, succeeded_at) VALUES ($1, now())
ON CONFLICT (name) DO UPDATE SET succeeded_at = excluded.succeeded_at
"""


@dataclass(frozen=True, slots=True)
class Job:
    """Work that is enqueued by name. `work` may run more than once: it is idempotent.

    What it changes stands in the audit log under its name, row by row, unless `noted` is false: for work in
    bulk, which leaves one entry of its own or changes nothing that anybody sees.
    """

    name: str
    work: Work
    most_attempts: int = MOST_ATTEMPTS
    noted: bool = True


@dataclass(frozen=True, slots=True)
class Schedule:
    """Work that runs by the clock. `cron` is read in `zone`. `noted` is as for `Job`."""

    name: str
    cron: str
    work: ScheduledWork
    zone: str = "UTC"
    noted: bool = True


async def enqueue(
    session: AsyncSession,
    name: str,
    payload: dict[str, Any],
    *,
    once_per: str | None = None,
    delay_seconds: float = 0,
) -> None:
    """Enqueue job `name` in the session's transaction. With `once_per`, not twice while one waits or runs."""
    await fetch(session, ENQUEUE, (name, msgspec.json.encode(payload), float(delay_seconds), once_per))


class Worker:
    """Runs the jobs and schedules that it is given.

    A failed job waits `first_wait`, then twice that … A job whose worker died is taken over when
    its heartbeat is `stale_after` old; a worker looks for such, and for jobs that have become
    due, every `look_every`. New jobs wake it at once.
    """

    def __init__(
        self,
        runtime: Runtime,
        jobs: Iterable[Job],
        schedules: Iterable[Schedule],
        *,
        first_wait: timedelta = timedelta(seconds=1),
        stale_after: timedelta = timedelta(seconds=30),
        look_every: timedelta = timedelta(seconds=10),
    ) -> None:
        self.runtime = runtime
        self.first_wait = first_wait
        self.stale_after = stale_after
        self.look_every = look_every
        self.jobs = tuple(jobs)
        self.schedules = tuple(schedules)

    async def run(self) -> None:
        """Work until the runtime closes; wait out a database that is away."""
        closing = self.runtime.closing
        while not closing.is_set():
            try:
                await self._run_connected()
            except Exception as problem:
                log.warning("worker.waiting", reason=f"{type(problem).__name__}: {problem}"[:200])
                try:
                    await asyncio.wait_for(closing.wait(), 1.0)
                except TimeoutError:
                    continue

    async def _run_connected(self) -> None:
        arguments: dict[str, Any] = self.runtime.database.address.connect_arguments()
        async with asyncpg.create_pool(**arguments, min_size=1, max_size=4, timeout=5) as pool:
            queue = PgQueuer(AsyncpgPoolDriver(pool))
            for job in self.jobs:
                self._add_job(queue, job)
            for schedule in self.schedules:
                self._add_schedule(queue, schedule)
            running = asyncio.create_task(
                queue.run(
                    shutdown_on_listener_failure=True,
                    heartbeat_timeout=self.stale_after,
                    dequeue_timeout=self.look_every,
                )
            )
            stopping = asyncio.create_task(self.runtime.closing.wait())
            await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            queue.shutdown.set()
            try:
                await asyncio.wait_for(running, 5.0)
            except TimeoutError:
                log.warning("worker.left_running")

    def _add_job(self, queue: PgQueuer, job: Job) -> None:
        def retrying(parameters: EntrypointExecutorParameters) -> DatabaseRetryEntrypointExecutor:
            return DatabaseRetryEntrypointExecutor(
                parameters=parameters, max_attempts=job.most_attempts, initial_delay=self.first_wait
            )

        @queue.entrypoint(job.name, on_failure="hold", executor_factory=retrying)
        async def run(queued: QueuedJob) -> None:
            with _under_its_name(job):
                await job.work(self.runtime, msgspec.json.decode(queued.payload or b"{}"))

    def _add_schedule(self, queue: PgQueuer, schedule: Schedule) -> None:
        class Zoned(ScheduleExecutor):
            def get_next(self) -> datetime:
                return next_run(schedule, datetime.now(UTC))

        def zoned(parameters: ScheduleExecutorFactoryParameters) -> Zoned:
            return Zoned(parameters=parameters)

        @queue.schedule(schedule.name, schedule.cron, executor_factory=zoned)
        async def run(_due: DueSchedule) -> None:
            try:
                with _under_its_name(schedule):
                    await schedule.work(self.runtime)
            except Exception as problem:
                log.error("schedule.failed", schedule=schedule.name, exc_info=problem)
                raise
            await self.runtime.database.rows(SUCCEEDED, schedule.name)


def _under_its_name(work: Job | Schedule) -> AbstractContextManager[None]:
    """While it runs the database is told who acts, for the audit log."""
    return acting_as(Acting(kind="job", name=work.name)) if work.noted else nullcontext()


def next_run(schedule: Schedule, after: datetime) -> datetime:
    """When `schedule` is due next after `after`, in UTC; its cron is read in its own zone.

    A time that summer time skips runs when the gap ends. One that comes twice as it ends runs the
    first time only, unless the cron's hours are a pattern (`*`, `*/2`), which counts every hour.
    """
    zone = ZoneInfo(schedule.zone)
    times = croniter(schedule.cron, after.astimezone(zone))
    due: datetime = times.get_next(datetime).astimezone(UTC)
    while due.astimezone(zone).fold and "*" not in schedule.cron.split()[1]:
        due = times.get_next(datetime).astimezone(UTC)
    return due
