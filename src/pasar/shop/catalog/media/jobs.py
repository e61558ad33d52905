"""The media's background work."""

from __future__ import annotations

from pasar.kernel.jobs import Job, Schedule
from pasar.kernel.runtime import Runtime
from pasar.shop.catalog.media.waiting import JOB, fetch_waiting, sweep_waiting


async def _fetch(runtime: Runtime, payload: dict[str, object]) -> None:
    """The job as the queue calls it: always on the public network."""
    await fetch_waiting(runtime, payload)


# Not noted: after an import they fetch by the thousand what staff have asked for.
MEDIA_JOBS = (Job(JOB, _fetch, noted=False),)
MEDIA_SCHEDULES = (Schedule("catalog.fetch_forgotten_pictures", "*/30 * * * *", sweep_waiting, noted=False),)
