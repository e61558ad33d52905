"""`pasar audit` and `pasar db restrict`, on a database of their own."""

from __future__ import annotations

import dataclasses
import io
import re
import secrets
from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest
from click.testing import CliRunner
from rich.console import Console

from pasar.cli import main
from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database
from pasar.kernel.ids import new_id
from pasar.people.audit.linking import link_entries
from pasar.roles.audit_command import run_trim, run_verify
from pasar.roles.commands import CommandFailed
from pasar.roles.restrict_command import run_restrict

INSERT = (
    "INSERT INTO audit_entries (company_id, actor_kind, action, object_type, object_id) "
    "VALUES ($1, 'job', 'thing.changed', 'thing', $2)"
)


async def written(database: Database, company_id: UUID, count: int = 3) -> None:
    """Entries, linked."""
    for number in range(count):
        await database.rows(INSERT, company_id, str(number))
    await link_entries(database)


async def verify(settings: Settings, database: Database, *anchors: str, **named: UUID) -> tuple[bool, str]:
    """Whether all is well, and what was said."""
    said = io.StringIO()
    here = dataclasses.replace(settings, database=database.address)
    well = await run_verify(
        here, Console(file=said, width=200), company=named.get("company"), anchors=anchors
    )
    return well, said.getvalue()


async def test_verify_tells_what_it_found(fresh_database: Database, settings: Settings) -> None:
    assert await verify(settings, fresh_database) == (True, "The audit log is empty.\n")
    one, other = new_id(), new_id()
    await written(fresh_database, one)
    await written(fresh_database, other, 2)

    well, said = await verify(settings, fresh_database)
    assert well
    assert f"company {one}: 3 links, sound" in said
    assert f"company {other}: 2 links, sound" in said
    anchor = re.search(r"anchor (3:[0-9a-f]{64})", said)
    assert anchor
    assert (await verify(settings, fresh_database, anchor[1], company=one))[0]
    wrong = "3:" + "0" * 64
    well, said = await verify(settings, fresh_database, wrong, company=one)
    assert (well, "anchor: link 3" in said) == (False, True)

    async with fresh_database.pool.acquire() as connection:
        await connection.execute("ALTER TABLE audit_entries DISABLE TRIGGER ALL")
        await connection.execute("UPDATE audit_entries SET action = 'x' WHERE company_id = $1", one)
    well, said = await verify(settings, fresh_database)
    assert not well
    assert f"company {one}: 3 links, 3 faults" in said
    assert "changed: link 1 (entry " in said
    assert f"company {other}: 2 links, sound" in said


@pytest.mark.parametrize("anchor", ["3", "0:" + "0" * 64, "1:xyz", "1:" + "0" * 63])
async def test_an_anchor_that_is_none_is_refused(
    fresh_database: Database, settings: Settings, anchor: str
) -> None:
    with pytest.raises(CommandFailed, match="no anchor"):
        await verify(settings, fresh_database, anchor, company=new_id())
    with pytest.raises(CommandFailed, match="--company"):
        await verify(settings, fresh_database, "1:" + "0" * 64)


async def test_trim_says_how_many(fresh_database: Database, settings: Settings) -> None:
    company = new_id()
    await written(fresh_database, company)
    said = io.StringIO()

    here = dataclasses.replace(settings, database=fresh_database.address)
    await run_trim(here, Console(file=said, width=200), company=None)
    assert f"company {company}: 0 entries" in said.getvalue()


def test_the_commands_are_there() -> None:
    for words in (["audit", "verify"], ["audit", "trim"], ["db", "restrict"]):
        assert CliRunner().invoke(main, [*words, "--help"]).exit_code == 0


@pytest.fixture
async def role(fresh_database: Database) -> AsyncIterator[str]:
    """A second role that may sign in, dropped at the end."""
    name = f"pasar_app_{secrets.token_hex(4)}"
    try:
        await fresh_database.rows(f"CREATE ROLE {name} LOGIN PASSWORD 'p'")
    except asyncpg.InsufficientPrivilegeError:
        pytest.skip("the tests' role may not make roles")
    yield name
    await fresh_database.rows(f"DROP OWNED BY {name}")
    await fresh_database.rows(f"DROP ROLE {name}")


async def test_a_restricted_role_works_and_cannot_touch_the_log(
    fresh_database: Database, settings: Settings, role: str
) -> None:
    said = io.StringIO()
    here = dataclasses.replace(settings, database=fresh_database.address)
    await run_restrict(here, Console(file=said, width=300), role=role, only_print=False)
    assert "REVOKE UPDATE, DELETE, TRUNCATE" in said.getvalue()
    await fresh_database.rows("CREATE TABLE later_on (a int)")  # as a later migration would

    async with fresh_database.pool.acquire() as connection, connection.transaction():
        await connection.execute(f"SET LOCAL ROLE {role}")
        await connection.execute('SELECT set_config(\'pasar.acting\', \'{"kind":"job","name":"x"}\', true)')
        await connection.execute(
            "INSERT INTO companies (id, handle, name, time_zone) VALUES (gen_random_uuid(), 'a', 'A', 'UTC')"
        )
        assert await connection.fetchval("SELECT count(*) FROM audit_entries") == 1
        await connection.execute("INSERT INTO later_on VALUES (1)")
    assert await fresh_database.value("SELECT count(*) FROM audit_entries") == 1

    async with fresh_database.pool.acquire() as connection:
        for table in ("audit_entries", "audit_links"):
            for statement in (
                f"UPDATE {table} SET company_id = NULL",
                f"DELETE FROM {table}",
                f"TRUNCATE {table}",
            ):
                transaction = connection.transaction()
                await transaction.start()
                await connection.execute(f"SET LOCAL ROLE {role}")
                with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for table"):
                    await connection.execute(statement)
                await transaction.rollback()
        async with connection.transaction():
            await connection.execute(f"SET LOCAL ROLE {role}")
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied for function"):
                await connection.execute("SELECT audit_trim($1, 'job', NULL, '')", new_id())


async def test_only_a_role_that_owns_nothing_is_restricted(
    fresh_database: Database, settings: Settings, role: str
) -> None:
    here = dataclasses.replace(settings, database=fresh_database.address)
    console = Console(file=io.StringIO())
    with pytest.raises(CommandFailed, match="no role"):
        await run_restrict(here, console, role="nobody_of_ours", only_print=True)
    with pytest.raises(CommandFailed, match="could be taken back"):
        await run_restrict(here, console, role=fresh_database.address.user, only_print=True)
    await fresh_database.rows(f"GRANT {fresh_database.address.user} TO {role}")
    with pytest.raises(CommandFailed, match="could be taken back"):
        await run_restrict(here, console, role=role, only_print=True)


async def test_printing_changes_nothing(fresh_database: Database, settings: Settings, role: str) -> None:
    here = dataclasses.replace(settings, database=fresh_database.address)
    await run_restrict(here, Console(file=io.StringIO()), role=role, only_print=True)

    granted = "SELECT has_table_privilege($1, 'companies', 'SELECT')"
    assert await fresh_database.value(granted, role) is False
