"""Which statements does the server send for a call? Recorded by the driver, as they leave.

asyncpg's own query loggers miss what SQLAlchemy sends, because that goes through prepared statements. So the
recorder is a connection class of both pools: it notes whatever passes through asyncpg's public methods, BEGIN
and COMMIT among them, and hands it on unchanged. The application runs in this process; each call has a list
of its own in a context variable, so that nothing of one call is taken for another's.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Settings
from pasar.kernel.db.addresses import DatabaseAddress
from pasar.kernel.db.database import Database
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import open_runtime
from pasar.roles.bench.statements import Statement

if TYPE_CHECKING:  # generic in the stubs only
    _Connection = asyncpg.Connection[asyncpg.Record]
else:
    _Connection = asyncpg.Connection

_notes: ContextVar[list[Statement] | None] = ContextVar("bench_notes", default=None)


@contextmanager
def noting() -> Iterator[list[Statement]]:
    """Note the statements that are sent within, into the list that this yields."""
    notes: list[Statement] = []
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)


def _note(sql: str, arguments: Iterable[Any] = (), *, prepared: bool = True, many: bool = False) -> None:
    notes = _notes.get()
    if notes is not None:
        notes.append(Statement(sql, tuple(arguments), prepared, many))


class RecordingConnection(_Connection):
    """A connection that notes what it sends."""

    __slots__ = ()

    async def execute(self, query: str, *args: Any, **more: Any) -> str:
        """Note and send."""
        _note(query, args, prepared=bool(args))
        return await super().execute(query, *args, **more)

    async def executemany(self, command: str, args: Any, **more: Any) -> None:
        """Note and send."""
        rows = [tuple(row) for row in args]
        _note(command, rows, many=True)
        await super().executemany(command, rows, **more)

    async def fetch(self, query: str, *args: Any, **more: Any) -> Any:
        """Note and send."""
        _note(query, args)
        return await super().fetch(query, *args, **more)

    async def fetchrow(self, query: str, *args: Any, **more: Any) -> Any:
        """Note and send."""
        _note(query, args)
        return await super().fetchrow(query, *args, **more)

    async def fetchval(self, query: str, *args: Any, **more: Any) -> Any:
        """Note and send."""
        _note(query, args)
        return await super().fetchval(query, *args, **more)

    async def prepare(self, query: str, **more: Any) -> Any:
        """Prepare, and note each use of what was prepared."""
        return _RecordingStatement(await super().prepare(query, **more))


class _RecordingStatement:
    """A prepared statement that notes its uses; everything else is the real one's."""

    def __init__(self, real: PreparedStatement[asyncpg.Record]) -> None:
        self._real = real

    async def fetch(self, *args: Any, **more: Any) -> Any:
        _note(self._real.get_query(), args)
        return await self._real.fetch(*args, **more)

    async def fetchrow(self, *args: Any, **more: Any) -> Any:
        _note(self._real.get_query(), args)
        return await self._real.fetchrow(*args, **more)

    async def fetchval(self, *args: Any, **more: Any) -> Any:
        _note(self._real.get_query(), args)
        return await self._real.fetchval(*args, **more)

    async def executemany(self, args: Any, **more: Any) -> None:
        rows = [tuple(row) for row in args]
        _note(self._real.get_query(), rows, many=True)
        await self._real.executemany(rows, **more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


@dataclass(frozen=True, slots=True)
class RecordedAddress(DatabaseAddress):
    """An address whose connections are recorded, in whichever pool they stand."""

    def connect_arguments(self) -> dict[str, object]:
        """As ever, with the recording connection class."""
        return {**DatabaseAddress.connect_arguments(self), "connection_class": RecordingConnection}


@asynccontextmanager
async def recorded_runtime(settings: Settings, address: DatabaseAddress) -> AsyncIterator[Runtime]:
    """A runtime whose every statement can be noted."""
    database = await Database.open(RecordedAddress(**asdict(address)))
    runtime = open_runtime(settings, database, SystemClock())
    try:
        yield runtime
    finally:
        await runtime.http.aclose()
        await database.close()
