"""The chain: what is linked in which order, and each kind of tampering found and named."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from pasar.kernel.acting import Acting
from pasar.kernel.db.database import Database, fetch
from pasar.kernel.ids import new_id
from pasar.people.audit.chain import BEFORE_THE_FIRST, ChainedEntry, entry_hash, link_hash
from pasar.people.audit.linking import link_entries
from pasar.people.audit.recording import INSTALLATION, audit_event
from pasar.people.audit.trimming import trim_log
from pasar.people.audit.verifying import Anchor, Fault, audited_companies, verify_chain

COMMAND = Acting(kind="command", name="test")

# The columns that the hash covers, written out here as in `linking` and `verifying`.
CHAINED = """
e.company_id, e.id, e.at, e.actor_kind, e.actor_id, e.actor_name, e.action, e.object_type, e.object_id,
       e.before::text, e.after::text, e.withheld, e.person_id, e.sealed, e.address, e.agent, e.request_id
"""


async def write(database: Database, company_id: UUID, count: int, at: datetime | None = None) -> list[UUID]:
    """Write `count` entries, each its own transaction; answer their ids in that order."""
    ids = []
    for number in range(count):
        made = await database.value(
            "INSERT INTO audit_entries (company_id, actor_kind, action, object_type, object_id, after, at) "
            "VALUES ($1, 'job', 'thing.changed', 'thing', $2, '{\"n\": 1.10, \"b\": [true, null]}', "
            "coalesce($3, clock_timestamp())) RETURNING id",
            company_id,
            str(number),
            at,
        )
        ids.append(made)
    return ids


async def by_force(database: Database, statement: str, *arguments: object) -> None:
    """What only a superuser can do, past all triggers."""
    async with database.pool.acquire() as connection, connection.transaction():
        try:
            for table in ("audit_entries", "audit_links"):
                await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        except asyncpg.InsufficientPrivilegeError:
            pytest.skip("the tests' role is no superuser")
        await connection.execute(statement, *arguments)
        for table in ("audit_entries", "audit_links"):
            await connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER ALL")


async def faults(database: Database, company_id: UUID, *anchors: Anchor) -> list[tuple[str, int | None]]:
    found: list[Fault] = (await verify_chain(database, company_id, anchors=anchors)).faults
    return [(fault.kind, fault.position) for fault in found]


def test_the_hashes_are_these() -> None:
    """A hash is a promise to those who noted one: it never changes, whatever the code becomes."""
    entry = ChainedEntry(
        UUID(int=1),
        UUID(int=2),
        datetime(2026, 11, 21, 9, 0, 0, 5, tzinfo=UTC),
        "staff",
        UUID(int=3),
        "",
        "product.changed",
        "product",
        "4",
        '{"title": "Mug"}',
        None,
        ["email"],
        None,
        b"\x01",
        "192.0.2.1",
        "Firefox",
        "req",
    )
    hashed = entry_hash(entry)

    assert hashed.hex() == "ae1f54cbde7f118089b26bd43d1bb2953330d37681e1a41e456ca395e37dfd11"
    link = link_hash(BEFORE_THE_FIRST, 1, entry.at, hashed)
    assert link.hex() == "e9d674220f880e4e3d9f4cb0202a7907c07deb215647548bad12408adad562e0"


async def test_all_is_linked_once_per_company_and_verified(fresh_database: Database) -> None:
    one, other = new_id(), new_id()
    ids = await write(fresh_database, one, 3)
    await write(fresh_database, other, 2)

    assert await link_entries(fresh_database) == 5
    assert await link_entries(fresh_database) == 0
    linked = await fresh_database.rows(
        "SELECT position, entry_id FROM audit_links WHERE company_id = $1 ORDER BY position", one
    )
    assert {row[1] for row in linked} == set(ids)
    assert [row[0] for row in linked] == [1, 2, 3]
    assert await audited_companies(fresh_database) == sorted([one, other])
    verdict = await verify_chain(fresh_database, one)
    assert (verdict.links, verdict.waiting, verdict.faults) == (3, 0, [])
    assert verdict.last is not None
    assert verdict.last.position == 3
    assert await faults(fresh_database, one, verdict.last) == []


async def test_more_than_a_batch_and_many_linkers(fresh_database: Database) -> None:
    company = new_id()
    await fresh_database.rows(
        "INSERT INTO audit_entries (company_id, actor_kind, action, object_type, object_id) "
        "SELECT $1, 'job', 'thing.changed', 'thing', n::text FROM generate_series(1, 2500) n",
        company,
    )
    done = await asyncio.gather(*(link_entries(fresh_database) for _ in range(4)))

    assert sum(done) + await link_entries(fresh_database) == 2500
    verdict = await verify_chain(fresh_database, company)
    assert (verdict.links, verdict.faults) == (2500, [])


async def test_an_entry_that_commits_late_is_not_skipped(fresh_database: Database) -> None:
    company = new_id()
    async with fresh_database.transaction() as slow:
        await audit_event(
            slow, Acting(kind="job", company_id=company), "thing.changed", "thing", "first written"
        )
        await write(fresh_database, company, 2)
        assert await link_entries(fresh_database) == 2
    assert await link_entries(fresh_database) == 1

    assert await faults(fresh_database, company) == []
    assert (await verify_chain(fresh_database, company)).links == 3


async def test_what_is_not_linked_yet_is_said(fresh_database: Database) -> None:
    company = new_id()
    await write(fresh_database, company, 2)

    verdict = await verify_chain(fresh_database, company)
    assert (verdict.links, verdict.waiting, verdict.last, verdict.faults) == (0, 2, None, [])


async def test_acts_of_no_company_are_the_installations(fresh_database: Database) -> None:
    async with fresh_database.transaction() as session:
        await audit_event(session, COMMAND, "secrets.rotated", "secret_key", "1")

    assert await audited_companies(fresh_database) == [INSTALLATION]


TAMPERING = [
    ("UPDATE audit_entries SET after = '{\"n\": 1.1}' WHERE id = $1", [("changed", 3)]),
    ("UPDATE audit_entries SET actor_id = gen_random_uuid() WHERE id = $1", [("changed", 3)]),
    ("UPDATE audit_entries SET at = at - interval '1 microsecond' WHERE id = $1", [("changed", 3)]),
    ("DELETE FROM audit_entries WHERE id = $1", [("missing", 3)]),
    ("DELETE FROM audit_links WHERE entry_id = $1", [("gap", 4), ("unlinked", None)]),
    (
        "WITH gone AS (DELETE FROM audit_links WHERE entry_id = $1) DELETE FROM audit_entries WHERE id = $1",
        [("gap", 4)],
    ),
    ("UPDATE audit_links SET hash = sha256(hash) WHERE entry_id = $1", [("relinked", 3), ("relinked", 4)]),
    ("UPDATE audit_links SET entry_hash = sha256('') WHERE entry_id = $1", [("relinked", 3), ("changed", 3)]),
    (
        "UPDATE audit_links SET linked_at = linked_at + interval '1 second' WHERE entry_id = $1",
        [("relinked", 3)],
    ),
]


@pytest.mark.parametrize(("statement", "expected"), TAMPERING, ids=[one[0][:60] for one in TAMPERING])
async def test_tampering_is_found_and_named(
    fresh_database: Database, statement: str, expected: list[tuple[str, int | None]]
) -> None:
    company = new_id()
    await write(fresh_database, company, 6)
    await link_entries(fresh_database)
    third = await fresh_database.value(
        "SELECT entry_id FROM audit_links WHERE company_id = $1 AND position = 3", company
    )
    assert await faults(fresh_database, company) == []

    await by_force(fresh_database, statement, third)

    assert await faults(fresh_database, company) == expected


async def test_two_entries_that_change_places_are_found(fresh_database: Database) -> None:
    company = new_id()
    await write(fresh_database, company, 4)
    await link_entries(fresh_database)

    swap = "CASE position WHEN 2 THEN 3 ELSE 2 END + 1000"
    await by_force(fresh_database, f"UPDATE audit_links SET position = {swap} WHERE position IN (2, 3)")
    await by_force(fresh_database, "UPDATE audit_links SET position = position - 1000 WHERE position > 1000")

    assert await faults(fresh_database, company) == [("relinked", 2), ("relinked", 3), ("relinked", 4)]


async def test_a_changed_entry_with_its_link_made_anew_breaks_at_the_next(fresh_database: Database) -> None:
    company = new_id()
    await write(fresh_database, company, 4)
    await link_entries(fresh_database)
    await by_force(fresh_database, "UPDATE audit_entries SET action = 'thing.removed' WHERE object_id = '1'")
    await relink(fresh_database, company, 2, 2)

    assert await faults(fresh_database, company) == [("relinked", 3)]


async def test_a_chain_made_anew_to_its_end_is_found_by_its_anchor(fresh_database: Database) -> None:
    company = new_id()
    await write(fresh_database, company, 4)
    await link_entries(fresh_database)
    noted = (await verify_chain(fresh_database, company)).last
    assert noted is not None
    await by_force(fresh_database, "UPDATE audit_entries SET action = 'thing.removed' WHERE object_id = '1'")
    await relink(fresh_database, company, 2, 4)

    assert await faults(fresh_database, company) == []
    assert await faults(fresh_database, company, noted) == [("anchor", 4)]


async def test_an_end_that_was_cut_off_is_found_by_its_anchor(fresh_database: Database) -> None:
    company = new_id()
    await write(fresh_database, company, 4)
    await link_entries(fresh_database)
    noted = (await verify_chain(fresh_database, company)).last
    assert noted is not None
    await by_force(fresh_database, "DELETE FROM audit_links WHERE position = 4")
    await by_force(fresh_database, "DELETE FROM audit_entries WHERE object_id = '3'")

    assert await faults(fresh_database, company) == []
    assert await faults(fresh_database, company, noted) == [("anchor", 4)]


async def test_an_entry_put_in_past_the_chain_is_found(fresh_database: Database) -> None:
    company = new_id()
    await write(fresh_database, company, 2)
    await link_entries(fresh_database)
    await by_force(
        fresh_database,
        "INSERT INTO audit_entries (company_id, actor_kind, action, object_type, object_id) "
        "VALUES ($1, 'staff', 'thing.changed', 'thing', 'x')",
        company,
    )

    assert await faults(fresh_database, company) == [("unlinked", None)]


async def test_an_entry_that_says_it_is_older_is_found(fresh_database: Database) -> None:
    company = new_id()
    await write(fresh_database, company, 2)
    await link_entries(fresh_database)
    await write(fresh_database, company, 1, at=datetime.now(UTC) - timedelta(days=3))
    await write(fresh_database, company, 1)
    await link_entries(fresh_database)

    assert [kind for kind, _ in await faults(fresh_database, company)] == ["late"]


async def test_an_entry_gone_before_it_was_linked_is_found(fresh_database: Database) -> None:
    company = new_id()
    await write(fresh_database, company, 2)
    await by_force(fresh_database, "DELETE FROM audit_entries WHERE object_id = '1'")
    await link_entries(fresh_database)

    assert await faults(fresh_database, company) == [("missing", None)]


async def relink(database: Database, company_id: UUID, first: int, last: int) -> None:
    """Make the links `first` to `last` anew, as a forger with our code would."""
    previous = await database.value(
        "SELECT hash FROM audit_links WHERE company_id = $1 AND position = $2", company_id, first - 1
    )
    for position in range(first, last + 1):
        row = await database.row(
            f"SELECT l.linked_at, {CHAINED} FROM audit_links l JOIN audit_entries e ON e.id = l.entry_id "
            "WHERE l.company_id = $1 AND l.position = $2",
            company_id,
            position,
        )
        assert row is not None
        hashed = entry_hash(ChainedEntry(*list(row)[1:]))
        previous = link_hash(previous, position, row[0], hashed)
        await by_force(
            database,
            "UPDATE audit_links SET entry_hash = $3, hash = $4 WHERE company_id = $1 AND position = $2",
            company_id,
            position,
            hashed,
            previous,
        )


LONG_AGO = datetime.now(UTC) - timedelta(days=8 * 366)


async def age(database: Database, company_id: UUID, positions: int) -> None:
    """Make the first links as old as their entries, with hashes that are right."""
    await by_force(
        database,
        "UPDATE audit_links SET linked_at = $2 WHERE company_id = $1 AND position <= $3",
        company_id,
        LONG_AGO,
        positions,
    )
    await by_force(database, "UPDATE audit_links SET hash = '' WHERE company_id = $1", company_id)
    row = await database.row(
        f"SELECT l.linked_at, {CHAINED} FROM audit_links l JOIN audit_entries e ON e.id = l.entry_id "
        "WHERE l.company_id = $1 AND l.position = 1",
        company_id,
    )
    assert row is not None
    first = link_hash(BEFORE_THE_FIRST, 1, row[0], entry_hash(ChainedEntry(*list(row)[1:])))
    await by_force(
        database, "UPDATE audit_links SET hash = $2 WHERE company_id = $1 AND position = 1", company_id, first
    )
    last = await database.value("SELECT max(position) FROM audit_links WHERE company_id = $1", company_id)
    await relink(database, company_id, 2, last)


async def test_after_seven_years_the_beginning_may_go(fresh_database: Database) -> None:
    company = new_id()
    await write(fresh_database, company, 3, at=LONG_AGO)
    await write(fresh_database, company, 2)
    await link_entries(fresh_database)
    await age(fresh_database, company, 3)
    assert await faults(fresh_database, company) == []

    async with fresh_database.transaction() as session:
        assert await trim_log(session, company, COMMAND) == 3
    await link_entries(fresh_database)

    verdict = await verify_chain(fresh_database, company)
    assert (verdict.links, verdict.faults) == (3, [])
    assert verdict.last is not None
    assert verdict.last.position == 6
    told = await fresh_database.row(
        "SELECT actor_name, object_id, after->>'entries' FROM audit_entries WHERE action = 'audit.trimmed'"
    )
    assert told is not None
    assert tuple(told) == ("test", "3", "3")
    async with fresh_database.transaction() as session:
        assert await trim_log(session, company, COMMAND) == 0


async def test_the_setting_of_the_trimming_opens_nothing_younger(fresh_database: Database) -> None:
    company = new_id()
    await write(fresh_database, company, 1, at=datetime.now(UTC) - timedelta(days=7 * 365 - 2))
    await link_entries(fresh_database)

    async def pretend(table: str) -> None:
        async with fresh_database.transaction() as session:
            await fetch(session, "SELECT set_config('pasar.audit_trim', 'on', true)")
            await fetch(session, f"DELETE FROM {table}")

    for table in ("audit_entries", "audit_links"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="only ever added"):
            await pretend(table)
    async with fresh_database.transaction() as session:
        assert await trim_log(session, company, COMMAND) == 0


async def test_a_beginning_that_went_otherwise_is_found(fresh_database: Database) -> None:
    company = new_id()
    await write(fresh_database, company, 4)
    await link_entries(fresh_database)
    await by_force(fresh_database, "DELETE FROM audit_links WHERE position <= 2")

    assert await faults(fresh_database, company) == [("gap", 2), ("unlinked", None), ("unlinked", None)]
