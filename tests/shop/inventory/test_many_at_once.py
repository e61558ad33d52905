"""Stock of many variants at once: first stock touches new ones only, a recount keeps what is promised."""

from __future__ import annotations

from uuid import UUID

import pytest

from pasar.kernel.db.database import Database
from pasar.kernel.ids import new_id
from pasar.shop.inventory.public import default_location, levels_of, recount_stock, set_initial_stock
from support.shelves import claim, levels, live_holds_match, make_locations, put_stock
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


async def test_a_recount_sets_the_first_location_and_keeps_what_is_promised(
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
        assert await recount_stock(session, shop.company_id, counts) == [promised]
    assert await levels(database, shop.company_id, known) == {near: (9, 0), far: (4, 0)}
    assert await levels(database, shop.company_id, promised) == {near: (5, 5)}
    assert await levels(database, shop.company_id, new) == {near: (7, 0)}
    rows = await database.rows(
        "SELECT variant_id, delta, reason FROM stock_adjustments WHERE company_id = $1", shop.company_id
    )
    assert sorted(tuple(row) for row in rows) == sorted(
        [(known, 3, "counted"), (promised, -1, "counted"), (new, 7, "initial")]
    )
    assert await live_holds_match(database, shop.company_id)
    async with database.transaction() as session:
        assert await recount_stock(session, shop.company_id, counts[:1]) == [], (
            "the same count changes nothing"
        )
