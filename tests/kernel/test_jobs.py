"""Jobs: with their change or not at all, tried again, held for people when they fail for good."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pasar.kernel.db.database import Database
from pasar.kernel.db.embedded import EmbeddedPostgres
from pasar.kernel.db.migrating import migrate
from pasar.kernel.jobs import Job, Schedule, Worker, enqueue, next_run
from pasar.kernel.runtime import Runtime
from support.databases import address_text
from support.relay_program import opened_runtime

PROGRAM = Path(__file__).parents[1] / "support" / "job_program.py"
LIMIT = 30  # seconds: five times what the slowest of these takes, and more


@pytest.fixture
async def working(fresh_database: Database) -> AsyncIterator[Runtime]:
    """A runtime alone on its database."""
    async with opened_runtime(fresh_database) as runtime:
        yield runtime


class Notes:
    """What jobs were given, in the order in which they ran."""

    def __init__(self, *, fails: int = 0) -> None:
        self.seen: list[Any] = []
        self.fails = fails

    async def work(self, _runtime: Runtime, payload: dict[str, Any]) -> None:
        """Note the payload; fail as often as told."""
        self.seen.append(payload["number"])
        if len(self.seen) <= self.fails:
            raise TimeoutError("the service that this job asks is slow")

    async def tick(self, _runtime: Runtime) -> None:
        """Note a tick of the clock."""
        self.seen.append("tick")

    async def until(self, count: int) -> None:
        """Wait until so many have been seen."""
        await until(lambda: _true(len(self.seen) >= count))


async def _true(value: bool) -> bool:
    return value


async def until(happened: Callable[[], Awaitable[Any]]) -> None:
    async with asyncio.timeout(LIMIT):
        while not await happened():  # noqa: ASYNC110  other tasks and processes make it happen
            await asyncio.sleep(0.02)


@asynccontextmanager
async def running(worker: Worker) -> AsyncIterator[None]:
    worker.runtime.closing.clear()
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        worker.runtime.closing.set()
        async with asyncio.timeout(5):  # idle, it stops in well under one
            await task


async def put(runtime: Runtime, number: int, **options: Any) -> None:
    async with runtime.database.transaction() as session:
        await enqueue(session, "test.note", {"number": number}, **options)


async def test_a_job_of_a_change_that_was_refused_does_not_exist(working: Runtime) -> None:
    async def change() -> None:
        async with working.database.transaction() as session:
            await enqueue(session, "test.note", {"number": 1})
            raise RuntimeError("the change was refused")

    with pytest.raises(RuntimeError):
        await change()

    assert await working.database.value("SELECT count(*) FROM pgqueuer") == 0


async def test_jobs_run_those_that_wait_and_those_that_come(working: Runtime) -> None:
    notes = Notes()
    await put(working, 1)
    async with running(Worker(working, [Job("test.note", notes.work)], [])):
        await notes.until(1)
        await put(working, 2)
        await notes.until(2)
        await until(lambda: _queue_is_empty(working))

    assert notes.seen == [1, 2]


async def _queue_is_empty(runtime: Runtime) -> bool:
    return bool(await runtime.database.value("SELECT count(*) = 0 FROM pgqueuer"))


async def test_one_per_subject_while_it_waits(working: Runtime) -> None:
    notes = Notes()
    for number in (1, 2, 3):
        await put(working, number, once_per="shop:7")
    await put(working, 4, once_per="shop:8")
    async with running(Worker(working, [Job("test.note", notes.work)], [])):
        await until(lambda: _queue_is_empty(working))
        await put(working, 5, once_per="shop:7")
        await notes.until(3)

    assert sorted(notes.seen) == [1, 4, 5]


async def test_a_job_that_is_put_off_waits(working: Runtime) -> None:
    await put(working, 1, delay_seconds=3600)

    due_in = await working.database.value(
        "SELECT extract(epoch FROM execute_after - created)::int FROM pgqueuer WHERE status = 'queued'"
    )
    assert due_in == 3600


async def test_a_job_that_fails_at_first_is_tried_again(working: Runtime) -> None:
    notes = Notes(fails=3)
    await put(working, 1)
    quick = timedelta(milliseconds=20)
    worker = Worker(working, [Job("test.note", notes.work)], [], first_wait=quick, look_every=quick)
    async with running(worker):
        await notes.until(4)
        await until(lambda: _queue_is_empty(working))

    assert notes.seen == [1, 1, 1, 1]


async def test_a_job_that_fails_for_good_is_held_for_people(working: Runtime) -> None:
    notes = Notes(fails=100)
    await put(working, 1)
    quick = timedelta(milliseconds=10)
    job = Job("test.note", notes.work, most_attempts=3)
    async with running(Worker(working, [job], [], first_wait=quick, look_every=quick)):
        await until(
            lambda: working.database.value("SELECT count(*) = 1 FROM pgqueuer WHERE status = 'failed'")
        )

    assert len(notes.seen) == 4, "one run and three more tries"
    told = await working.database.value(
        "SELECT traceback::text FROM pgqueuer_log WHERE status = 'failed' AND traceback IS NOT NULL"
    )
    assert "the service that this job asks is slow" in told


async def test_kill_9_of_a_worker_in_the_middle_of_a_job(working: Runtime) -> None:
    async with working.database.transaction() as session:
        await enqueue(session, "test.slow", {"number": 1})
    url = address_text(working.database.address)
    victim = await asyncio.create_subprocess_exec(
        *(sys.executable, str(PROGRAM), url),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(PROGRAM.parents[1])},
    )
    assert victim.stdout is not None
    assert await victim.stdout.readline() == b"began 1\n"
    victim.kill()
    assert await victim.wait() == -signal.SIGKILL

    notes = Notes()
    soon = timedelta(seconds=1)
    async with running(
        Worker(working, [Job("test.slow", notes.work)], [], stale_after=soon, look_every=soon)
    ):
        await notes.until(1)
        await until(lambda: _queue_is_empty(working))

    assert notes.seen == [1]


async def test_a_schedule_runs_by_the_clock(working: Runtime) -> None:
    notes = Notes()
    async with running(Worker(working, [], [Schedule("test.tick", "* * * * * *", notes.tick)])):
        await notes.until(2)

    assert set(notes.seen) == {"tick"}


async def test_a_schedule_that_fails_comes_again(working: Runtime) -> None:
    notes = Notes()

    async def fail_first(runtime: Runtime) -> None:
        await notes.tick(runtime)
        if len(notes.seen) == 1:
            raise OSError("the disk is full")

    async with running(Worker(working, [], [Schedule("test.tick", "* * * * * *", fail_first)])):
        await notes.until(2)


@pytest.fixture
def own_server() -> Iterator[EmbeddedPostgres]:
    """A server that the test may stop."""
    home = Path(tempfile.mkdtemp(prefix="pasar-home-"))
    home.chmod(0o755)
    server = EmbeddedPostgres(home)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(home)


async def test_a_worker_survives_a_restart_of_the_database(own_server: EmbeddedPostgres) -> None:
    await migrate(own_server.address)
    database = await Database.open(own_server.address)
    async with opened_runtime(database) as runtime:
        notes = Notes()
        async with running(Worker(runtime, [Job("test.note", notes.work)], [])):
            await put(runtime, 1)
            await notes.until(1)
            await asyncio.to_thread(own_server.stop)
            await asyncio.to_thread(own_server.start)
            await until(lambda: _put_or_not(runtime, 2))
            await notes.until(2)
    await database.close()


async def _put_or_not(runtime: Runtime, number: int) -> bool:
    try:
        await put(runtime, number)
    except Exception:
        return False
    return True


async def test_another_schema(fresh_database: Database) -> None:
    address = replace(fresh_database.address, schema="shop-one")
    await migrate(address)
    database = await Database.open(address)
    async with opened_runtime(database) as runtime:
        notes = Notes()
        async with running(Worker(runtime, [Job("test.note", notes.work)], [])):
            await put(runtime, 1)
            await notes.until(1)
    await database.close()


NEXT_RUNS = [
    # cron, zone, after, next
    ("0 9 * * *", "UTC", "2026-11-20T08:59Z", "2026-11-20T09:00Z"),
    ("0 10 * * 2,5", "Asia/Jakarta", "2026-11-20T02:59Z", "2026-11-20T03:00Z"),  # Friday 10:00, decisions.md
    ("0 10 * * 2,5", "Asia/Jakarta", "2026-11-20T03:00Z", "2026-11-24T03:00Z"),  # then Tuesday
    ("0 9 * * *", "America/New_York", "2026-03-07T15:00Z", "2026-03-08T13:00Z"),  # summer time began at 2
    ("0 9 * * *", "America/New_York", "2026-10-31T14:00Z", "2026-11-01T14:00Z"),  # and ended at 2
    ("30 2 * * *", "America/New_York", "2026-03-07T12:00Z", "2026-03-08T07:00Z"),  # 2:30 is skipped: at 3:00
    ("30 2 * * *", "America/New_York", "2026-03-08T08:00Z", "2026-03-09T06:30Z"),
    (
        "30 1 * * *",
        "America/New_York",
        "2026-10-31T12:00Z",
        "2026-11-01T05:30Z",
    ),  # 1:30 comes twice: the first
    ("30 1 * * *", "America/New_York", "2026-11-01T05:30Z", "2026-11-02T06:30Z"),  # and once a day
    (
        "17 * * * *",
        "America/New_York",
        "2026-11-01T05:17Z",
        "2026-11-01T06:17Z",
    ),  # every hour, the repeated too
]


@pytest.mark.parametrize(("cron", "zone", "after", "expected"), NEXT_RUNS)
def test_when_a_schedule_is_due(cron: str, zone: str, after: str, expected: str) -> None:
    async def nothing(_runtime: Runtime) -> None:
        return None

    schedule = Schedule("test.tick", cron, nothing, zone)

    assert next_run(schedule, datetime.fromisoformat(after)) == datetime.fromisoformat(expected)
    assert next_run(schedule, datetime.fromisoformat(after)).tzinfo is UTC
