"""Processes: everything in one (`up`), the web alone (`serve`), jobs and events alone (`worker`)."""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from urllib.parse import quote

import structlog
import uvicorn

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Settings
from pasar.kernel.db.addresses import DatabaseAddress
from pasar.kernel.db.database import Database
from pasar.kernel.db.embedded import EmbeddedPostgres, HomeLock
from pasar.kernel.db.migrating import MigrationState, migrate, migration_state
from pasar.kernel.events.relay import Relay
from pasar.kernel.jobs import Worker
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import assemble, observed, open_runtime
from pasar.roles.privacy_command import replay_at_start
from pasar.roles.registry import JOBS, SCHEDULES, SUBSCRIBERS

log = structlog.get_logger(__name__)

GRACE_SECONDS = 3
STOP_SECONDS = 8.0
# A request makes some thousand objects and hardly a cycle: Python's own 700 would look several times.
COLLECT_AFTER = (20_000, 20, 50)
BACKLOG = 2048


class PortTaken(Exception):
    """Something else listens on the port."""


class MigrationsPending(Exception):
    """The database is older than this Pasar."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a process is to do besides holding a runtime."""

    web: bool
    work: bool


async def run_up(
    settings: Settings, ready: Callable[[Runtime], None], prepare: Callable[[Runtime], object]
) -> None:
    """Run everything in this process on PASAR_HOME, until a signal.

    `prepare` may be a coroutine function (the demo's seeding); `ready` is told when it serves.
    Raises `HomeTaken`, `PortTaken`, `EmbeddedPostgresError`.
    """
    _cancel_on_signals()
    lock = HomeLock(settings.home)
    lock.acquire()
    server: EmbeddedPostgres | None = None
    try:
        listening = listen(settings)
        settings = replace(settings, port=listening.getsockname()[1])  # PORT=0 takes any
        address = settings.database
        if address is None:
            server = EmbeddedPostgres(settings.home)
            address = server.start()
        await migrate(address)
        async with opened(settings, address) as runtime:
            # The embedded server's address only: another has a password, and is in everybody's settings.
            where = {} if server is None else {"database": _address_text(address)}
            lock.tell(port=settings.port, host=settings.host, **where)
            outcome = prepare(runtime)
            if asyncio.iscoroutine(outcome):
                await outcome
            await run_parts(runtime, Part(web=True, work=True), listening, ready)
    finally:
        if server is not None:
            server.stop()
        lock.release()


async def run_role(
    settings: Settings, address: DatabaseAddress, part: Part, ready: Callable[[Runtime], None]
) -> None:
    """Run one role against a database that is migrated already. Raises `MigrationsPending`, `PortTaken`."""
    state: MigrationState = await migration_state(address)
    if state.pending:
        raise MigrationsPending(", ".join(state.pending))
    listening = listen(settings) if part.web else None
    async with opened(settings, address) as runtime:
        await run_parts(runtime, part, listening, ready)


@asynccontextmanager
async def opened(settings: Settings, address: DatabaseAddress) -> AsyncIterator[Runtime]:
    """A runtime that notices outages, closed at the end."""
    database = await Database.open(address, watch=True)
    runtime = open_runtime(settings, database, SystemClock())
    try:
        yield runtime
    finally:
        runtime.closing.set()
        await runtime.http.aclose()
        await runtime.limiter.store.close()
        await database.close()


async def run_parts(
    runtime: Runtime, part: Part, listening: socket.socket | None, ready: Callable[[Runtime], None]
) -> None:
    """Serve and work until a signal, or until a part dies."""
    _stop_on_signals(runtime)
    tasks: list[asyncio.Task[None]] = []
    if part.work:
        await replay_at_start(runtime)
        tasks.append(asyncio.create_task(Worker(runtime, JOBS, SCHEDULES).run()))
        tasks.append(asyncio.create_task(Relay(runtime, SUBSCRIBERS).run()))
    if listening is not None:
        tasks.append(asyncio.create_task(runtime.authenticator.follow(runtime.closing)))
        tasks.append(asyncio.create_task(_serve(runtime, listening, lambda: ready(runtime))))
    else:
        ready(runtime)
    stopping = asyncio.create_task(runtime.closing.wait())
    await asyncio.wait({stopping, *tasks}, return_when=asyncio.FIRST_COMPLETED)
    runtime.closing.set()
    on_time, late = await asyncio.wait(tasks, timeout=STOP_SECONDS)
    for task in late:
        task.cancel()
    await asyncio.gather(stopping, *late, return_exceptions=True)
    for task in on_time:
        task.result()  # a part that died says why


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: the process stops by `closing`."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _serve(runtime: Runtime, listening: socket.socket, ready: Callable[[], None]) -> None:
    app = observed(runtime, assemble(runtime))
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        backlog=BACKLOG,
    )
    server = _Server(config)

    async def stop_when_told() -> None:
        await runtime.closing.wait()
        server.should_exit = True

    async def say_when_ready() -> None:
        while not server.started:  # noqa: ASYNC110  uvicorn has no event to wait for
            await asyncio.sleep(0.01)
        gc.collect()
        gc.freeze()  # what start-up made stays: the collector need not look at it again
        gc.set_threshold(*COLLECT_AFTER)
        ready()

    helpers = [asyncio.create_task(stop_when_told()), asyncio.create_task(say_when_ready())]
    try:
        await server.serve(sockets=[listening])
    finally:
        for helper in helpers:
            helper.cancel()


def listen(settings: Settings) -> socket.socket:
    """Bind HOST and PORT before anything else starts. Raises `PortTaken`."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError as problem:
        listening.close()
        raise PortTaken(
            f"Port {settings.port} on {settings.host} cannot be used: {problem.strerror}. "
            f"Stop what listens there, or choose another: PORT={settings.port + 1} script/server"
        ) from problem
    listening.listen(BACKLOG)
    listening.setblocking(False)
    return listening


def _cancel_on_signals() -> None:
    """Until it serves, a signal ends the start itself, and what was started is stopped on the way out."""
    loop, starting = asyncio.get_running_loop(), asyncio.current_task()
    assert starting is not None, "called from a coroutine"
    for stop_signal in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(stop_signal, starting.cancel)


def _stop_on_signals(runtime: Runtime) -> None:
    loop = asyncio.get_running_loop()
    for stop_signal in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(stop_signal, runtime.closing.set)


def _address_text(address: DatabaseAddress) -> str:
    password = f":{quote(address.password, safe='')}" if address.password else ""
    host = f"?host={quote(address.host, safe='')}&sslmode={address.tls}"
    return f"postgresql://{quote(address.user)}{password}@localhost:{address.port}/{address.database}{host}"
