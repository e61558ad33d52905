"""The floor: the recorded statements again, over bare asyncpg, without any web server.

Each connection takes the next call's statements and sends them in their order, with the same BEGIN and
COMMIT, prepared once per connection. A process of its own, like the server.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg
import uvloop

from pasar.kernel.db.addresses import DatabaseAddress
from pasar.roles.bench.statements import Group, Statement

# What autovacuum does within a minute of a shop's opening: without statistics PostgreSQL may read all active
# carts to find one. Both sides get them at the same point, after preparing, so that they plan alike.
ANALYZE_PREPARED = "ANALYZE carts, cart_lines"
CONNECTION_SETTINGS = {"application_name": "pasar-bench", "timezone": "UTC", "jit": "off"}


@dataclass(frozen=True, slots=True)
class Replay:
    """What to replay on a copy of the starting database: `prepare` unmeasured, `warm_up`, then `groups`, once
    around, or again and again with `cycle` (for calls that only read), until `seconds` or `most` are over."""

    address: DatabaseAddress
    clients: int
    seconds: float
    groups: Sequence[Group]
    prepare: Sequence[Group] = ()
    warm_up: Sequence[Group] = ()
    cycle: bool = False
    most: int = 2000


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many calls' statements were sent in how many seconds."""

    calls: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Calls a second."""
        return self.calls / self.seconds if self.seconds else 0.0


def replay(job: Replay) -> Replayed:
    """Run one floor. Call it in a process of its own. Raises what PostgreSQL says to a statement."""
    return uvloop.run(_replay(job))


async def _replay(job: Replay) -> Replayed:
    arguments: dict[str, Any] = {**job.address.connect_arguments(), "server_settings": CONNECTION_SETTINGS}
    senders = [Sender(await asyncpg.connect(**arguments)) for _ in range(job.clients)]
    try:
        # One after the other: what prepares a call may need what an earlier call has written.
        await senders[0].work(iter(job.prepare), float("inf"))
        if job.prepare:
            await senders[0].connection.execute(ANALYZE_PREPARED)
        await _together(senders, iter(job.warm_up), float("inf"))
        source = itertools.cycle(job.groups) if job.cycle else iter(job.groups)
        started = time.perf_counter()
        done = await _together(senders, itertools.islice(source, job.most), started + job.seconds)
        return Replayed(done, time.perf_counter() - started)
    finally:
        for sender in senders:
            await sender.connection.close()


async def _together(senders: Sequence[Sender], source: Iterator[Group], deadline: float) -> int:
    return sum(await asyncio.gather(*(sender.work(source, deadline) for sender in senders)))


class Sender:
    """One connection, with what it has prepared."""

    def __init__(self, connection: asyncpg.Connection[asyncpg.Record]) -> None:
        self.connection = connection
        self._prepared: dict[str, Any] = {}

    async def work(self, source: Iterator[Group], deadline: float) -> int:
        """Send group after group until there are none or the time is over; answer how many."""
        done = 0
        for group in source:
            for statement in group:
                await self._send(statement)
            done += 1
            if time.perf_counter() > deadline:
                break
        return done

    async def _send(self, statement: Statement) -> None:
        if not statement.prepared:
            await self.connection.execute(statement.sql)
            return
        prepared = self._prepared.get(statement.sql)
        if prepared is None:
            prepared = self._prepared[statement.sql] = await self.connection.prepare(statement.sql)
        if statement.many:
            await prepared.executemany(statement.arguments)
        else:
            await prepared.fetch(*statement.arguments)
