"""A process's hold on the keys: the first key, other processes' keys, missing root keys."""

from __future__ import annotations

import asyncio
import os
import time
from datetime import timedelta
from uuid import UUID

import pytest

from pasar.kernel.acting import Acting, acting_as
from pasar.kernel.clock import FixedClock
from pasar.kernel.config.data_keys import RootKey
from pasar.kernel.crypto import SealBroken, Secrets
from pasar.kernel.crypto.ring import fresh_key, wrap
from pasar.kernel.db.database import Database
from pasar.kernel.ids import new_id

ROOT = RootKey("k1", os.urandom(32))
FORMER = os.urandom(32)
LIFE = 900
ADD = """
INSERT INTO secret_keys (id, purpose, root_id, wrapped, created_at) VALUES ($1, 'signing', 'k1', $2, $3)
"""


def process(database: Database, clock: FixedClock, *roots: RootKey) -> Secrets:
    """Another process: it shares nothing with the first but the database."""
    return Secrets(database, clock, roots or (ROOT,), former_key=FORMER, token_seconds=LIFE)


async def add_signing_key(database: Database, clock: FixedClock) -> str:
    """What a rotation elsewhere does to the table, by SQL of its own."""
    key_id = new_id()
    await database.rows(
        "UPDATE secret_keys SET retired_at = $1 WHERE purpose = 'signing' AND retired_at IS NULL", clock.now()
    )
    await database.rows(
        ADD,
        key_id,
        wrap(ROOT, key_id, "signing", fresh_key()),
        clock.now(),
    )
    return str(key_id)


async def test_processes_that_start_at_once_share_one_first_key(
    fresh_database: Database, clock: FixedClock
) -> None:
    processes = [process(fresh_database, clock) for _ in range(6)]

    sealed = await asyncio.gather(*(one.seal("totp", b"secret") for one in processes))

    assert await fresh_database.value("SELECT count(*) FROM secret_keys") == 1
    for reader in processes:
        assert [await reader.open("totp", value) for value in sealed] == [b"secret"] * 6


async def test_the_first_key_is_the_installation_s_whoever_seals_first(
    fresh_database: Database, clock: FixedClock
) -> None:
    with acting_as(Acting(kind="staff", company_id=new_id(), actor_id=new_id())):
        await process(fresh_database, clock).seal("totp", b"secret")

    noted = "SELECT actor_kind, actor_name, company_id FROM audit_entries WHERE object_type = 'secret_key'"
    (entry,) = await fresh_database.rows(noted)
    assert tuple(entry) == ("job", "secrets.first_key", UUID(int=0)), "of no company"


async def test_the_wrapped_key_is_not_the_key(fresh_database: Database, clock: FixedClock) -> None:
    mine = process(fresh_database, clock)
    await mine.seal("totp", b"secret")

    key = (await mine.reload()).present("data")
    wrapped = await fresh_database.value("SELECT wrapped FROM secret_keys")

    assert key is not None
    assert key.key is not None
    assert key.key not in wrapped
    assert key.key.hex() not in repr(key)


async def test_without_its_root_key_nothing_opens(fresh_database: Database, clock: FixedClock) -> None:
    sealed = await process(fresh_database, clock).seal("totp", b"secret")

    for roots in ((RootKey("k2", ROOT.key),), (RootKey("k1", os.urandom(32)),)):
        with pytest.raises(SealBroken, match="root key k1"):
            await process(fresh_database, clock, *roots).open("totp", sealed)
        with pytest.raises(SealBroken, match="root key k1"):
            await process(fresh_database, clock, *roots).seal("totp", b"other")


async def test_a_key_moved_to_another_purpose_or_id_does_not_open(
    fresh_database: Database, clock: FixedClock
) -> None:
    kid = await add_signing_key(fresh_database, clock)
    await fresh_database.rows("UPDATE secret_keys SET purpose = 'data'")

    ring = await process(fresh_database, clock).reload()

    assert [str(key.id) for key in ring.unreadable] == [kid]


async def test_before_the_first_rotation_the_derived_key_signs(
    fresh_database: Database, clock: FixedClock
) -> None:
    mine = process(fresh_database, clock)

    assert await mine.signing_key() == (None, FORMER)
    assert mine.verifying_key(None) == FORMER


async def test_a_rotation_elsewhere_holds_here_within_a_second(
    fresh_database: Database, clock: FixedClock
) -> None:
    mine = process(fresh_database, clock)
    assert (await mine.signing_key())[0] is None
    kid = await add_signing_key(fresh_database, clock)

    assert mine.verifying_key(kid) is None
    began = time.monotonic()
    learnt = await mine.learn(kid)
    assert learnt is not None
    assert time.monotonic() - began < 1.5

    assert (await mine.signing_key()) == (kid, learnt)
    assert mine.verifying_key(None) == FORMER, "tokens of before the rotation stay good"


async def test_retired_keys_verify_as_long_as_their_tokens_live(
    fresh_database: Database, clock: FixedClock
) -> None:
    mine = process(fresh_database, clock)
    first = await add_signing_key(fresh_database, clock)
    clock.advance(timedelta(seconds=LIFE))
    second = await add_signing_key(fresh_database, clock)
    await mine.reload()
    assert mine.verifying_key(None) is not None
    assert mine.verifying_key(first) is not None

    clock.advance(timedelta(minutes=3))
    assert mine.verifying_key(None) is None, "a stolen JWT_SECRET signs no tokens after the rotation"
    assert mine.verifying_key(first) is not None

    clock.advance(timedelta(seconds=LIFE))
    assert mine.verifying_key(first) is None
    assert mine.verifying_key(second) is not None


async def test_a_flood_of_unknown_ids_reads_once_a_second(
    fresh_database: Database, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = process(fresh_database, clock)
    await mine.reload()
    reads = 0
    read = Database.rows

    async def counted(self: Database, statement: str, *arguments: object) -> object:
        nonlocal reads
        reads += "FROM secret_keys" in statement
        return await read(self, statement, *arguments)

    monkeypatch.setattr(Database, "rows", counted)
    answers = await asyncio.gather(*(mine.learn(str(new_id())) for _ in range(200)))

    assert answers == [None] * 200
    assert reads <= 2


@pytest.mark.parametrize(
    "kid", ["", "../../etc/passwd", "' OR 1=1 --", "{01890000-0000-7000-8000-000000000001}", "x" * 5000]
)
async def test_a_kid_that_is_no_id_of_ours_never_reaches_the_database(
    fresh_database: Database, clock: FixedClock, kid: str
) -> None:
    mine = process(fresh_database, clock)
    await fresh_database.close()  # a look would fail

    assert await mine.learn(kid) is None


async def test_the_key_of_data_verifies_no_token(fresh_database: Database, clock: FixedClock) -> None:
    mine = process(fresh_database, clock)
    await mine.seal("totp", b"secret")
    data_key = (await mine.reload()).present("data")

    assert data_key is not None
    assert await mine.learn(str(data_key.id)) is None
