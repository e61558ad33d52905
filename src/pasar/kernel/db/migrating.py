"""Migrations: which there are, which are pending, and running them once however many start at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

import pasar
from pasar.kernel.db.addresses import DatabaseAddress

CURRENT = "SELECT version_num FROM alembic_version"
MIGRATION_LOCK = 7_283_461  # any number that nobody else uses for an advisory lock


@dataclass(frozen=True, slots=True)
class MigrationState:
    """Where a database stands: the revision it has, and those still to run, oldest first."""

    current: str | None
    pending: tuple[str, ...]


def migrations_folder() -> Path:
    """The folder of migrations: beside the package when installed, at the root of a checkout else."""
    inside = Path(pasar.__file__).parent / "_migrations"
    return inside if inside.is_dir() else Path(pasar.__file__).parents[2] / "migrations"


def alembic_config() -> Config:
    """Alembic's configuration, without a file."""
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    return config


async def ensure_database(address: DatabaseAddress) -> None:
    """Make the database (and schema) named in `address` when the server has none of that name."""
    try:
        connection = await asyncpg.connect(**address.connect_arguments(), timeout=10)
    except asyncpg.InvalidCatalogNameError:
        await _make_database(address)
        connection = await asyncpg.connect(**address.connect_arguments(), timeout=10)
    try:
        if address.schema and address.schema != "public":
            await connection.execute(f"CREATE SCHEMA IF NOT EXISTS {_quoted(address.schema)}")
    except asyncpg.UniqueViolationError:
        pass  # IF NOT EXISTS looks before it leaps: another starter made it in between
    finally:
        await connection.close()


async def _make_database(address: DatabaseAddress) -> None:
    admin = await asyncpg.connect(**address.named("postgres").connect_arguments(), timeout=10)
    try:
        await admin.execute("SELECT pg_advisory_lock($1)", MIGRATION_LOCK)  # else two would race for it
        found = await admin.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", address.database)
        if not found:
            await admin.execute(f"CREATE DATABASE {_quoted(address.database)}")
    finally:
        await admin.close()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


async def migration_state(address: DatabaseAddress) -> MigrationState:
    """Compare the database with the folder; a missing database has everything pending.

    Raises what asyncpg says when it cannot connect.
    """
    try:
        connection = await asyncpg.connect(**address.connect_arguments(), timeout=10)
    except asyncpg.InvalidCatalogNameError:
        return state_after(None)
    try:
        return state_after(await connection.fetchval(CURRENT))
    except asyncpg.UndefinedTableError:
        return state_after(None)
    finally:
        await connection.close()


async def migrate(address: DatabaseAddress, told: Callable[[str], None] = lambda _: None) -> MigrationState:
    """Run what is pending, in one transaction, under a lock, and answer what was pending.

    `told` hears the name of each revision before it runs.
    """
    await ensure_database(address)

    def run(connection: Connection) -> MigrationState:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
        before = _state(connection)
        if before.pending:
            config = alembic_config()
            config.attributes["connection"] = connection
            config.attributes["told"] = told
            command.upgrade(config, "head")
        return before

    return await _with_connection(address, run)


def _state(connection: Connection) -> MigrationState:
    return state_after(MigrationContext.configure(connection).get_current_revision())


def state_after(current: str | None) -> MigrationState:
    """What is pending in a database that stands at `current`.

    Nothing for a revision unknown here: it was made by a newer Pasar, whose migrations an older
    one tolerates while they are being rolled out.
    """
    every = revisions()
    if current is not None and current not in every:
        return MigrationState(current, ())
    done = every.index(current) + 1 if current is not None else 0
    return MigrationState(current, every[done:])


@cache
def revisions() -> tuple[str, ...]:
    """Every revision in the folder, oldest first."""
    script = ScriptDirectory.from_config(alembic_config())
    return tuple(revision.revision for revision in script.walk_revisions())[::-1]


async def _with_connection(
    address: DatabaseAddress, work: Callable[[Connection], MigrationState]
) -> MigrationState:
    engine: AsyncEngine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: asyncpg.connect(**address.connect_arguments(), timeout=10),
    )
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()
        await asyncio.sleep(0)


def run_sql(connection: Connection, sql: str) -> None:
    """Run several statements at once within the migration's transaction, as Alembic alone cannot."""
    connection.execute(text("SELECT 1"))  # SQLAlchemy begins lazily; this makes the transaction ours
    raw = connection.connection.dbapi_connection
    assert raw is not None
    raw.run_async(lambda driver: driver.execute(sql))
