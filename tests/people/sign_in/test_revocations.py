"""What ends in one process ends in every other within a second, whatever becomes of the feed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in import revocations
from pasar.people.sign_in.actions.revoke_sign_in import revoke_all, revoke_sign_in
from pasar.people.sign_in.authenticator import SignInAuthenticator
from pasar.people.sign_in.jobs import forget_what_is_over
from pasar.people.sign_in.person import Device, SignedIn
from pasar.people.sign_in.revocations import LEASE_SECONDS, Revocations
from pasar.people.sign_in.signing_in import start_pages
from pasar.roles.assembling import assemble, observed, open_runtime
from support.people import bearer, make_person, make_staff, tokens_for
from support.shops import Shop, make_shop

PROMISED = 1.0
SLACK = 5 * PROMISED
"""Seconds. What is promised is one; a busy machine gets five."""
FEEDS = """
SELECT pid FROM pg_stat_activity
 WHERE datname = current_database() AND query = 'SELECT 1' AND pid <> pg_backend_pid()
"""
HOLD = "SELECT id FROM sign_ins WHERE user_id = $1"


@dataclass
class Process:
    """A web process of its own in all but its memory's walls: pools, feed and application."""

    runtime: Runtime
    client: httpx.AsyncClient
    asked: list[str]

    @property
    def known(self) -> Revocations:
        """What it has heard of."""
        authenticator = self.runtime.authenticator
        assert isinstance(authenticator, SignInAuthenticator)
        return authenticator.revocations

    async def status(self, headers: dict[str, str], path: str = "/api/site") -> int:
        return (await self.client.get(path, headers=headers)).status_code


@asynccontextmanager
async def process(settings: Settings, database: Database, *, feed: bool = True) -> AsyncIterator[Process]:
    """Start one on the database of `database`."""
    own = await Database.open(replace(database.address, pool_size=4))
    runtime = open_runtime(settings, own, SystemClock())
    asked: list[str] = []
    fetch = own.pool.fetch

    async def listening(statement: str, *arguments: object) -> Any:
        asked.append(statement)
        return await fetch(statement, *arguments)

    monkey = pytest.MonkeyPatch()
    monkey.setattr(own.pool, "fetch", listening)
    following = asyncio.create_task(runtime.authenticator.follow(runtime.closing)) if feed else None
    transport = httpx.ASGITransport(app=observed(runtime, assemble(runtime)))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        started = Process(runtime, client, asked)
        if feed:
            await until(lambda: started.known.current)
        yield started
    monkey.undo()
    runtime.closing.set()
    if following is not None:
        await following
    await runtime.http.aclose()
    await own.close()


async def until(true: Callable[[], bool], seconds: float = SLACK) -> float:
    """Wait until something is so, and answer for how long."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, "it never came"
        await asyncio.sleep(0.01)
    return time.monotonic() - began


async def until_refused(process: Process, headers: dict[str, str]) -> float:
    """Call until the token is refused, and answer for how long it was not."""
    began = time.monotonic()
    while await process.status(headers) != 401:
        assert time.monotonic() - began < SLACK, "never refused"
        await asyncio.sleep(0.01)
    return time.monotonic() - began


async def customer(runtime: Runtime, shop: Shop) -> tuple[SignedIn, dict[str, str]]:
    person = await make_person(runtime, shop)
    return person, shop.headers | bearer(await tokens_for(runtime, person))


async def cut(database: Database) -> int:
    """End the feeds of all processes from the server's side."""
    pids = [row[0] for row in await database.rows(FEEDS)]
    for pid in pids:
        await database.rows("SELECT pg_terminate_backend($1)", pid)
    return len(pids)


Ending = Callable[[Runtime, SignedIn], Awaitable[object]]


async def _revoke(runtime: Runtime, person: SignedIn) -> None:
    async with runtime.database.transaction() as session:
        await revoke_all(session, person.user_id, "revoked", runtime.clock.now())


def _statement(sql: str) -> Ending:
    async def run(runtime: Runtime, person: SignedIn) -> None:
        await runtime.database.rows(sql, person.user_id)

    return run


ENDINGS: dict[str, Ending] = {
    "revoked": _revoke,
    "deactivated": _statement("UPDATE users SET is_active = false WHERE id = $1"),
    "erased": _statement("UPDATE users SET erased_at = now() WHERE id = $1"),
    "unlinked": _statement("UPDATE customers SET user_id = NULL WHERE user_id = $1"),
    "record deleted": _statement("DELETE FROM customers WHERE user_id = $1"),
    "sign-in deleted": _statement("DELETE FROM sign_ins WHERE user_id = $1"),
}


@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
async def test_what_ends_in_one_process_ends_in_the_other_within_a_second(
    settings: Settings, fresh_database: Database, ending: Ending
) -> None:
    async with process(settings, fresh_database) as here, process(settings, fresh_database) as there:
        shop = await make_shop(here.runtime)
        person, headers = await customer(here.runtime, shop)
        _, others = await customer(here.runtime, shop)
        assert [await p.status(headers) for p in (here, there)] == [200, 200]
        there.asked.clear()

        await ending(here.runtime, person)

        assert max(await until_refused(there, headers), await until_refused(here, headers)) < SLACK
        assert await there.status(others) == 200, "nobody else's ends"
        assert [sql for sql in there.asked if "sign_ins" in sql] == [], "heard, not looked up"


async def test_a_process_that_starts_later_knows_what_ended_before(
    settings: Settings, fresh_database: Database
) -> None:
    async with process(settings, fresh_database) as here:
        shop = await make_shop(here.runtime)
        for ending in ENDINGS.values():
            person, headers = await customer(here.runtime, shop)
            await ending(here.runtime, person)
            async with process(settings, fresh_database) as later:
                answer = await later.client.get("/api/site", headers=headers)
                assert (answer.status_code, answer.json()["code"]) == (401, "token_revoked")


async def test_a_customer_s_token_asks_nothing_while_the_feed_is_up_and_one_thing_without(
    settings: Settings, fresh_database: Database
) -> None:
    async with (
        process(settings, fresh_database) as hearing,
        process(settings, fresh_database, feed=False) as deaf,
    ):
        shop = await make_shop(hearing.runtime)
        _, headers = await customer(hearing.runtime, shop)
        for one, expected in ((hearing, 0), (deaf, 1)):
            await one.status(headers)  # the site is remembered from here on
            for _ in range(3):
                one.asked.clear()
                assert await one.status(headers) == 200
                assert len(one.asked) == expected, one.asked


async def test_staff_and_cookies_ask_one_thing_each_time(
    settings: Settings, fresh_database: Database
) -> None:
    async with process(settings, fresh_database) as one:
        shop = await make_shop(one.runtime)
        site = await one.runtime.sites.of_company(shop.company_id)
        assert site is not None
        person = await make_person(one.runtime, shop)
        start = start_pages(one.runtime, site, None, Device())
        async with one.runtime.database.transaction() as session:
            cookie = (await start(session, person)).cookie
        headers = await make_staff(one.runtime, shop)
        token = headers["Authorization"].removeprefix("Bearer ")
        authenticator = one.runtime.authenticator
        for _ in range(3):
            one.asked.clear()
            caller = await authenticator.by_bearer(token, company=shop.company_id, fresh=True)
            assert (caller.kind, len(one.asked)) == ("staff", 1)
            one.asked.clear()
            caller = await authenticator.by_cookie(cookie, site=site)
            assert (caller.kind, len(one.asked)) == ("customer", 1)


async def test_while_the_feed_is_down_each_token_is_looked_up_and_afterwards_none(
    settings: Settings, fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revocations, "RETRY_SECONDS", 3.0)
    async with process(settings, fresh_database) as one:
        shop = await make_shop(one.runtime)
        person, headers = await customer(one.runtime, shop)
        _, others = await customer(one.runtime, shop)
        assert await one.status(headers) == 200

        assert await cut(fresh_database) == 1
        await until(lambda: not one.known.current)
        one.asked.clear()
        assert await one.status(headers) == 200
        assert len([sql for sql in one.asked if "sign_ins" in sql]) == 1

        # Ended in the gap: refused at once by the look-up, and still known when the feed is back.
        await _revoke(one.runtime, person)
        assert await one.status(headers) == 401
        await until(lambda: one.known.current, 3 * SLACK)
        one.asked.clear()
        assert await one.status(headers) == 401
        assert await one.status(others) == 200
        assert [sql for sql in one.asked if "sign_ins" in sql] == []


async def test_a_feed_that_falls_silent_is_noticed_within_a_second(
    settings: Settings, fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its connection stands, but no answer comes: a network that swallows packets."""
    async with process(settings, fresh_database) as one:
        silent = asyncio.Event()
        execute = asyncpg.Connection.execute

        async def swallowed(connection: Any, query: str, *arguments: Any, **more: Any) -> str:
            if query == "SELECT 1" and silent.is_set():
                await asyncio.sleep(3600)
            said: str = await execute(connection, query, *arguments, **more)
            return said

        monkeypatch.setattr(asyncpg.Connection, "execute", swallowed)
        silent.set()
        assert await until(lambda: not one.known.current) < SLACK
        silent.clear()
        await until(lambda: one.known.current)


def test_a_lease_is_shorter_than_what_is_promised() -> None:
    assert LEASE_SECONDS < PROMISED


async def test_a_process_that_stood_still_looks_tokens_up_first(
    settings: Settings, fresh_database: Database
) -> None:
    """Nobody may be let in by what was known before a pause, however the loop is scheduled after it."""
    async with process(settings, fresh_database) as one:
        await until(lambda: one.known.current)
        time.sleep(LEASE_SECONDS + 0.1)  # noqa: ASYNC251  the whole process stands still, as in a long pause
        assert not one.known.current
        await until(lambda: one.known.current)


async def test_a_feed_that_cannot_hear_is_not_believed(
    settings: Settings, fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As behind a pooler that gives each statement another session: LISTEN succeeds and nothing comes."""
    monkeypatch.setattr(revocations, "ECHO", "SELECT $1::text")
    monkeypatch.setattr(revocations, "CONNECT_SECONDS", 0.4)
    known = Revocations(fresh_database, timedelta(minutes=15))
    closing = asyncio.Event()
    following = asyncio.create_task(known.follow(closing))
    await asyncio.sleep(1.0)
    assert not known.current
    closing.set()
    await following


async def test_what_is_remembered_is_let_go_when_its_tokens_are_over(fresh_database: Database) -> None:
    known = Revocations(fresh_database, timedelta(minutes=15))
    ended = new_id()
    known._remember([ended])
    known._forget(time.monotonic() + 15 * 60)
    assert ended in known
    known._forget(time.monotonic() + 15 * 60 + revocations.MARGIN.total_seconds() + 1)
    assert len(known) == 0


async def test_ended_sign_ins_are_forgotten_after_the_longest_life(
    settings: Settings, fresh_database: Database
) -> None:
    runtime = open_runtime(settings, fresh_database, SystemClock())
    for days in (29, 32):
        at = runtime.clock.now() - timedelta(days=days)
        await fresh_database.rows("INSERT INTO ended_sign_ins (id, ended_at) VALUES ($1, $2)", new_id(), at)
    await forget_what_is_over(runtime)
    left = await fresh_database.rows("SELECT ended_at FROM ended_sign_ins")
    assert [(runtime.clock.now() - row[0]).days for row in left] == [29]
    await runtime.http.aclose()


async def test_a_revoked_sign_in_stays_revoked(runtime: Runtime, shop: Shop) -> None:
    person, _ = await customer(runtime, shop)
    sign_in_id: UUID = await runtime.database.value(HOLD, person.user_id)
    async with runtime.database.transaction() as session:
        await revoke_sign_in(session, sign_in_id, "reuse", runtime.clock.now())
    with pytest.raises(asyncpg.CheckViolationError):
        await runtime.database.rows(
            "UPDATE sign_ins SET revoked_at = NULL, revoked_for = NULL WHERE id = $1", sign_in_id
        )
    reason = "SELECT revoked_for FROM sign_ins WHERE id = $1"
    assert await runtime.database.value(reason, sign_in_id) == "reuse"


async def test_a_record_that_gets_an_account_signs_nobody_out(runtime: Runtime, shop: Shop) -> None:
    person, _ = await customer(runtime, shop)
    await runtime.database.rows("UPDATE customers SET name = 'Budi' WHERE user_id = $1", person.user_id)
    await runtime.database.rows("UPDATE users SET is_active = true WHERE id = $1", person.user_id)
    assert await runtime.database.value(
        "SELECT revoked_at IS NULL FROM sign_ins WHERE user_id = $1", person.user_id
    )
