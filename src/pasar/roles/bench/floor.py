"""What would the same statements reach without a server? Best of three replays, around the measured run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle, islice
from multiprocessing import get_context
from typing import Final, TypeVar

from pasar.kernel.db.addresses import DatabaseAddress
from pasar.roles.bench.databases import copy_of
from pasar.roles.bench.in_process import Recorded
from pasar.roles.bench.replaying import Replay, replay
from pasar.roles.bench.statements import Group

J = TypeVar("J")
R = TypeVar("R")
WARM_UP_EACH: Final = 8


async def in_own_process(work: Callable[[J], R], job: J) -> R:
    """Do `work` in a fresh process, so that it shares neither interpreter nor memory with us."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return await asyncio.get_running_loop().run_in_executor(pool, work, job)


@dataclass(slots=True)
class Floor:
    """The floor of one row. `best` maps clients to calls a second; empty when a call sends no
    statement. `repeats`: the calls only read, so that their statements may go round."""

    original: DatabaseAddress
    recorded: Recorded
    seconds: float
    most: int
    repeats: bool
    best: dict[int, float] = field(default_factory=dict)

    async def measure(self, clients: Sequence[int], tries: int) -> None:
        """Replay `tries` times for each number of clients, and keep the best of all so far.

        What writes gets a fresh copy each time; what only reads is prepared once on one copy.
        """
        if not any(self.recorded.measured):
            return
        if not self.repeats:
            for number in clients:
                for _ in range(tries):
                    async with copy_of(self.original) as copy:
                        await self._replay(copy, number, prepare=True)
            return
        async with copy_of(self.original) as copy:
            prepare = True
            for number in clients:
                for _ in range(tries):
                    await self._replay(copy, number, prepare=prepare)
                    prepare = False

    def _warm_up(self, clients: int) -> list[Group]:
        """Enough for every connection to have its plans settled: PostgreSQL plans the first five uses of a
        prepared statement anew each, which for a large one takes longer than running it."""
        source = cycle(self.recorded.measured) if self.repeats else iter(self.recorded.warm_up)
        return list(islice(source, clients * WARM_UP_EACH))

    async def _replay(self, copy: DatabaseAddress, clients: int, *, prepare: bool) -> None:
        job = Replay(
            address=copy,
            clients=clients,
            seconds=self.seconds,
            groups=self.recorded.measured,
            prepare=self.recorded.prepare if prepare else (),
            warm_up=self._warm_up(clients),
            cycle=self.repeats,
            most=self.most,
        )
        done = await in_own_process(replay, job)
        self.best[clients] = max(self.best.get(clients, 0.0), done.per_second)
