"""The database notes what staff, keys, jobs and commands change, and its log is only ever added to."""

from __future__ import annotations

import asyncpg
import httpx
import pytest

from pasar.kernel.acting import Acting, acting_as
from pasar.kernel.db.database import Database, fetch
from pasar.kernel.db.tables import Base
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.audit.audited import AUDITED, NOT_AUDITED
from pasar.people.companies.models import Company
from pasar.people.users.public import add_user
from pasar.roles import registry
from support.audit import entries_of
from support.people import make_customer
from support.selling import ADDRESS
from support.shops import Shop

TRIGGERS = """
SELECT c.relname AS name, p.proname, pg_get_triggerdef(t.oid) AS definition, t.tgargs AS given
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
 WHERE t.tgname = 'audit' AND c.relnamespace = current_schema()::regnamespace
"""


def test_every_table_is_watched_or_has_a_reason() -> None:
    assert registry.MODULES, "importing the registry imports every table"
    tables = set(Base.metadata.tables)

    assert tables - AUDITED.keys() - NOT_AUDITED.keys() == set(), (
        "put it into AUDITED (and audit_attach it in its migration) or into NOT_AUDITED, with a reason"
    )
    assert (AUDITED.keys() | NOT_AUDITED.keys()) - tables == set(), "no longer there"
    assert AUDITED.keys() & NOT_AUDITED.keys() == set()
    assert all(NOT_AUDITED.values())


@pytest.mark.migrations
async def test_the_list_is_what_the_database_watches(fresh_database: Database) -> None:
    found = {row["name"]: row for row in await fresh_database.rows(TRIGGERS)}

    assert found.keys() == AUDITED.keys()
    for name, audited in AUDITED.items():
        noun, _keys, ignored, hidden, end = found[name]["given"].decode().split("\0")
        columns = {column.name for column in Base.metadata.tables[name].columns}
        assert (noun, end) == (audited.noun, ""), name
        assert set(ignored.split(",")) - {""} == set(audited.ignored), name
        assert set(hidden.split(",")) - {""} == set(audited.hidden), name
        assert set(audited.ignored) | set(audited.hidden) <= columns, f"{name}: a column that is not there"
        assert "AFTER INSERT OR DELETE OR UPDATE" in found[name]["definition"], name
        assert "WHEN ((current_setting('pasar.acting'" in found[name]["definition"], name


async def test_a_change_is_noted_with_both_sides_of_what_changed(runtime: Runtime, shop: Shop) -> None:
    who = Acting(
        kind="staff",
        company_id=shop.company_id,
        actor_id=new_id(),
        address="192.0.2.7",
        agent="Firefox",
        request_id="req-1",
    )
    with acting_as(who):
        async with runtime.database.transaction() as session:
            company = await session.get_one(Company, shop.company_id)
            company.name = "Kedai Ana"
            company.bank_transfer_days = 9

    (entry,) = await entries_of(runtime, shop.company_id)
    assert (entry["action"], entry["object_type"], entry["object_id"]) == (
        "company.changed",
        "company",
        str(shop.company_id),
    )
    assert entry["before"] == {"name": "Test shop", "bank_transfer_days": 3}
    assert entry["after"] == {"name": "Kedai Ana", "bank_transfer_days": 9}
    assert (entry["actor_kind"], entry["actor_id"], entry["address"]) == ("staff", who.actor_id, "192.0.2.7")
    assert (entry["agent"], entry["request_id"], entry["withheld"]) == ("Firefox", "req-1", [])


async def test_who_does_not_say_who_acts_leaves_nothing(runtime: Runtime, shop: Shop) -> None:
    async with runtime.database.transaction() as session:
        (await session.get_one(Company, shop.company_id)).name = "Quiet"

    assert await entries_of(runtime, shop.company_id) == []


async def test_a_shopper_s_own_address_book_is_not_noted(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    _, headers = await make_customer(runtime, shop)
    made = await client.post("/api/addresses", json=ADDRESS, headers=headers)
    assert made.status_code == 201, made.text
    path = f"/api/addresses/{made.json()['id']}"
    assert (await client.patch(path, json={"line1": "2 Market Street"}, headers=headers)).status_code == 200

    noted = "SELECT count(*) FROM audit_entries WHERE company_id = $1 AND object_type = 'address'"
    assert await runtime.database.value(noted, shop.company_id) == 0


async def test_nothing_that_counts_nothing_noted(runtime: Runtime, shop: Shop) -> None:
    with acting_as(Acting(kind="job", name="test")):
        async with runtime.database.transaction() as session:
            company = await session.get_one(Company, shop.company_id)
            company.name = f"{company.name} "
            await session.flush()
            company.name = company.name.strip()
            await session.flush()
        async with runtime.database.transaction() as session:
            (await session.get_one(Company, shop.company_id)).name = "Test shop"

    assert [entry["after"] for entry in await entries_of(runtime, shop.company_id)] == [
        {"name": "Test shop "},
        {"name": "Test shop"},
    ]


async def test_what_is_personal_or_secret_is_named_without_its_value(runtime: Runtime, shop: Shop) -> None:
    with acting_as(Acting(kind="command", name="pasar company", company_id=shop.company_id)):
        async with runtime.database.transaction() as session:
            await add_user(
                session, email=f"{new_id().hex}@example.com", name="Ana Putri", password_hash="$x$"
            )

    (entry,) = await entries_of(runtime, shop.company_id)
    assert (entry["action"], entry["actor_name"]) == ("user.created", "pasar company")
    assert entry["withheld"] == ["email", "name", "password_hash"]
    assert "Ana" not in str(dict(entry))
    assert "example.com" not in str(dict(entry))


async def test_a_rolled_back_change_was_never_made(runtime: Runtime, shop: Shop) -> None:
    async def fail() -> None:
        async with runtime.database.transaction() as session:
            (await session.get_one(Company, shop.company_id)).name = "Never"
            await session.flush()
            raise RuntimeError

    with acting_as(Acting(kind="job", name="test")), pytest.raises(RuntimeError):
        await fail()

    assert await entries_of(runtime, shop.company_id) == []


async def test_keys_of_several_columns_make_one_name(runtime: Runtime, shop: Shop) -> None:
    variant, location = new_id(), new_id()
    await runtime.database.rows(
        "INSERT INTO locations (company_id, id, name) VALUES ($1, $2, 'Main')", shop.company_id, location
    )
    with acting_as(Acting(kind="job", name="test")):
        async with runtime.database.transaction() as session:
            await fetch(
                session,
                "INSERT INTO stock_levels (company_id, variant_id, location_id, on_hand) "
                "VALUES ($1, $2, $3, 4)",
                (shop.company_id, variant, location),
            )

    (entry,) = await entries_of(runtime, shop.company_id)
    assert (entry["object_type"], entry["object_id"]) == ("stock", f"{variant}/{location}")


STATEMENTS = (
    "UPDATE audit_entries SET action = 'nothing.happened'",
    "DELETE FROM audit_entries",
    "TRUNCATE audit_entries",
    "UPDATE audit_links SET hash = ''",
    "DELETE FROM audit_links",
    "TRUNCATE audit_links",
    "TRUNCATE audit_entries, audit_links, audit_unlinked",
)


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("first", ["SELECT 1", "SET session_replication_role = replica"])
async def test_the_log_is_only_ever_added_to(fresh_database: Database, first: str, statement: str) -> None:
    """For the tables' owner, who is a superuser here, too."""
    async with fresh_database.pool.acquire() as connection:
        try:
            await connection.execute(first)
        except asyncpg.InsufficientPrivilegeError:
            pytest.skip("the tests' role is no superuser")
        await connection.execute(
            "INSERT INTO audit_entries (company_id, actor_kind, action, object_type, object_id) "
            "VALUES (gen_random_uuid(), 'job', 'x.changed', 'x', '1')"
        )
        await connection.execute(
            "INSERT INTO audit_links VALUES (gen_random_uuid(), 1, gen_random_uuid(), now(), '', '')"
        )
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="only ever added"):
            await connection.execute(statement)
