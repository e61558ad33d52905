"""The bench's own PostgreSQL: one starting database, and copies of it that begin alike."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import asyncpg

from pasar.kernel.db.addresses import DatabaseAddress
from pasar.kernel.db.embedded import EmbeddedPostgres

EMPTY: Final = "bench_empty"
FULL: Final = "bench_full"
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class BenchHome:
    """A folder of the bench's own, gone at the end, and the PostgreSQL in it."""

    folder: Path
    address: DatabaseAddress

    @property
    def empty(self) -> DatabaseAddress:
        """The shop without goods, which imports start from."""
        return self.address.named(EMPTY)

    @property
    def full(self) -> DatabaseAddress:
        """The starting database of all other rows. Nobody connects to it while it is copied."""
        return self.address.named(FULL)


@contextmanager
def bench_home() -> Iterator[BenchHome]:
    """Start a PostgreSQL in a temporary folder; stop it and remove everything at the end."""
    folder = Path(tempfile.mkdtemp(prefix="pasar-bench-"))
    folder.chmod(0o755)  # as root, PostgreSQL runs as another user and must get in
    server = EmbeddedPostgres(folder)
    try:
        yield BenchHome(folder, server.start())
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
        if not server.places.data.is_relative_to(folder):
            shutil.rmtree(server.places.data.parent, ignore_errors=True)


@asynccontextmanager
async def copy_of(original: DatabaseAddress) -> AsyncIterator[DatabaseAddress]:
    """A copy by CREATE DATABASE … TEMPLATE, dropped at the end. Checkpointed, so that no run pays for it."""
    copy = replace(original, database=f"bench_copy_{next(_numbers)}")
    async with admin_of(original) as admin:
        # Copying files is several times faster than logging every page, for a database of this size.
        await admin.execute(
            f'CREATE DATABASE "{copy.database}" TEMPLATE "{original.database}" STRATEGY FILE_COPY'
        )
        await admin.execute("CHECKPOINT")
    try:
        yield copy
    finally:
        async with admin_of(original) as admin:
            await admin.execute(f'DROP DATABASE "{copy.database}" WITH (FORCE)')


@asynccontextmanager
async def admin_of(address: DatabaseAddress) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """A connection to the server's maintenance database."""
    async with connected(address.named("postgres")) as connection:
        yield connection


@asynccontextmanager
async def connected(address: DatabaseAddress) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """A plain connection."""
    arguments: dict[str, Any] = dict(address.connect_arguments())
    connection = await asyncpg.connect(**arguments)
    try:
        yield connection
    finally:
        await connection.close()


def address_text(address: DatabaseAddress) -> str:
    """The address as DATABASE_URL writes it."""
    password = f":{quote(address.password, safe='')}" if address.password else ""
    return (
        f"postgresql://{quote(address.user)}{password}@localhost:{address.port}/{address.database}"
        f"?host={quote(address.host, safe='')}&sslmode={address.tls}"
    )
