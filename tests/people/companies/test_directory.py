"""Which site answers, how often that is asked of the database, and what holds while it is away."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from pasar.kernel.clock import FixedClock
from pasar.kernel.db.database import Database
from pasar.kernel.ids import new_id
from pasar.people.companies.public import Directory, create_company, create_site


async def open_shop(
    database: Database, *hosts: str | None, is_demo: bool = False, currency: str = "IDR"
) -> UUID:
    """A company with a site at each host, the first its default."""
    async with database.transaction() as session:
        handle = f"shop-{new_id().hex}"
        company_id = await create_company(
            session, handle=handle, name="Toko", time_zone="Asia/Jakarta", is_demo=is_demo
        )
        for host in hosts:
            await create_site(
                session,
                company_id,
                name=f"Site {host}",
                host=host,
                is_default=host == hosts[0],
                currency=currency,
                currencies=[currency, "USD"],
                locale="id",
                locales=["id", "en"],
                tax_included={"IDR": True},
                theme={"accent": "#0a7"},
            )
    return company_id


class Listened:
    """The database, noting what it is asked; `delay` makes its answers slow."""

    def __init__(self, database: Database, delay: float = 0.0) -> None:
        self.database = database
        self.delay = delay
        self.asked: list[Sequence[object]] = []

    async def rows(self, statement: str, *arguments: object) -> Any:
        self.asked.append(arguments)
        await asyncio.sleep(self.delay)
        return await self.database.rows(statement, *arguments)


def directory(database: Database | Listened, clock: FixedClock, *, production: bool = True) -> Directory:
    return Directory(database, clock, production=production)  # type: ignore[arg-type]  # a listener in between


async def test_a_site_is_found_by_its_host_in_any_case(fresh_database: Database, clock: FixedClock) -> None:
    company_id = await open_shop(fresh_database, "Toko.Example", "EN.toko.example")
    found = await directory(fresh_database, clock).by_host("TOKO.example")
    assert found is not None
    assert (found.company_id, found.host, found.name) == (company_id, "toko.example", "Site Toko.Example")
    assert (found.currency, found.currencies, found.locale, found.locales) == (
        "IDR",
        ("IDR", "USD"),
        "id",
        ("id", "en"),
    )
    assert (found.time_zone, found.company_name, found.demo) == ("Asia/Jakarta", "Toko", False)
    assert (found.tax_included, found.theme) == ({"IDR": True}, {"accent": "#0a7"})
    assert found.features["enableCart"] is True
    assert await directory(fresh_database, clock).by_host("elsewhere.example") is None


async def test_a_company_answers_by_its_default_site(fresh_database: Database, clock: FixedClock) -> None:
    company_id = await open_shop(fresh_database, "one.example", "two.example")
    sites = directory(fresh_database, clock)
    found = await sites.of_company(company_id)
    assert found is not None
    assert found.host == "one.example"
    assert await sites.of_company(new_id()) is None


async def test_a_company_made_a_moment_ago_answers_at_once(
    fresh_database: Database, clock: FixedClock
) -> None:
    sites = directory(fresh_database, clock)
    assert await sites.by_host("late.example") is None
    company_id = await open_shop(fresh_database, "late.example")
    assert (await sites.of_company(company_id)) is not None


async def test_an_unknown_company_is_asked_for_once_a_second(
    fresh_database: Database, clock: FixedClock
) -> None:
    listened = Listened(fresh_database)
    sites, unknown = directory(listened, clock), new_id()
    for _ in range(3):
        assert await sites.of_company(unknown) is None
    assert listened.asked == [(None,), (unknown,)]
    clock.advance(timedelta(seconds=1))
    assert await sites.of_company(unknown) is None
    assert listened.asked[2:] == [(None,), (unknown,)]


async def test_all_sites_are_read_by_one_statement_a_second(
    fresh_database: Database, clock: FixedClock
) -> None:
    company_id = await open_shop(fresh_database, "a.example")
    await open_shop(fresh_database, "b.example")
    listened = Listened(fresh_database)
    sites = directory(listened, clock)
    for second in range(1, 4):
        for _ in range(10):
            assert await sites.by_host("a.example") is not None
            assert await sites.by_host("b.example") is not None
            assert await sites.of_company(company_id) is not None
        assert listened.asked == [(None,)] * second
        clock.advance(timedelta(seconds=1))


async def test_callers_who_come_together_share_one_question(
    fresh_database: Database, clock: FixedClock
) -> None:
    await open_shop(fresh_database, "a.example")
    listened = Listened(fresh_database, delay=0.02)
    sites = directory(listened, clock)
    for second in range(1, 3):
        found = await asyncio.gather(*(sites.by_host("a.example") for _ in range(100)))
        assert all(site is not None for site in found)
        assert len(listened.asked) == second
        clock.advance(timedelta(seconds=1))


async def test_a_caller_who_goes_away_takes_nobody_along(fresh_database: Database, clock: FixedClock) -> None:
    await open_shop(fresh_database, "a.example")
    sites = directory(Listened(fresh_database, delay=0.05), clock)
    leaving, staying = (asyncio.create_task(sites.by_host("a.example")) for _ in range(2))
    await asyncio.sleep(0.01)
    leaving.cancel()
    assert await staying is not None
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_a_change_is_seen_after_a_second(fresh_database: Database, clock: FixedClock) -> None:
    company_id = await open_shop(fresh_database, "a.example")
    sites = directory(fresh_database, clock)
    assert await sites.by_host("a.example") is not None
    await fresh_database.rows(
        """UPDATE sites SET features = '{"enableCart": false}' WHERE company_id = $1""", company_id
    )
    still, _ = await sites.by_host("a.example"), clock.advance(timedelta(seconds=1))
    changed = await sites.by_host("a.example")
    assert still is not None
    assert changed is not None
    assert (still.features["enableCart"], changed.features["enableCart"]) == (True, False)


async def test_memory_stands_in_while_the_database_is_away(
    fresh_database: Database, clock: FixedClock
) -> None:
    company_id = await open_shop(fresh_database, "a.example")
    sites = directory(fresh_database, clock)
    assert await sites.by_host("a.example") is not None
    await fresh_database.close()
    for _ in range(3):
        clock.advance(timedelta(seconds=2))
        assert await sites.by_host("a.example") is not None
        assert await sites.of_company(company_id) is not None


async def test_memory_stands_in_while_the_database_is_slow(
    fresh_database: Database, clock: FixedClock
) -> None:
    await open_shop(fresh_database, "a.example")
    listened = Listened(fresh_database)
    sites = directory(listened, clock)
    assert await sites.by_host("a.example") is not None
    listened.delay = 5.0
    clock.advance(timedelta(seconds=1))
    assert await asyncio.wait_for(sites.by_host("a.example"), 1.0) is not None


async def test_without_a_memory_an_outage_is_an_outage(fresh_database: Database, clock: FixedClock) -> None:
    sites = directory(fresh_database, clock)
    await fresh_database.close()
    with pytest.raises(Exception, match="clos"):
        await sites.by_host("a.example")


async def test_the_only_company_is_the_fallback(fresh_database: Database, clock: FixedClock) -> None:
    sites = directory(fresh_database, clock)
    assert await sites.fallback() is None
    company_id = await open_shop(fresh_database, "a.example", "b.example")
    clock.advance(timedelta(seconds=1))
    found = await sites.fallback()
    assert found is not None
    assert (found.company_id, found.host) == (company_id, "a.example")
    await open_shop(fresh_database, "c.example")
    clock.advance(timedelta(seconds=1))
    assert await sites.fallback() is None


async def test_the_demo_stands_in_outside_production_only(
    fresh_database: Database, clock: FixedClock
) -> None:
    await open_shop(fresh_database, "a.example")
    demo = await open_shop(fresh_database, None, is_demo=True)
    found = await directory(fresh_database, clock, production=False).fallback()
    assert found is not None
    assert (found.company_id, found.demo) == (demo, True)
    assert await directory(fresh_database, clock, production=True).fallback() is None
