"""Connections: sessions for the quiet paths, a bare pool for the few hot ones.

The bare pool runs one statement at a time, each its own transaction, without the reset that
asyncpg sends on release (30 µs of CPU a read against 330 by the ORM). Whatever needs two
statements to hold together opens `transaction()`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

import asyncpg
import structlog
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from pasar.kernel.db.addresses import DatabaseAddress

log = structlog.get_logger(__name__)

CONNECT_SECONDS = 1.5
WATCH_SECONDS = 0.5
OLDEST_VERSION = 150000

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
# In a text, and in JSON that becomes jsonb.
MALFORMED_TEXT = (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError)
# What asyncpg says of a wrong call (too few arguments, a number too large): our mistake, no outage.
OUR_MISTAKES = (ValueError, TypeError, asyncpg.UnsupportedClientFeatureError)


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


def is_malformed_text(problem: BaseException) -> bool:
    """Whether PostgreSQL refused a text for the character NUL, which it stores nowhere."""
    if isinstance(problem, DBAPIError) and problem.orig is not None:
        problem = problem.orig.__cause__ or problem.orig
    return isinstance(problem, MALFORMED_TEXT)


def _says_away(problem: BaseException | None) -> bool:
    return isinstance(problem, OUTAGE_ERRORS) and not isinstance(problem, OUR_MISTAKES)


async def _keep(_connection: object) -> None:
    """Nothing to reset: the hot paths leave no session state behind."""


class Database:
    """One PostgreSQL, reached through two pools. Open with `Database.open`, close with `close`."""

    def __init__(self, address: DatabaseAddress) -> None:
        self.address = address
        self.up = True
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
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
        database._pool = await asyncpg.create_pool(
            min_size=1,
            max_size=max(2, address.pool_size // 2),
            connect=cast("Any", database._connect),  # the stub wants every option spelled out
            reset=_keep,
            max_inactive_connection_lifetime=0,
        )
        if watch:
            database._watch = asyncio.create_task(database._watch_over())
        return database

    async def close(self) -> None:
        """Close all connections."""
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
        await self.engine.dispose()
        if self._pool is not None:
            self._pool.terminate()

    @property
    def pool(self) -> asyncpg.Pool[asyncpg.Record]:
        """The bare pool: one statement, one transaction."""
        assert self._pool is not None, "open the database with Database.open"
        return self._pool

    @property
    def pool_in_use(self) -> int:
        """Connections busy right now, both pools together."""
        checked_out: Callable[[], int] = getattr(self.engine.pool, "checkedout", lambda: 0)
        return checked_out() + self.pool.get_size() - self.pool.get_idle_size()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session in one transaction: committed at the end, rolled back on any error."""
        async with self.sessions() as session, session.begin():
            yield session

    async def rows(self, statement: str, *arguments: object) -> list[asyncpg.Record]:
        """Run one statement on the bare pool and answer its rows."""
        return await self.pool.fetch(statement, *arguments)

    async def row(self, statement: str, *arguments: object) -> asyncpg.Record | None:
        """Run one statement on the bare pool and answer its first row."""
        return await self.pool.fetchrow(statement, *arguments)

    async def value(self, statement: str, *arguments: object) -> Any:
        """Run one statement on the bare pool and answer the first column of its first row."""
        return await self.pool.fetchval(statement, *arguments)

    async def _connect(self, *_dsn: None, **by_pool: Any) -> asyncpg.Connection[asyncpg.Record]:
        """A new connection for either pool (asyncpg's passes its own classes); none while it is away,
        so that calls queueing for a connection fail together rather than one timeout after another."""
        if not self.up:
            raise DatabaseAway("The database does not answer.")
        connection: asyncpg.Connection[asyncpg.Record]
        arguments = {**by_pool, **self.address.connect_arguments(), "timeout": CONNECT_SECONDS}
        connection = await asyncpg.connect(**arguments)
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


async def fetch(session: AsyncSession, statement: str, arguments: Sequence[object] = ()) -> list[Any]:
    """Run plain SQL (`$1` parameters) inside the session's transaction and answer its rows.

    Never use `driver_connection` for this: a statement sent to it before SQLAlchemy's first one
    commits by itself and survives a rollback.
    """
    result = await (await session.connection()).exec_driver_sql(statement, tuple(arguments))
    return list(result) if result.returns_rows else []
