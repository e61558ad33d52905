"""Commands beside a running Pasar: find its database, or start the embedded one for themselves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Settings
from pasar.kernel.db.addresses import DatabaseAddress, parse_address
from pasar.kernel.db.database import Database
from pasar.kernel.db.embedded import EmbeddedPostgres, HomeLock, HomeTaken, running_facts
from pasar.kernel.db.migrating import migrate
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import open_runtime


class NotReadyYet(Exception):
    """The Pasar that holds the home has not written where its database is."""


@asynccontextmanager
async def database_of(settings: Settings) -> AsyncIterator[DatabaseAddress]:
    """The database of these settings: outside, of the Pasar that runs here, or started for this command.

    Raises `NotReadyYet` while another Pasar is still starting.
    """
    if settings.database is not None:
        yield settings.database
        return
    lock = HomeLock(settings.home)
    try:
        lock.acquire()
    except HomeTaken:
        yield _address_of_running(settings.home)
        return
    server = EmbeddedPostgres(settings.home)
    try:
        yield server.start()
    finally:
        server.stop()
        lock.release()


def _address_of_running(home: Path) -> DatabaseAddress:
    text = running_facts(home).get("database")
    if not text:
        raise NotReadyYet(f"Another Pasar is just starting on {home}. Try again in a few seconds.")
    return parse_address(str(text))


@asynccontextmanager
async def runtime_for_command(settings: Settings) -> AsyncIterator[Runtime]:
    """A runtime with a migrated database, for one command."""
    async with database_of(settings) as address:
        await migrate(address)
        database = await Database.open(address)
        runtime = open_runtime(settings, database, SystemClock())
        try:
            yield runtime
        finally:
            await runtime.http.aclose()
            await runtime.limiter.store.close()
            await database.close()
