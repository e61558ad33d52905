"""Stock of many variants at once: first stock touches new ones only, a recount keeps what is promised."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from pasar.kernel.db.database import Database
from pasar.kernel.ids import new_id
from pasar.shop.inventory.public import (
    default_location,
    levels_of,
    recount_stock,
    set_initial_stock,
    ship_holds,
    switch_backorder,
)
from support.shelves import NOW, claim, levels, live_holds_match, make_locations, put_stock
from support.shops import Shop

pytestmark = pytest.mark.money


async def available(database: Database, company_id: UUID, variants: list[UUID]) -> list[tuple[int, bool]]:
    found = await levels_of(database, company_id, variants)
    return [(found[variant].available, found[variant].allow_backorder) for variant in variants]


async def test_first_stock_is_set_once(database: Database, shop: Shop) -> None:
    one, two, three = (new_id() for _ in range(3))
    async with database.transaction() as session:
        made = await set_initial_stock(
            session, shop.company_id, [(one, 5, False), (two, -3, True), (three, 0, False)]
        )
        assert sorted(made) == sorted([one, two, three])
        again = await set_initial_stock(session, shop.company_id, [(one, 99, True), (new_id(), 1, False)])
        assert len(again) == 1, "what has stock already is left alone"
        place = await default_location(session, shop.company_id)
    assert await available(database, shop.company_id, [one, two, three]) == [
        (5, False),
        (0, True),
        (0, False),
    ]
    assert await levels(database, shop.company_id, one) == {place: (5, 0)}
    rows = await database.rows(
        "SELECT variant_id, delta, reason FROM stock_adjustments WHERE variant_id = $1", one
    )
    assert [tuple(row) for row in rows] == [(one, 5, "initial")]


async def test_a_recount_sets_the_sum_over_locations_and_keeps_what_is_promised(
    database: Database, shop: Shop
) -> None:
    far, near = await make_locations(database, shop.company_id, 2, 1)
    known = await put_stock(database, shop.company_id, {far: 4, near: 6})
    promised = await put_stock(database, shop.company_id, {near: 6})
    same = await put_stock(database, shop.company_id, {near: 3})
    new = new_id()
    await claim(database, shop.company_id, [(promised, 5)])
    counts = [(known, 9, False), (promised, 2, False), (same, 3, False), (new, 7, False)]
    async with database.transaction() as session:
        assert await recount_stock(session, shop.company_id, counts) == {promised: 5}
    assert await levels(database, shop.company_id, known) == {near: (5, 0), far: (4, 0)}
    assert await levels(database, shop.company_id, promised) == {near: (5, 5)}
    assert await levels(database, shop.company_id, new) == {near: (7, 0)}
    rows = await database.rows(
        "SELECT variant_id, delta, reason FROM stock_adjustments WHERE company_id = $1", shop.company_id
    )
    assert sorted(tuple(row) for row in rows) == sorted(
        [(known, -1, "counted"), (promised, -1, "counted"), (new, 7, "initial")]
    )
    assert await live_holds_match(database, shop.company_id)
    async with database.transaction() as session:
        assert await recount_stock(session, shop.company_id, counts[:1]) == {}
    history = "SELECT count(*) FROM stock_adjustments WHERE company_id = $1"
    assert await database.value(history, shop.company_id) == 3, "the same count changes nothing"


async def test_a_variant_that_comes_twice_is_counted_once(database: Database, shop: Shop) -> None:
    (place,) = await make_locations(database, shop.company_id, 0)
    known = await put_stock(database, shop.company_id, {place: 6})
    new = new_id()
    rows = [(known, 9, False), (new, 1, False), (known, 4, False), (new, 2, True)]
    async with database.transaction() as session:
        assert await recount_stock(session, shop.company_id, rows) == {}
        assert await recount_stock(session, shop.company_id, rows) == {}, "in one transaction, too"
    assert await levels(database, shop.company_id, known) == {place: (4, 0)}
    assert await levels(database, shop.company_id, new) == {place: (2, 0)}
    assert await available(database, shop.company_id, [new]) == [(2, True)]


async def test_a_count_meets_what_is_sold_meanwhile(database: Database, shop: Shop) -> None:
    """The figure that the count starts from is read under its lock: a sale before it is not undone."""
    (place,) = await make_locations(database, shop.company_id, 0)
    variant = await put_stock(database, shop.company_id, {place: 6})
    order = await claim(database, shop.company_id, [(variant, 2)], expires_at=None)

    async def count() -> None:
        async with database.transaction() as session:
            await recount_stock(session, shop.company_id, [(variant, 9, False)])

    async with database.transaction() as session:
        await ship_holds(session, shop.company_id, order, None, NOW)
        counting = asyncio.create_task(count())
        await asyncio.sleep(0.1)
    await counting
    assert await levels(database, shop.company_id, variant) == {place: (9, 0)}
    moves = "SELECT delta FROM stock_adjustments WHERE variant_id = $1 ORDER BY created_at, id"
    assert [row[0] for row in await database.rows(moves, variant)] == [-2, 5], "from the 4 that were left"


async def test_backorder_is_switched_where_promises_allow(database: Database, shop: Shop) -> None:
    (place,) = await make_locations(database, shop.company_id, 0)
    shut = await put_stock(database, shop.company_id, {place: 0})
    free = await put_stock(database, shop.company_id, {place: 1}, backorder=True)
    promised = await put_stock(database, shop.company_id, {place: 1}, backorder=True)
    await claim(database, shop.company_id, [(promised, 3)])
    without, never = new_id(), new_id()
    wanted = {shut: True, free: False, promised: False, without: True, never: False}
    async with database.transaction() as session:
        assert await switch_backorder(session, shop.company_id, wanted) == {promised}
    assert await available(database, shop.company_id, [shut, free, promised, without]) == [
        (0, True),
        (1, False),
        (-2, True),
        (0, True),
    ]
    assert await levels(database, shop.company_id, never) == {}
    await claim(database, shop.company_id, [(shut, 1), (without, 2)])
