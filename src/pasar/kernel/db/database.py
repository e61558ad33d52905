"""Connections: sessions for the quiet paths, a bare pool for the few hot ones.

The bare pool runs one statement at a time, each its own transaction, without the reset that
asyncpg sends on release (30 µs of CPU a read against 330 by the ORM). Whatever needs two
statements to hold together opens `transaction()`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import msgspec
import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from pasar.kernel.acting import TELL, acting_now
from pasar.kernel.db.addresses import DatabaseAddress
from pasar.kernel.db.light_pool import LightPool, first_row, first_value

log = structlog.get_logger(__name__)

CONNECT_SECONDS = 1.5
WATCH_SECONDS = 0.5
OLDEST_VERSION = 150000

# Every statement leads with the company, so that one plan serves all: planning anew costs up to 4 ms a time.
# Nobody waits for a lock for long, and nobody holds one while idle: a circle that PostgreSQL cannot see ends.
LOCK_SECONDS = 5
SESSION_SETTINGS = {
    "plan_cache_mode": "force_generic_plan",
    "lock_timeout": f"{LOCK_SECONDS}s",
    "idle_in_transaction_session_timeout": "60s",
}

OUTAGE_ERRORS = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    ConnectionError,
    TimeoutError,
    OSError,
)
# What a server says, or does not say, that cannot be talked to at all: being full is not among it.
ABSENCES = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InterfaceError,
    OSError,
    TimeoutError,
)
CONTENTION = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError, asyncpg.LockNotAvailableError)
# In a text, and in JSON that becomes jsonb.
MALFORMED_TEXT = (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError)
# What asyncpg says of a wrong call (too few arguments, a number too large): our mistake, no outage.
OUR_MISTAKES = (ValueError, TypeError, asyncpg.UnsupportedClientFeatureError)


class NamedRecord(asyncpg.Record):
    """A row whose columns also answer to their names, as SQLAlchemy's rows do."""

    def __getattr__(self, name: str) -> Any:
        """The column `name`."""
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class DatabaseAway(ConnectionError):
    """The database does not answer; said at once, without trying."""


class DatabaseTooOld(Exception):
    """The server is older than PostgreSQL 15."""


def is_outage(problem: BaseException) -> bool:
    """Whether `problem` means that the database is away, rather than that it said no."""
    if isinstance(problem, PoolTimeoutError):
        return True
    if isinstance(problem, DBAPIError):
        cause = problem.orig.__cause__ if problem.orig is not None else None
        return problem.connection_invalidated or _says_away(problem.orig) or _says_away(cause)
    return _says_away(problem)


def is_lock_timeout(problem: BaseException) -> bool:
    """Whether somebody else held a row for longer than `LOCK_SECONDS`."""
    return isinstance(_as_the_driver_says(problem), asyncpg.LockNotAvailableError)


def is_contention(problem: BaseException) -> bool:
    """Whether others were in the way: a deadlock, a lock held too long. It may go through next time."""
    return isinstance(_as_the_driver_says(problem), CONTENTION)


def is_malformed_text(problem: BaseException) -> bool:
    """Whether PostgreSQL refused a text for the character NUL, which it stores nowhere."""
    return isinstance(_as_the_driver_says(problem), MALFORMED_TEXT)


def _as_the_driver_says(problem: BaseException) -> BaseException:
    if isinstance(problem, DBAPIError) and problem.orig is not None:
        return problem.orig.__cause__ or problem.orig
    return problem


def _says_away(problem: BaseException | None) -> bool:
    return isinstance(problem, OUTAGE_ERRORS) and not isinstance(problem, OUR_MISTAKES)


class Database:
    """One PostgreSQL, reached through two pools. Open with `Database.open`, close with `close`."""

    def __init__(self, address: DatabaseAddress) -> None:
        self.address = address
        self.up = True
        self.pool = LightPool(self._connect, max(2, address.pool_size // 2), address.pool_timeout)
        self._watch: asyncio.Task[None] | None = None
        self._live: set[asyncpg.Connection[asyncpg.Record]] = set()
        self.engine: AsyncEngine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self._connect,
            pool_size=max(2, address.pool_size - address.pool_size // 2),
            max_overflow=5,
            pool_timeout=min(address.pool_timeout, 30.0),
            pool_recycle=1800,
            hide_parameters=True,  # else every error carries what was written: addresses, hashes
        )
        self.sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    @classmethod
    async def open(cls, address: DatabaseAddress, *, watch: bool = False) -> Database:
        """Connect. With `watch`, an outage is noticed within a second and calls fail fast until it ends.

        Raises `DatabaseTooOld`, or whatever asyncpg says when it cannot connect.
        """
        database = cls(address)
        probe = await asyncpg.connect(**address.connect_arguments(), timeout=10)
        try:
            number = int(await probe.fetchval("SHOW server_version_num"))
        finally:
            await probe.close()
        if number < OLDEST_VERSION:
            raise DatabaseTooOld(f"PostgreSQL {number // 10000} is too old: Pasar needs version 15 or newer.")
        if watch:
            database._watch = asyncio.create_task(database._watch_over())
        return database

    async def close(self) -> None:
        """Close all connections."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        await self.engine.dispose()
        self.pool.close()

    @property
    def pool_in_use(self) -> int:
        """Connections busy right now, both pools together."""
        checked_out: Callable[[], int] = getattr(self.engine.pool, "checkedout", lambda: 0)
        return checked_out() + self.pool.in_use

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session in one transaction: committed at the end, rolled back on any error.

        The database is told on whose behalf it acts, when somebody is (`kernel.acting`).
        """
        async with self.sessions() as session, session.begin():
            acting = acting_now()
            if acting is not None:
                await fetch(session, TELL, (msgspec.json.encode(acting).decode(),))
            yield session

    async def rows(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        """Run one statement on the bare pool and answer its rows."""
        return await self.pool.fetch(statement, *arguments)

    async def row(self, statement: str, *arguments: object) -> asyncpg.Record | None:
        """Run one statement on the bare pool and answer its first row."""
        return first_row(await self.pool.fetch(statement, *arguments))

    async def value(self, statement: str, *arguments: object) -> Any:
        """Run one statement on the bare pool and answer the first column of its first row."""
        return first_value(await self.pool.fetch(statement, *arguments))

    async def _connect(self) -> asyncpg.Connection[asyncpg.Record]:
        """A new connection for either pool; none while the database is away, so that calls queueing
        for a connection fail together rather than one timeout after another."""
        if not self.up:
            raise DatabaseAway("The database does not answer.")
        connection: asyncpg.Connection[asyncpg.Record]
        arguments = self.address.connect_arguments()
        arguments["server_settings"] = {**arguments["server_settings"], **SESSION_SETTINGS}
        connection = await asyncpg.connect(**arguments, record_class=NamedRecord, timeout=CONNECT_SECONDS)
        self._live.add(connection)
        connection.add_termination_listener(self._forget)
        return connection

    def _forget(self, connection: Any) -> None:
        self._live.discard(connection)

    async def _watch_over(self) -> None:
        """Ask every half second. A server that does not answer is down: its connections are cut,
        so that what waits on them fails now rather than when the network gives up."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            reason = await self._absence()
            if reason is None:
                if not self.up:
                    log.info("database.up")
                self.up = True
                continue
            if self.up:
                log.error("database.down", reason=reason)
            self.up = False
            for connection in list(self._live):
                connection.terminate()
            await self.engine.dispose(close=False)  # else each cut connection fails one more call

    async def _absence(self) -> str | None:
        """Why the server does not answer. None when it does, were it to say that it is full."""
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                connection = await asyncpg.connect(**self.address.connect_arguments())
                await connection.close()
        except ABSENCES as problem:
            return type(problem).__name__
        except asyncpg.PostgresError:
            return None
        return None


_DRIVER = "pasar.driver"


async def fetch(session: AsyncSession, statement: str, arguments: Sequence[object] = ()) -> list[Any]:
    """Run plain SQL (`$1` parameters) inside the session's transaction and answer its rows.

    The first statement of a transaction goes through SQLAlchemy, which begins lazily: sent to the driver
    it would commit by itself and survive a rollback. Those after it go to the driver, 60 µs cheaper each.
    Each asks the session for its connection, which opens a savepoint that was begun meanwhile.
    """
    connection = await session.connection()
    driver = session.info.get(_DRIVER)
    if driver is not None:
        rows: list[Any] = await driver.fetch(statement, *arguments)
        return rows
    result = await connection.exec_driver_sql(statement, tuple(arguments))
    found = list(result) if result.returns_rows else []
    session.info[_DRIVER] = (await connection.get_raw_connection()).driver_connection
    return found
