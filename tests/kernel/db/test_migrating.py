"""Migrations: once, whoever starts at the same moment; looked at without touching anything."""

from __future__ import annotations

import asyncio
import os
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from pasar.kernel.db.addresses import DatabaseAddress
from pasar.kernel.db.migrating import (
    MigrationState,
    ensure_database,
    migrate,
    migration_state,
    revisions,
    state_after,
)
from support.databases import address_text, copied_database, drop_database, template_address

pytestmark = pytest.mark.migrations


@pytest.fixture
async def nowhere() -> AsyncIterator[DatabaseAddress]:
    """The address of a database that does not exist yet."""
    address = template_address().named(f"pasar_test_{secrets.token_hex(6)}")
    yield address
    await drop_database(address)


async def test_a_missing_database_has_everything_pending(nowhere: DatabaseAddress) -> None:
    assert await migration_state(nowhere) == MigrationState(None, revisions())
    with pytest.raises(asyncpg.InvalidCatalogNameError):  # looking made nothing
        await asyncpg.connect(**nowhere.connect_arguments())


async def test_an_empty_database_has_everything_pending(nowhere: DatabaseAddress) -> None:
    await ensure_database(nowhere)

    assert await migration_state(nowhere) == MigrationState(None, revisions())


async def test_three_start_at_once_and_each_revision_runs_once(nowhere: DatabaseAddress) -> None:
    told: list[str] = []

    states = await asyncio.gather(*(migrate(nowhere, told.append) for _ in range(3)))

    assert sorted(len(state.pending) for state in states) == [0, 0, len(revisions())]
    assert tuple(told) == revisions()
    assert await migration_state(nowhere) == MigrationState(revisions()[-1], ())


async def test_a_schema_other_than_public(nowhere: DatabaseAddress) -> None:
    from dataclasses import replace

    address = replace(nowhere, schema="shop-one")
    await migrate(address)

    connection = await asyncpg.connect(**address.connect_arguments())
    schemas = await connection.fetch(
        "SELECT DISTINCT schemaname FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema)'"
    )
    await connection.close()
    assert [row[0] for row in schemas] == ["shop-one"]
    assert (await migration_state(address)).pending == ()
    assert (await migration_state(nowhere)).pending == revisions(), "public is another place"


def test_a_newer_database_is_tolerated() -> None:
    assert state_after("9999_of_a_newer_pasar") == MigrationState("9999_of_a_newer_pasar", ())


def pasar_migrate(
    tmp_path: Path, address: DatabaseAddress, *options: str
) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "DATABASE_URL": address_text(address), "PASAR_HOME": str(tmp_path)}
    return subprocess.run(
        [sys.executable, "-c", "from pasar.cli import main; main()", "migrate", *options],
        env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip


async def test_the_command(tmp_path: Path, nowhere: DatabaseAddress) -> None:
    before = await asyncio.to_thread(pasar_migrate, tmp_path, nowhere, "--status")
    assert before.returncode == 0, before.stderr
    assert before.stdout.splitlines() == ["At the beginning.", *(f"Pending: {name}" for name in revisions())]
    assert (await asyncio.to_thread(pasar_migrate, tmp_path, nowhere, "--check")).returncode == 1

    done = await asyncio.to_thread(pasar_migrate, tmp_path, nowhere)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        *(f"Ran {name}" for name in revisions()),
        "The database is up to date.",
    ]

    after = await asyncio.to_thread(pasar_migrate, tmp_path, nowhere, "--check")
    assert after.returncode == 0
    assert after.stdout.splitlines() == [f"At {revisions()[-1]}.", "Nothing is pending."]


async def test_the_command_without_a_server(tmp_path: Path) -> None:
    address = DatabaseAddress("127.0.0.1", 1, "nobody", "nothing", tls="disable")

    done = await asyncio.to_thread(pasar_migrate, tmp_path, address)

    assert done.returncode == 1
    assert "The database cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr


async def test_copies_are_up_to_date() -> None:
    async with copied_database() as address:
        assert (await migration_state(address)).pending == ()
