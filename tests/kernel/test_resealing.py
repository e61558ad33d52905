"""Re-encryption: everything comes under the present key, opens all the while, and nobody's write is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Settings
from pasar.kernel.config.data_keys import RootKey
from pasar.kernel.crypto import SealBroken, context_of, register_sealed_column
from pasar.kernel.crypto.columns import _columns
from pasar.kernel.crypto.rotating import rotate
from pasar.kernel.crypto.sealing import key_of
from pasar.kernel.db.database import Database
from pasar.kernel.ids import new_id
from pasar.kernel.resealing import progress, reseal
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import open_runtime

HOW_MANY = 450  # more than two batches


@pytest.fixture
async def mine(fresh_database: Database, settings: Settings) -> AsyncIterator[Runtime]:
    """A process on a database with one sealed column, `vault.secret`, of a key of two parts, and no other."""
    opened = open_runtime(settings, fresh_database, SystemClock())
    await fresh_database.rows(
        "CREATE TABLE vault (company_id uuid, id uuid, owner text, secret bytea,"
        " PRIMARY KEY (company_id, id))"
    )
    kept = dict(_columns)
    _columns.clear()
    register_sealed_column("vault", ("company_id", "id"), "secret", purpose="test", context=("owner", "id"))
    yield opened
    _columns.clear()
    _columns.update(kept)
    await opened.http.aclose()


async def plant(runtime: Runtime, plain: bytes) -> UUID:
    key = new_id()
    sealed = await runtime.secrets.seal("test", plain, context=context_of("Ana", key))
    await runtime.database.rows("INSERT INTO vault VALUES ($1, $2, 'Ana', $3)", new_id(), key, sealed)
    return key


async def opened(runtime: Runtime, key: UUID) -> bytes:
    sealed = await runtime.database.value("SELECT secret FROM vault WHERE id = $1", key)
    return await runtime.secrets.open("test", sealed, context=context_of("Ana", key))


async def rotate_keys(runtime: Runtime) -> UUID:
    async with runtime.database.transaction() as session:
        return (await rotate(session, runtime.settings.data_keys, runtime.clock.now())).data


async def test_everything_comes_under_the_new_key_and_still_opens(mine: Runtime) -> None:
    planted = {await plant(mine, f"secret {number}".encode()): number for number in range(HOW_MANY)}
    present = await rotate_keys(mine)
    (before,) = await progress(mine.database, present)

    changed = await reseal(mine)

    (after,) = await progress(mine.database, present)
    assert (before.done, before.total, changed) == (0, HOW_MANY, HOW_MANY)
    assert (after.done, after.total) == (HOW_MANY, HOW_MANY)
    keys = {key_of(row[0]) for row in await mine.database.rows("SELECT secret FROM vault")}
    assert keys == {present}
    assert [await opened(mine, key) for key in planted] == [
        f"secret {number}".encode() for number in planted.values()
    ]
    assert await reseal(mine) == 0, "a second run finds nothing to do"


async def test_a_writer_in_between_wins(mine: Runtime) -> None:
    planted = [await plant(mine, b"old") for _ in range(HOW_MANY)]
    await rotate_keys(mine)

    async def overwrite() -> None:
        for key in planted[::-1]:
            sealed = await mine.secrets.seal("test", b"new", context=context_of("Ana", key))
            await mine.database.rows("UPDATE vault SET secret = $2 WHERE id = $1", key, sealed)

    await asyncio.gather(reseal(mine), overwrite())

    assert [await opened(mine, key) for key in planted] == [b"new"] * HOW_MANY


async def test_one_broken_value_stops_nothing_and_is_left_as_it_is(mine: Runtime) -> None:
    good, moved = await plant(mine, b"good"), await plant(mine, b"moved")
    await mine.database.rows("UPDATE vault SET owner = 'Eve' WHERE id = $1", moved)
    former = await mine.database.value("SELECT secret FROM vault WHERE id = $1", moved)
    await rotate_keys(mine)

    assert await reseal(mine) == 1
    assert await opened(mine, good) == b"good"
    assert await mine.database.value("SELECT secret FROM vault WHERE id = $1", moved) == former


async def test_a_straggler_under_the_old_key_still_opens_and_is_found_the_next_night(mine: Runtime) -> None:
    late = await mine.secrets.seal("test", b"late", context=context_of("Ana", key := new_id()))
    await rotate_keys(mine)
    await reseal(mine)
    await mine.database.rows("INSERT INTO vault VALUES ($1, $2, 'Ana', $3)", new_id(), key, late)

    assert await opened(mine, key) == b"late"
    assert await reseal(mine) == 1
    assert await opened(mine, key) == b"late"


async def test_without_the_former_root_key_a_rotation_changes_nothing(mine: Runtime) -> None:
    await plant(mine, b"secret")
    before = await mine.database.rows("SELECT * FROM secret_keys")
    strangers = (RootKey("k9", bytes(range(32))),)
    with pytest.raises(SealBroken, match="root key local"):
        async with mine.database.transaction() as session:
            await rotate(session, strangers, mine.clock.now())

    assert await mine.database.rows("SELECT * FROM secret_keys") == before


@pytest.mark.parametrize("name", ["a; DROP TABLE users", "Users", "users--", "", "a.b"])
def test_names_that_are_none_never_become_sql(name: str) -> None:
    with pytest.raises(ValueError, match="is no name"):
        register_sealed_column(name, ("id",), "secret", purpose="test", context=())
