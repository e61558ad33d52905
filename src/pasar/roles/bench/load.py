"""The load generator: real connections kept alive, each sending its next call when the last is answered.

It runs in a process of its own and does little per call (one write, one search for the end of the head, one
comparison), since on a small machine every microsecond it takes is one that the server lacks. It reports
its own processor time for that reason.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import uvloop

from pasar.roles.bench.calls import Call

GRACE_SECONDS = 30.0
TURNS = 4
Work = tuple[bytes, Call]


@dataclass(frozen=True, slots=True)
class Drive:
    """What to send: the `warm_up` unmeasured, then `calls` until `seconds` are over or all are sent.

    `beside` are calls that `beside_clients` further connections repeat meanwhile. Then the measured calls go
    round until `seconds` are over, half of them with company and half without, in turns of the same run: what
    else the machine does hits both alike. `server_pid` is the process whose CPU time is read before and
    after, if it is on this machine.
    """

    host: str
    port: int
    clients: int
    seconds: float
    calls: Sequence[Call]
    warm_up: Sequence[Call] = ()
    beside: Sequence[Call] = ()
    beside_clients: int = 0
    server_pid: int | None = None


@dataclass(slots=True)
class Driven:
    """What came back. `latencies` in milliseconds, rising; `made` counts rows by table, warm-up included.

    `alone` is the same without company, and `beside` the company itself, where a row has one.
    """

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    errors: int = 0
    first_error: str = ""
    own_cpu_seconds: float = 0.0
    server_cpu_seconds: float = 0.0
    made: Counter[str] = field(default_factory=Counter)
    alone: Driven | None = None
    beside: Driven | None = None


class Connection(asyncio.Protocol):
    """One client. Takes work from `source` until it is empty; `idle` is told then."""

    def __init__(self, source: Iterator[Work], driven: Driven, idle: Callable[[], None]) -> None:
        self.source = source
        self.driven = driven
        self.idle = idle
        self.transport: asyncio.Transport | None = None
        self.deadline = float("inf")
        self._call: Call | None = None
        self._sent = 0.0
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ready, but silent until `begin`."""
        self.transport = cast(asyncio.Transport, transport)  # uvloop's own, of the same methods

    def begin(self, source: Iterator[Work], deadline: float, driven: Driven) -> None:
        """Start on a phase's work."""
        self.source, self.deadline, self.driven = source, deadline, driven
        self._next()

    def data_received(self, data: bytes) -> None:
        """Gather an answer; when it is whole, judge it and send the next call."""
        buffer = self._buffer + data if self._buffer else data
        end = buffer.find(b"\r\n\r\n")
        length = _content_length(buffer, end) if end >= 0 else 0
        if end < 0 or len(buffer) < end + 4 + length:
            self._buffer = buffer
            return
        now = time.perf_counter()
        self._buffer = b""
        self._judge(int(buffer[9:12]), buffer[end + 4 :], now)
        self._next(now)

    def connection_lost(self, exc: Exception | None) -> None:
        """A connection that the server closes under a call is an error."""
        if self._call is not None:
            self._fail(f"connection lost: {exc}")
            self._call = None
            self.idle()

    def _judge(self, status: int, body: bytes, now: float) -> None:
        call, self._call = self._call, None
        assert call is not None
        if call.is_right(status, body):
            self.driven.latencies.append((now - self._sent) * 1000)
            self.driven.made.update(call.makes)
        else:
            self._fail(f"{call.method} {call.path} answered {status}: {body[:300]!r}")

    def _fail(self, problem: str) -> None:
        self.driven.errors += 1
        self.driven.first_error = self.driven.first_error or problem

    def _next(self, now: float = 0.0) -> None:
        work = next(self.source, None) if now < self.deadline else None
        assert self.transport is not None
        if work is None:
            self.idle()
            return
        wire, self._call = work
        self._sent = time.perf_counter()
        self.transport.write(wire)


def _content_length(buffer: bytes, end: int) -> int:
    head = buffer[:end].lower()
    start = head.find(b"\r\ncontent-length:")
    if start < 0:
        raise ValueError("an answer without content-length cannot be measured")
    stop = head.find(b"\r\n", start + 2)
    return int(head[start + 17 : stop if stop >= 0 else end])


def drive(job: Drive) -> Driven:
    """Run one measurement. Call it in a process of its own."""
    return uvloop.run(_drive(job))


async def _drive(job: Drive) -> Driven:
    crowd = await _Crowd.connect(job, job.clients)
    company = await _Crowd.connect(job, job.beside_clients)
    warm, measured = Driven(), Driven()
    await crowd.run(iter(_works(job, job.warm_up)), warm, GRACE_SECONDS)
    works = _works(job, job.calls)
    if job.beside:
        measured.alone, measured.beside = Driven(), Driven()
        await _in_turns(job, crowd, company, works, measured)
    else:
        with _timed(job, measured):
            await crowd.run(iter(works), measured, job.seconds)
    crowd.close()
    company.close()
    for one in (measured, measured.alone, measured.beside):
        if one is not None:
            one.latencies.sort()
    measured.errors += warm.errors
    measured.first_error = measured.first_error or warm.first_error
    measured.made.update(warm.made)
    return measured


async def _in_turns(
    job: Drive, crowd: _Crowd, company: _Crowd, works: Sequence[Work], measured: Driven
) -> None:
    """Without company, then with it, and so on."""
    assert measured.alone is not None
    assert measured.beside is not None
    source, beside = itertools.cycle(works), itertools.cycle(_works(job, job.beside))
    each = job.seconds / (2 * TURNS)
    for _ in range(TURNS):
        with _timed(job, measured.alone):
            await crowd.run(source, measured.alone, each)
        with _timed(job, measured), _timed(job, measured.beside):
            besides = asyncio.create_task(company.run(beside, measured.beside, each))
            await crowd.run(source, measured, each)
            company.stop()
            await besides


@contextmanager
def _timed(job: Drive, driven: Driven) -> Iterator[None]:
    """Add to `driven` the seconds that pass, and the processor time of both sides."""
    server_before, own_before, started = _cpu_of(job.server_pid), time.process_time(), time.perf_counter()
    yield
    driven.seconds += time.perf_counter() - started
    driven.own_cpu_seconds += time.process_time() - own_before
    driven.server_cpu_seconds += _cpu_of(job.server_pid) - server_before


def _works(job: Drive, calls: Sequence[Call]) -> list[Work]:
    host = f"{job.host}:{job.port}"
    return [(call.wire(host), call) for call in calls]


class _Crowd:
    """Connections that work through one source together."""

    def __init__(self) -> None:
        self.connections: list[Connection] = []
        self._busy = 0
        self._done = asyncio.Event()

    @classmethod
    async def connect(cls, job: Drive, clients: int) -> _Crowd:
        crowd = cls()
        loop = asyncio.get_running_loop()
        for _ in range(clients):
            _, connection = await loop.create_connection(
                lambda: Connection(iter(()), Driven(), crowd._idle), job.host, job.port
            )
            crowd.connections.append(connection)
        return crowd

    async def run(self, source: Iterator[Work], driven: Driven, seconds: float) -> None:
        """Work until the source is empty or the time is over, and every answer is in."""
        self._busy = len(self.connections)
        self._done = asyncio.Event()
        deadline = time.perf_counter() + seconds
        for connection in self.connections:
            connection.begin(source, deadline, driven)
        if self._busy:
            await asyncio.wait_for(self._done.wait(), seconds + GRACE_SECONDS)

    def stop(self) -> None:
        """Send nothing more."""
        for connection in self.connections:
            connection.deadline = 0.0

    def close(self) -> None:
        for connection in self.connections:
            if connection.transport is not None:
                connection.transport.close()

    def _idle(self) -> None:
        self._busy -= 1
        if self._busy == 0:
            self._done.set()


def _cpu_of(pid: int | None) -> float:
    """CPU seconds of all threads of a process, from Linux's scheduler; 0 where it cannot be told."""
    if pid is None:
        return 0.0
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0
