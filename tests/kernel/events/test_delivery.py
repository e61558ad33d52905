"""Facts: with their change or not at all, each effect once, in order per key, whoever dies when."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import Database
from pasar.kernel.events.facts import Delivered, Subscriber
from pasar.kernel.events.recording import record, register_subscribers
from pasar.kernel.events.relay import MOST_ATTEMPTS, Relay
from pasar.kernel.runtime import Runtime
from pasar.roles.registry import SUBSCRIBERS as REAL_SUBSCRIBERS
from support.databases import address_text
from support.relay_program import COMPANY, MOMENTS, SUBSCRIBERS, Counted, opened_runtime, steady

PROGRAM = Path(__file__).parents[2] / "support" / "relay_program.py"
LARGE = os.environ.get("PASAR_TEST_LARGE") == "1"
FACTS, KEYS = (1000, 50) if LARGE else (200, 10)
SECONDS = 300 if LARGE else 60

WAITING = "SELECT count(*) FROM event_deliveries WHERE delivered_at IS NULL"
DUE = """
SELECT count(*) FROM event_deliveries
 WHERE delivered_at IS NULL AND NOT held AND next_attempt_at <= now()
"""
WAIT = """
UPDATE event_deliveries d SET next_attempt_at = now() FROM event_deliveries before
 WHERE before.event_id = d.event_id RETURNING extract(epoch FROM before.next_attempt_at - now())::float8
"""
TWICE = (
    "SELECT count(*) FROM (SELECT 1 FROM effects GROUP BY subscriber, event_id HAVING count(*) > 1) AS twice"
)
OUT_OF_ORDER = """
SELECT count(*) FROM (
    SELECT position, lag(position) OVER (PARTITION BY subscriber, key ORDER BY seen) AS before FROM effects
) AS steps WHERE position <> coalesce(before, 0) + 1
"""


@pytest.fixture
async def counting(fresh_database: Database) -> AsyncIterator[Runtime]:
    """A runtime with the counting subscribers, alone on its database."""
    async with opened_runtime(fresh_database) as runtime:
        yield runtime
    register_subscribers(REAL_SUBSCRIBERS)


async def rows(runtime: Runtime, statement: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in await runtime.database.rows(statement)]


async def count(runtime: Runtime, number: int, of: str, *, then_fail: bool = False) -> None:
    async with runtime.database.transaction() as session:
        await record(session, COMPANY, Counted(number=number, of=of), at=datetime.now(UTC))
        if then_fail:
            raise RuntimeError("the change was refused")


def start_program(runtime: Runtime, what: str) -> subprocess.Popen[str]:
    url = address_text(runtime.database.address)
    return subprocess.Popen([sys.executable, str(PROGRAM), url, what], stdout=subprocess.PIPE, text=True)


async def until_nothing_waits(runtime: Runtime) -> None:
    async with asyncio.timeout(SECONDS):
        while await runtime.database.value(WAITING):  # noqa: ASYNC110  other processes deliver
            await asyncio.sleep(0.05)


async def test_a_fact_of_a_change_that_was_refused_does_not_exist(counting: Runtime) -> None:
    with pytest.raises(RuntimeError):
        await count(counting, 1, "counter:1", then_fail=True)
    await count(counting, 2, "counter:1")

    assert await rows(counting, "SELECT position, data->>'number' FROM events") == [(1, "2")]
    assert await Relay(counting, SUBSCRIBERS).drain() == 2


async def test_two_processes_deliver_each_fact_once_and_in_order(counting: Runtime) -> None:
    relays = [start_program(counting, "relay") for _ in range(2)]
    try:
        for relay in relays:
            assert relay.stdout is not None
            assert await asyncio.to_thread(relay.stdout.readline) == "ready\n"
        gate = asyncio.Semaphore(8)

        async def recorded(number: int) -> None:
            async with gate:
                await count(counting, number, f"counter:{number % KEYS}")

        await asyncio.gather(*(recorded(number) for number in range(FACTS)))
        await until_nothing_waits(counting)
    finally:
        for relay in relays:
            relay.send_signal(signal.SIGTERM)
        codes = [await asyncio.to_thread(relay.wait, 50) for relay in relays]

    assert codes == [0, 0]
    assert await counting.database.value("SELECT count(*) FROM effects") == FACTS * len(SUBSCRIBERS)
    assert await counting.database.value(TWICE) == 0
    assert await counting.database.value(OUT_OF_ORDER) == 0
    failed = await counting.database.value("SELECT count(*) FROM event_deliveries WHERE attempts = 1")
    assert failed == len(range(0, FACTS, 7)), "the shaky one failed at first, and only then"


@pytest.mark.parametrize("moment", MOMENTS)
async def test_kill_9(counting: Runtime, moment: str) -> None:
    victim = start_program(counting, moment)
    said, _ = await asyncio.to_thread(victim.communicate, timeout=50)
    assert (said, victim.returncode) == (f"{moment}\n", -signal.SIGKILL)

    register_subscribers(SUBSCRIBERS[:1])
    delivered = await counting.database.value("SELECT count(*) FROM effects")
    assert delivered == (1 if moment == "after_delivery" else 0), "an effect without its mark"
    await Relay(counting, SUBSCRIBERS[:1]).drain()

    recorded = 0 if moment == "before_commit" else 1
    assert await counting.database.value("SELECT count(*) FROM events") == recorded
    assert await counting.database.value("SELECT count(*) FROM effects") == recorded
    assert await counting.database.value(WAITING) == 0


async def refusing(_runtime: Runtime, session: AsyncSession, fact: Delivered) -> None:
    await steady(_runtime, session, fact)
    if fact.data["number"] == 13:
        raise OSError("cannot open what this fact names")


REFUSING = Subscriber("steady", ("test.counted",), refusing)


async def fail_for_good(runtime: Runtime) -> None:
    """Facts on a bad and a good key, and as many tries as a fact is given."""
    register_subscribers([REFUSING])
    for number in (1, 13, 14, 15):
        await count(runtime, number, "counter:bad")
    await count(runtime, 2, "counter:good")
    relay = Relay(runtime, [REFUSING], first_wait=timedelta(0))
    await relay.drain()


async def test_a_poisoned_fact_stops_its_own_key_only(counting: Runtime) -> None:
    await fail_for_good(counting)

    seen = await rows(counting, "SELECT key, number FROM effects ORDER BY key, number")
    assert seen == [("counter:bad", 1), ("counter:good", 2)]
    held = await rows(counting, "SELECT attempts, held, last_error FROM event_deliveries WHERE attempts > 0")
    assert held == [(MOST_ATTEMPTS, True, "OSError: cannot open what this fact names")]

    # Whoever mends the cause releases it, and the key goes on where it stopped.
    await counting.database.rows("UPDATE event_deliveries SET held = false, next_attempt_at = now()")
    mended = Relay(counting, SUBSCRIBERS[:1])
    assert await mended.drain() == 3
    assert await counting.database.value(OUT_OF_ORDER) == 0


async def test_what_waits_behind_a_failure_is_not_looked_at(counting: Runtime) -> None:
    await fail_for_good(counting)
    relay = Relay(counting, [REFUSING])
    assert await counting.database.value(DUE) == 2

    await relay.park()

    assert await counting.database.value(DUE) == 0
    await count(counting, 3, "counter:good")
    await relay.park()
    assert await relay.drain() == 1, "a key without failures is never put off"


async def test_a_failed_delivery_waits_twice_as_long_each_time(counting: Runtime) -> None:
    register_subscribers([REFUSING])
    await count(counting, 13, "counter:bad")
    relay = Relay(counting, [REFUSING], first_wait=timedelta(minutes=4))

    minutes = []
    for _ in range(4):
        assert await relay.drain() == 1
        assert await relay.drain() == 0, "tried again at once"
        minutes.append(round(await counting.database.value(WAIT) / 60))

    assert minutes == [4, 8, 15, 15], "and never longer than a quarter of an hour"
