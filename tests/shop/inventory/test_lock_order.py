"""Imports with stock, buyers of last pieces, staff who count, and who moves locations: none in a circle."""

from __future__ import annotations

import asyncio
import io
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from structlog.testing import capture_logs

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database
from pasar.kernel.errors import Conflict
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import open_runtime
from pasar.shop.catalog.importing.import_products import import_products
from pasar.shop.inventory.actions.keep_locations import change_location, open_location
from pasar.shop.inventory.jobs import release_expired_holds
from pasar.shop.inventory.public import ClaimLine, adjust_stock, claim_stock, release_holds
from support.shelves import NOW, live_holds_match
from support.shops import Shop, make_shop

pytestmark = pytest.mark.money

PRODUCTS = 24
IMPORTS = 12
LONGEST_SECONDS = 60
HEADING = "Handle,Title,Published,Variant SKU,Variant Inventory Qty,Variant Inventory Policy,Variant Price\n"
VARIANTS = """
SELECT v.id FROM variants v JOIN products p ON p.company_id = v.company_id AND p.id = v.product_id
 WHERE p.company_id = $1 ORDER BY p.handle
"""
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"


@pytest.fixture
async def busy(fresh_database: Database, settings: Settings) -> AsyncIterator[Runtime]:
    """A runtime whose connections are closed at the end, so that the server has counted what they met."""
    runtime = open_runtime(settings, await Database.open(fresh_database.address), SystemClock())
    yield runtime
    await runtime.http.aclose()
    await runtime.database.close()


def catalogue(turn: int, quantity: int) -> bytes:
    """All products, changed each turn, and in another order than their ids."""
    rows = []
    for n in range(PRODUCTS):
        policy = "continue" if (n + turn) % 7 == 0 else "deny"
        rows.append(f"thing-{n},Thing {n} of {turn},true,T{n},{quantity},{policy},5\n")
    random.Random(turn).shuffle(rows)
    return (HEADING + "".join(rows)).encode()


async def bring_in(runtime: Runtime, shop: Shop, turn: int, **options: Any) -> None:
    stream = io.BytesIO(catalogue(turn, turn % 2))
    report = await import_products(
        runtime, shop.company_id, stream, currency="USD", author="test", update_stock=True, **options
    )
    assert report.errors == 0, report.problems


async def buy_and_cancel(runtime: Runtime, shop: Shop, variants: list[UUID], chance: random.Random) -> None:
    """What checkout and cancelling do to stock: the last pieces, several at once."""
    order_id, company_id = new_id(), shop.company_id
    lines = [ClaimLine(variant, 1) for variant in chance.sample(variants, 3)]
    expires_at = runtime.clock.now() if chance.random() < 0.5 else NOW.replace(year=2099)
    try:
        async with runtime.database.transaction() as session:
            await claim_stock(session, company_id, order_id, lines, expires_at=expires_at, at=NOW)
    except Conflict:
        return
    if expires_at.year == 2099:
        async with runtime.database.transaction() as session:
            await release_holds(session, company_id, order_id, NOW)


async def count_one(runtime: Runtime, shop: Shop, variants: list[UUID], chance: random.Random) -> None:
    try:
        async with runtime.database.transaction() as session:
            await adjust_stock(
                session,
                shop.company_id,
                chance.choice(variants),
                location_id=None,
                set_to=chance.randint(0, 1),
                delta=None,
                reason="counted",
                note="",
                author="test",
                at=NOW,
            )
    except Conflict as problem:
        if problem.code != "below_reserved":
            raise


async def test_imports_buyers_and_staff_do_not_wait_in_a_circle(
    busy: Runtime, fresh_database: Database
) -> None:
    runtime, shop = busy, await make_shop(busy)
    await bring_in(runtime, shop, 1)
    variants = [row[0] for row in await runtime.database.rows(VARIANTS, shop.company_id)]
    assert len(variants) == PRODUCTS
    async with runtime.database.transaction() as session:
        second = await open_location(session, shop.company_id, name="Second", priority=5)
    chance = random.Random(7)
    done = asyncio.Event()

    async def until_done(work: Callable[[], Awaitable[object]]) -> None:
        while not done.is_set():
            await work()
            await asyncio.sleep(0)

    async def move_a_location() -> None:
        async with runtime.database.transaction() as session:
            await change_location(session, shop.company_id, second.id, priority=chance.choice((-5, 5)))
        await asyncio.sleep(0.02)

    async def sweep() -> None:
        await release_expired_holds(runtime)
        await asyncio.sleep(0.02)

    async def imports() -> None:
        for turn in range(2, 2 + IMPORTS):
            await bring_in(runtime, shop, turn, strict=turn % 4 == 0)
        done.set()

    with capture_logs() as told:
        async with asyncio.timeout(LONGEST_SECONDS), asyncio.TaskGroup() as tasks:
            tasks.create_task(imports())
            for _ in range(3):
                tasks.create_task(until_done(lambda: buy_and_cancel(runtime, shop, variants, chance)))
            for _ in range(2):
                tasks.create_task(until_done(lambda: count_one(runtime, shop, variants, chance)))
            tasks.create_task(until_done(move_a_location))
            tasks.create_task(until_done(sweep))
    assert not [entry for entry in told if entry["event"] == "import.waits"], (
        "a deadlock was met and passed over"
    )
    await release_expired_holds(runtime)
    assert await live_holds_match(runtime.database, shop.company_id)
    await runtime.database.close()
    assert await fresh_database.value(DEADLOCKS) == 0


async def test_two_who_close_different_locations_do_not_wait_for_each_other(busy: Runtime) -> None:
    shop = await make_shop(busy)
    places = []
    for name in ("One", "Two", "Three"):
        async with busy.database.transaction() as session:
            places.append((await open_location(session, shop.company_id, name=name, priority=0)).id)

    async def turn(place: UUID) -> None:
        for is_active in (False, True) * 10:
            try:
                async with busy.database.transaction() as session:
                    await change_location(session, shop.company_id, place, is_active=is_active)
            except Conflict as problem:
                if problem.code != "last_location":
                    raise

    async with asyncio.timeout(LONGEST_SECONDS), asyncio.TaskGroup() as tasks:
        for place in places:
            tasks.create_task(turn(place))
