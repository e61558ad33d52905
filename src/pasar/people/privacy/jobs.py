"""Exports, notes of erasures, and what is forgotten by the clock."""

from __future__ import annotations

from typing import Any

from pasar.kernel.acting import Acting, acting_as
from pasar.kernel.jobs import Job, Schedule
from pasar.kernel.runtime import Runtime
from pasar.people.privacy.actions.erase_person import NOTE_JOB, finish_erasures
from pasar.people.privacy.actions.start_export import EXPORT_JOB
from pasar.people.privacy.exporting import make_export
from pasar.people.privacy.own_data import DROP_JOB
from pasar.people.privacy.replaying import note_erasure

FINISH = "privacy.finish_erasures"


async def finish(runtime: Runtime) -> None:
    """Forget what waited for orders under way."""
    with acting_as(Acting(kind="job", name=FINISH)):
        async with runtime.database.transaction() as session:
            await finish_erasures(session, runtime.secrets, runtime.clock.now())


async def _drop(runtime: Runtime, payload: dict[str, Any]) -> None:
    await runtime.files.delete(str(payload["file_key"]))


PRIVACY_JOBS = (Job(EXPORT_JOB, make_export), Job(NOTE_JOB, note_erasure), Job(DROP_JOB, _drop))
PRIVACY_SCHEDULES = (Schedule(FINISH, "10 4 * * *", finish),)
