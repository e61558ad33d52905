"""Claims: all or nothing, split over locations, and never the same piece twice, however many ask at once."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from pasar.kernel.db.database import Database
from pasar.kernel.errors import Conflict
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from support.databases import address_text
from support.goods import make_product
from support.shelves import LATER, claim, holds, levels, live_holds_match, make_locations, put_stock
from support.shops import Shop

pytestmark = pytest.mark.money


@pytest.fixture
async def wide(database: Database) -> AsyncIterator[Database]:
    """The same database through a pool of thirty connections for sessions."""
    opened = await Database.open(replace(database.address, pool_size=60))
    yield opened
    await opened.close()


async def test_a_claim_reserves_and_holds(database: Database, shop: Shop) -> None:
    (place,) = await make_locations(database, shop.company_id, 0)
    variant = await put_stock(database, shop.company_id, {place: 5})
    order = await claim(database, shop.company_id, [(variant, 3)])
    assert await levels(database, shop.company_id, variant) == {place: (5, 3)}
    assert await holds(database, shop.company_id, order) == [("held", 3)]
    paid = await claim(database, shop.company_id, [(variant, 2)], expires_at=None)
    assert await holds(database, shop.company_id, paid) == [("committed", 2)]


async def test_a_hold_is_named_by_a_uuid_of_version_7(database: Database, shop: Shop) -> None:
    (place,) = await make_locations(database, shop.company_id, 0)
    variant = await put_stock(database, shop.company_id, {place: 1})
    before = new_id()
    order = await claim(database, shop.company_id, [(variant, 1)])
    hold = await database.value("SELECT id FROM stock_holds WHERE order_id = $1", order)
    assert (hold.version, hold.variant) == (7, "specified in RFC 4122")
    assert abs((hold.int >> 80) - (before.int >> 80)) < 60_000, (
        "its first 48 bits are the milliseconds of now"
    )


async def test_a_line_is_split_over_three_locations_by_priority(database: Database, shop: Shop) -> None:
    last, first, middle = await make_locations(database, shop.company_id, 9, 1, 5)
    variant = await put_stock(database, shop.company_id, {last: 4, first: 2, middle: 3})
    order = await claim(database, shop.company_id, [(variant, 6)])
    assert await levels(database, shop.company_id, variant) == {first: (2, 2), middle: (3, 3), last: (4, 1)}
    assert await holds(database, shop.company_id, order) == [("held", 1), ("held", 2), ("held", 3)]


async def test_several_lines_of_one_variant_are_one_wish(database: Database, shop: Shop) -> None:
    (place,) = await make_locations(database, shop.company_id, 0)
    variant = await put_stock(database, shop.company_id, {place: 5})
    with pytest.raises(Conflict) as refused:
        await claim(database, shop.company_id, [(variant, 3), (variant, 3)])
    assert refused.value.extra["lines"] == [{"variantId": str(variant), "wanted": 6, "available": 5}]
    await claim(database, shop.company_id, [(variant, 3), (variant, 2)])
    assert await levels(database, shop.company_id, variant) == {place: (5, 5)}


async def test_a_short_line_refuses_all_and_writes_nothing(database: Database, shop: Shop) -> None:
    (place,) = await make_locations(database, shop.company_id, 0)
    plenty = await put_stock(database, shop.company_id, {place: 50})
    scarce = await put_stock(database, shop.company_id, {place: 1})
    unknown = new_id()
    async with database.transaction() as session:
        from pasar.shop.inventory.public import ClaimLine, claim_stock

        wanted = [ClaimLine(plenty, 2), ClaimLine(scarce, 2), ClaimLine(unknown, 1)]
        with pytest.raises(Conflict) as refused:
            await claim_stock(session, shop.company_id, new_id(), wanted, expires_at=LATER, at=LATER)
        # The transaction is committed on purpose: the refusal itself has left nothing behind.
    assert refused.value.code == "out_of_stock"
    assert {(line["variantId"], line["available"]) for line in refused.value.extra["lines"]} == {
        (str(scarce), 1),
        (str(unknown), 0),
    }
    assert await levels(database, shop.company_id, plenty) == {place: (50, 0)}
    assert await live_holds_match(database, shop.company_id)


async def test_what_may_be_backordered_goes_below_zero_at_its_first_location(
    database: Database, shop: Shop
) -> None:
    second, first = await make_locations(database, shop.company_id, 2, 1)
    variant = await put_stock(database, shop.company_id, {second: 1, first: 2}, backorder=True)
    await claim(database, shop.company_id, [(variant, 7)])
    assert await levels(database, shop.company_id, variant) == {first: (2, 6), second: (1, 1)}
    await claim(database, shop.company_id, [(variant, 1)])
    assert await levels(database, shop.company_id, variant) == {first: (2, 7), second: (1, 1)}
    available = await database.value(
        "SELECT available FROM inventory_available WHERE company_id = $1 AND variant_id = $2",
        shop.company_id,
        variant,
    )
    assert available == -5


async def test_a_claim_of_nothing_is_refused(database: Database, shop: Shop) -> None:
    with pytest.raises(ValueError, match="at least one"):
        await claim(database, shop.company_id, [(new_id(), 0)])


async def test_another_company_has_none_of_it(database: Database, shop: Shop, runtime: Runtime) -> None:
    from support.shops import make_shop

    (place,) = await make_locations(database, shop.company_id, 0)
    variant = await put_stock(database, shop.company_id, {place: 5})
    other = await make_shop(runtime)
    with pytest.raises(Conflict):
        await claim(database, other.company_id, [(variant, 1)])


async def test_two_hundred_buyers_of_ten_units_get_exactly_ten(wide: Database, shop: Shop) -> None:
    near, far = await make_locations(wide, shop.company_id, 1, 2)
    variant = await put_stock(wide, shop.company_id, {near: 6, far: 4})
    most_at_once = at_once = 0

    async def buy() -> bool:
        nonlocal most_at_once, at_once
        at_once = wide.engine.pool.checkedout()  # type: ignore[attr-defined]  # the pool is a QueuePool
        most_at_once = max(most_at_once, at_once)
        try:
            await claim(wide, shop.company_id, [(variant, 1)])
        except Conflict:
            return False
        return True

    bought = await asyncio.gather(*(buy() for _ in range(200)))
    assert sum(bought) == 10
    assert await levels(wide, shop.company_id, variant) == {near: (6, 6), far: (4, 4)}
    assert await live_holds_match(wide, shop.company_id)
    assert wide.engine.pool.size() >= 20  # type: ignore[attr-defined]  # the pool is a QueuePool


async def test_buyers_of_several_pieces_never_oversell(wide: Database, shop: Shop) -> None:
    places = await make_locations(wide, shop.company_id, 3, 1, 2)
    variant = await put_stock(wide, shop.company_id, dict(zip(places, (7, 5, 11), strict=True)))
    chance = random.Random(7)
    sizes = [chance.randint(1, 4) for _ in range(60)]

    async def buy(size: int) -> int:
        try:
            await claim(wide, shop.company_id, [(variant, size)])
        except Conflict:
            return 0
        return size

    sold = sum(await asyncio.gather(*(buy(size) for size in sizes)))
    reserved = sum(row[1] for row in (await levels(wide, shop.company_id, variant)).values())
    assert reserved == sold
    assert 20 <= sold <= 23, "what is left is less than the largest wish, else somebody was refused wrongly"
    assert await live_holds_match(wide, shop.company_id)


async def test_carts_in_opposite_orders_never_wait_in_a_circle(wide: Database, shop: Shop) -> None:
    places = await make_locations(wide, shop.company_id, 2, 1)
    one = await put_stock(wide, shop.company_id, dict.fromkeys(places, 40))
    two = await put_stock(wide, shop.company_id, dict.fromkeys(places, 40))
    wishes = [[(one, 1), (two, 1)], [(two, 1), (one, 1)]] * 40
    # A deadlock would raise here: PostgreSQL ends one of the two with an error.
    await asyncio.gather(*(claim(wide, shop.company_id, wish) for wish in wishes))
    for variant in (one, two):
        assert sum(row[1] for row in (await levels(wide, shop.company_id, variant)).values()) == 80
    assert await live_holds_match(wide, shop.company_id)


async def test_a_claim_waits_and_then_reckons_with_what_it_finds(wide: Database, shop: Shop) -> None:
    (place,) = await make_locations(wide, shop.company_id, 0)
    variant = await put_stock(wide, shop.company_id, {place: 10})
    async with wide.transaction() as session:
        from pasar.kernel.db.database import fetch

        await fetch(
            session,
            "UPDATE stock_levels SET on_hand = 3 WHERE company_id = $1 AND variant_id = $2",
            (shop.company_id, variant),
        )
        waiting = asyncio.create_task(claim(wide, shop.company_id, [(variant, 5)]))
        await asyncio.sleep(0.2)
        assert not waiting.done(), "it waits for the row"
    with pytest.raises(Conflict) as refused:
        await waiting
    assert refused.value.extra["lines"][0]["available"] == 3, (
        "as committed meanwhile, not as its snapshot saw it"
    )


async def test_the_last_piece_takes_the_product_out_of_stock(runtime: Runtime, shop: Shop) -> None:
    from pasar.shop.inventory.public import release_holds

    product = await make_product(runtime, shop, stock=2)
    (variant,) = product.variant_ids
    in_stock = "SELECT in_stock FROM products WHERE company_id = $1 AND id = $2"
    assert await runtime.database.value(in_stock, shop.company_id, product.product_id)
    await claim(runtime.database, shop.company_id, [(variant, 1)])
    assert await runtime.database.value(in_stock, shop.company_id, product.product_id)
    order = await claim(runtime.database, shop.company_id, [(variant, 1)])
    assert not await runtime.database.value(in_stock, shop.company_id, product.product_id)
    async with runtime.database.transaction() as session:
        assert await release_holds(session, shop.company_id, order, LATER) == 1
    assert await runtime.database.value(in_stock, shop.company_id, product.product_id)


async def test_plenty_of_stock_costs_one_statement(database: Database, shop: Shop) -> None:
    from sqlalchemy import event

    (place,) = await make_locations(database, shop.company_id, 0)
    variant = await put_stock(database, shop.company_id, {place: 1000})
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        await claim(database, shop.company_id, [(variant, 2)])
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)
    assert len(sent) == 1


KILLED = """
import asyncio, os, sys
from datetime import UTC, datetime, timedelta
from uuid import UUID
from pasar.kernel.db.addresses import parse_address
from pasar.kernel.db.database import Database
from pasar.shop.inventory.public import ClaimLine, claim_stock

async def main():
    database = await Database.open(parse_address(os.environ["PASAR_TEST_ADDRESS"]))
    company, variant, order = (UUID(text) for text in sys.argv[1:])
    async with database.transaction() as session:
        now = datetime.now(UTC)
        later = now + timedelta(hours=1)
        await claim_stock(session, company, order, [ClaimLine(variant, 4)], expires_at=later, at=now)
        print("claimed", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_a_process_killed_before_its_commit_leaves_nothing(database: Database, shop: Shop) -> None:
    (place,) = await make_locations(database, shop.company_id, 0)
    variant = await put_stock(database, shop.company_id, {place: 5})
    order = new_id()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        KILLED,
        str(shop.company_id),
        str(variant),
        str(order),
        env=os.environ | {"PASAR_TEST_ADDRESS": address_text(database.address)},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        assert await asyncio.wait_for(process.stdout.readline(), 60) == b"claimed\n"
        in_the_way = await database.value(
            "SELECT count(*) FROM pg_locks"
            " WHERE relation = 'stock_levels'::regclass AND mode = 'RowExclusiveLock'"
        )
        assert in_the_way >= 1, "its transaction is open and holds the row"
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()
    # The whole stock can be claimed as soon as the server notices, without anybody cleaning up.
    await asyncio.wait_for(claim(database, shop.company_id, [(variant, 5)]), 20)
    assert await holds(database, shop.company_id, order) == []
    assert await levels(database, shop.company_id, variant) == {place: (5, 5)}
