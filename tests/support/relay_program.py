"""A process that records or delivers facts, and kills itself where a test says.

    relay_program.py DATABASE_URL relay          deliver until told to stop (SIGTERM)
    relay_program.py DATABASE_URL before_commit  kill -9 of itself at that moment, see MOMENTS

Subscribers write what they see into the table `effects`, in the delivery's own transaction.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import load_settings
from pasar.kernel.db.addresses import parse_address
from pasar.kernel.db.database import Database, fetch
from pasar.kernel.events.facts import Delivered, Fact, Subscriber
from pasar.kernel.events.recording import record, register_subscribers
from pasar.kernel.events.relay import Relay
from pasar.kernel.logs import configure_logs
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import open_runtime

COMPANY = UUID("01936b2a-0000-7000-8000-000000000001")
TABLES = """
CREATE TABLE IF NOT EXISTS effects (
    seen bigserial, subscriber text, event_id uuid, key text, position bigint, number int);
CREATE TABLE IF NOT EXISTS tries (
    subscriber text, event_id uuid, tries int, PRIMARY KEY (subscriber, event_id));
"""
EFFECT = "INSERT INTO effects (subscriber, event_id, key, position, number) VALUES ($1, $2, $3, $4, $5)"
TRY = """
INSERT INTO tries VALUES ($1, $2, 1) ON CONFLICT (subscriber, event_id) DO UPDATE SET tries = tries.tries + 1
RETURNING tries
"""
MOMENTS = (
    "before_commit",
    "after_commit_before_delivery",
    "during_a_handler",
    "between_handler_and_mark",
    "during_marking",
    "after_delivery",
)


class Counted(Fact, frozen=True):
    """Something was counted."""

    type: ClassVar[str] = "test.counted"
    topic: ClassVar[str] = "test-events"
    number: int
    of: str

    def key(self) -> str:
        """What was counted."""
        return self.of


async def _write_effect(session: AsyncSession, name: str, fact: Delivered) -> None:
    arguments = (name, fact.id, fact.key, fact.position, fact.data["number"])
    await fetch(session, EFFECT, arguments)


async def steady(_runtime: Runtime, session: AsyncSession, fact: Delivered) -> None:
    """Writes what it sees."""
    await _write_effect(session, "steady", fact)


async def shaky(runtime: Runtime, session: AsyncSession, fact: Delivered) -> None:
    """Writes what it sees, and at the first try of every seventh fact fails after writing."""
    await _write_effect(session, "shaky", fact)
    tries = await runtime.database.value(TRY, "shaky", fact.id)
    if tries == 1 and fact.data["number"] % 7 == 0:
        raise TimeoutError("a service that this handler asked was slow")


async def deadly(_runtime: Runtime, session: AsyncSession, fact: Delivered) -> None:
    """Kills its process after writing."""
    await _write_effect(session, "steady", fact)
    die("during_a_handler")


SUBSCRIBERS = (
    Subscriber("steady", ("test.counted",), steady),
    Subscriber("shaky", ("test.counted",), shaky),
)


def die(moment: str) -> None:
    """What kill -9 does; says where first."""
    print(moment, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)


class DiesBeforeMark(Relay):
    """Dies when the handler has returned."""

    async def _hand_over(self, session: AsyncSession, claimed: tuple[Any, ...]) -> None:
        company_id, event_id, _, key, position, kind, occurred_at, data = claimed
        fact = Delivered(event_id, kind, company_id, key, position, occurred_at, msgspec.json.decode(data))
        await steady(self.runtime, session, fact)
        die("between_handler_and_mark")


class DiesWhileMarking(Relay):
    """Dies when the effect and the mark are both written, and not yet committed."""

    async def _hand_over(self, session: AsyncSession, claimed: tuple[Any, ...]) -> None:
        await super()._hand_over(session, claimed)
        die("during_marking")


async def record_one(runtime: Runtime, *, dying: bool = False) -> None:
    """Record one fact, and die before its commit if told."""
    async with runtime.database.transaction() as session:
        await record(session, COMPANY, Counted(number=1, of="counter:1"), at=datetime.now(UTC))
        if dying:
            die("before_commit")


async def live_until(moment: str, runtime: Runtime) -> None:
    """Do what comes before `moment`, and die there."""
    one = SUBSCRIBERS[:1]
    register_subscribers(one)
    await record_one(runtime, dying=moment == "before_commit")
    if moment == "during_a_handler":
        await Relay(runtime, [Subscriber("steady", ("test.counted",), deadly)]).drain()
    elif moment == "between_handler_and_mark":
        await DiesBeforeMark(runtime, one).drain()
    elif moment == "during_marking":
        await DiesWhileMarking(runtime, one).drain()
    elif moment == "after_delivery":
        await Relay(runtime, one).drain()
    die(moment)


@asynccontextmanager
async def opened_runtime(database: Database) -> AsyncIterator[Runtime]:
    """A runtime on `database`, with the tables that subscribers here write to."""
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings({"PASAR_HOME": home, "JWT_SECRET": "a-secret-for-tests-only"})
        runtime = open_runtime(settings, database, SystemClock())
        register_subscribers(SUBSCRIBERS)
        await database.pool.execute(TABLES)
        try:
            yield runtime
        finally:
            await runtime.http.aclose()


async def main(url: str, what: str) -> None:
    """Open the database and do `what`."""
    configure_logs(level="ERROR", style="json", service="test", role="relay")
    database = await Database.open(parse_address(url))
    async with opened_runtime(database) as runtime:
        if what == "relay":
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, runtime.closing.set)
            print("ready", flush=True)
            await Relay(runtime, SUBSCRIBERS, first_wait=timedelta(milliseconds=50)).run()
        else:
            await live_until(what, runtime)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
