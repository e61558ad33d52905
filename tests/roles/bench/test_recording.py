"""The recorder sees what leaves through either pool, and the replay does it again."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select, text

from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database, fetch
from pasar.kernel.ids import new_id
from pasar.people.companies.models import Company
from pasar.roles.bench.recording import noting, recorded_runtime
from pasar.roles.bench.replaying import Replay
from pasar.roles.bench.replaying import _replay as replay_here
from pasar.roles.bench.statements import Statement
from support.databases import copied_database


async def test_the_bare_pool_is_seen(settings: Settings, fresh_database: Database) -> None:
    async with recorded_runtime(settings, fresh_database.address) as runtime:
        await runtime.database.value("SELECT $1::int", 1)
        with noting() as notes:
            assert await runtime.database.value("SELECT $1::int", 5) == 5
            assert await runtime.database.row("SELECT 6") is not None
            assert len(await runtime.database.rows("SELECT 7")) == 1
        await runtime.database.value("SELECT 8")
    assert notes == [Statement("SELECT $1::int", (5,)), Statement("SELECT 6"), Statement("SELECT 7")]


async def test_a_transaction_is_seen_from_begin_to_commit(
    settings: Settings, fresh_database: Database
) -> None:
    company = Company(id=new_id(), handle="recorded", name="Recorded")
    async with recorded_runtime(settings, fresh_database.address) as runtime:
        async with runtime.database.transaction() as session:
            await session.execute(select(1))
        with noting() as notes:
            async with runtime.database.transaction() as session:
                assert await fetch(session, "SELECT $1::int", (3,)) == [(3,)]
                await session.execute(text("SET LOCAL lock_timeout = '5s'"))
                session.add(company)
    assert [(note.sql.split()[0], note.prepared) for note in notes] == [
        ("BEGIN;", False),
        ("SELECT", True),
        ("SET", True),
        ("INSERT", True),
        ("COMMIT;", False),
    ]
    assert notes[1].arguments == (3,)
    assert company.id in notes[3].arguments


async def test_a_rollback_is_seen_and_calls_do_not_mix(settings: Settings, fresh_database: Database) -> None:
    async with recorded_runtime(settings, fresh_database.address) as runtime:
        with noting() as first:
            try:
                async with runtime.database.transaction() as session:
                    await fetch(session, "SELECT 1")
                    raise LookupError
            except LookupError:
                pass
        with noting() as second:
            await runtime.database.value("SELECT 2")
    assert [note.sql for note in first][-2:] == ["SELECT 1", "ROLLBACK;"]
    assert [note.sql for note in second] == ["SELECT 2"]


async def test_a_replay_on_a_copy_leaves_the_same_rows(settings: Settings) -> None:
    groups = []
    async with copied_database() as recorded_on:
        async with recorded_runtime(settings, recorded_on) as runtime:
            for number in range(7):
                with noting() as notes:
                    async with runtime.database.transaction() as session:
                        session.add(Company(id=new_id(), handle=f"shop-{number}", name="Shop"))
                groups.append(tuple(notes) if number else ())
            made = set(await runtime.database.rows("SELECT id, handle FROM companies"))
        first = groups.pop(0)
        assert first == ()
    async with copied_database() as copy:
        job = Replay(replace(copy), clients=3, seconds=10, groups=groups[1:], warm_up=groups[:1])
        done = await replay_here(job)
        database = await Database.open(copy)
        replayed = set(await database.rows("SELECT id, handle FROM companies"))
        await database.close()
    assert done.calls == 5
    assert done.per_second > 0
    assert replayed < made
    assert made - replayed == {row for row in made if row["handle"] == "shop-0"}


async def test_reads_go_round_until_enough(fresh_database: Database) -> None:
    groups = [(Statement("SELECT $1::int", (number,)),) for number in range(3)]
    done = await replay_here(Replay(fresh_database.address, 2, 10, groups, cycle=True, most=50))
    assert done.calls == 50
