"""How much work is done in here? Counts statements that reach the database and password hashes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from argon2 import PasswordHasher
from asyncpg import connection as asyncpg_connection
from sqlalchemy import event

from pasar.kernel.db.database import Database

# Of the directory's memory, which is read again each second, whoever calls.
BESIDES = ("FROM sites", "FROM companies")


@dataclass
class Work:
    """What was done: the statements in order, and how many hashes were made or compared."""

    statements: list[str] = field(default_factory=list)
    hashes: int = 0


@contextmanager
def counted_work(monkeypatch: pytest.MonkeyPatch, database: Database) -> Iterator[Work]:
    """Count everything that this process asks of `database`, over either pool, and each argon2 hash."""
    work = Work()

    def note(query: str) -> None:
        if not any(name in query for name in BESIDES):
            work.statements.append(" ".join(query.split()))

    def by_session(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        note(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", by_session)
    with monkeypatch.context() as patched:
        fetch, execute = asyncpg_connection.Connection.fetch, asyncpg_connection.Connection.execute
        hash_, verify = PasswordHasher.hash, PasswordHasher.verify

        async def fetched(self: Any, query: str, *args: Any, **more: Any) -> Any:
            note(query)
            return await fetch(self, query, *args, **more)

        async def executed(self: Any, query: str, *args: Any, **more: Any) -> Any:
            note(query)
            return await execute(self, query, *args, **more)

        def hashed(self: Any, *args: Any, **kwargs: Any) -> Any:
            work.hashes += 1
            return hash_(self, *args, **kwargs)

        def verified(self: Any, *args: Any, **kwargs: Any) -> Any:
            work.hashes += 1
            return verify(self, *args, **kwargs)

        patched.setattr(asyncpg_connection.Connection, "fetch", fetched)
        patched.setattr(asyncpg_connection.Connection, "execute", executed)
        patched.setattr(PasswordHasher, "hash", hashed)
        patched.setattr(PasswordHasher, "verify", verified)
        try:
            yield work
        finally:
            event.remove(database.engine.sync_engine, "before_cursor_execute", by_session)
