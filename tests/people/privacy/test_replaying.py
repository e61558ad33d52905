"""A restored backup does not bring back whom it should not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Settings, load_settings
from pasar.kernel.db.database import Database
from pasar.kernel.runtime import Runtime
from pasar.people.privacy.replaying import note_erasure, replay_erasures
from pasar.roles.assembling import assemble, observed, open_runtime
from people.privacy.whole_people import confirm, make_whole_person, traces_of
from support.databases import copied_database, drop_database
from support.people import make_person
from support.shops import make_shop


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    """A home of its own: files that outlive the database."""
    return load_settings({"PASAR_HOME": str(tmp_path), "JWT_SECRET": "x" * 20 + "a-secret-for-tests-only"})


@pytest.fixture
async def first(home: Settings) -> AsyncIterator[Runtime]:
    """An installation before the restore."""
    async with copied_database() as address:
        database = await Database.open(address)
        runtime = open_runtime(home, database, SystemClock())
        yield runtime
        await runtime.http.aclose()
        await database.close()


async def backup_of(runtime: Runtime) -> str:
    """A copy of the database as it is now; its name."""
    address = runtime.database.address
    await runtime.database.engine.dispose()
    runtime.database.pool.close()
    admin = await asyncpg.connect(**address.named("postgres").connect_arguments())
    name = f"{address.database}_backup"
    await admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", address.database
    )
    await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{address.database}"')
    await admin.close()
    return name


async def test_whoever_was_erased_after_the_backup_is_erased_again(first: Runtime, home: Settings) -> None:
    transport = httpx.ASGITransport(app=observed(first, assemble(first)))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        person = await make_whole_person(client, first)
    kept = await make_person(first, person.shop)
    backup = await backup_of(first)
    first.database = await Database.open(first.database.address)
    again = open_runtime(home, first.database, SystemClock())
    transport = httpx.ASGITransport(app=observed(again, assemble(again)))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        later = await make_person(again, await make_shop(again))  # came after the backup
        await confirm(again.database, person.user_id)
        answer = await client.post("/api/account/erase", headers=person.headers)
        assert answer.status_code == 200
    for row in await again.database.rows("SELECT id FROM erasures"):
        for _ in range(2):  # the job may run twice
            await note_erasure(again, {"erasure_id": str(row[0])})
    assert later.user_id

    address = first.database.address.named(backup)
    restored = open_runtime(home, await Database.open(address), SystemClock())
    try:
        assert await traces_of(restored.database, person.words) != {}
        now = restored.clock.now()
        assert await replay_erasures(restored, since=now + timedelta(days=1)) == 0
        assert await replay_erasures(restored, since=now - timedelta(days=40)) == 1

        assert await traces_of(restored.database, person.words) == {}
        assert (
            await restored.database.value("SELECT email FROM users WHERE id = $1", kept.user_id) == kept.email
        )
        assert await replay_erasures(restored) == 0, "a second replay finds nothing to do"
        assert await restored.database.value("SELECT count(*) FROM erasures") == 1
    finally:
        await restored.http.aclose()
        await again.http.aclose()
        await restored.database.close()
        await drop_database(address)


async def test_without_any_note_nothing_happens(runtime: Runtime) -> None:
    before = await runtime.database.value("SELECT count(*) FROM erasures")

    assert await replay_erasures(runtime) == 0
    assert await runtime.database.value("SELECT count(*) FROM erasures") == before
