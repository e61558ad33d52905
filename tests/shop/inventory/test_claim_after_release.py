"""A buyer who comes while a last piece is given back gets it: the refusal of an older figure never shows."""

from __future__ import annotations

import asyncio

import pytest

from pasar.kernel.db.database import Database, fetch
from pasar.shop.inventory.public import release_holds
from support.shelves import NOW, claim, levels, live_holds_match, make_locations, put_stock
from support.shops import Shop

pytestmark = pytest.mark.money


async def test_a_claim_that_waited_for_a_release_gets_the_piece(database: Database, shop: Shop) -> None:
    """Its snapshot shows the piece as reserved, so one more than there is would be, by that figure."""
    (place,) = await make_locations(database, shop.company_id, 0)
    variant = await put_stock(database, shop.company_id, {place: 1})
    first = await claim(database, shop.company_id, [(variant, 1)])
    async with database.transaction() as session:
        await release_holds(session, shop.company_id, first, NOW)
        waiting = asyncio.create_task(claim(database, shop.company_id, [(variant, 1)]))
        await asyncio.sleep(0.2)
        assert not waiting.done(), "it waits for the row"
    await waiting
    assert await levels(database, shop.company_id, variant) == {place: (1, 1)}
    assert await live_holds_match(database, shop.company_id)


@pytest.mark.parametrize("change", ["on_hand = 9", "allow_backorder = true"])
async def test_a_claim_that_waited_for_more_stock_takes_of_it(
    database: Database, shop: Shop, change: str
) -> None:
    (place,) = await make_locations(database, shop.company_id, 0)
    variant = await put_stock(database, shop.company_id, {place: 1})
    grown = f"UPDATE stock_levels SET {change} WHERE company_id = $1 AND variant_id = $2"
    async with database.transaction() as session:
        await fetch(session, grown, (shop.company_id, variant))
        waiting = asyncio.create_task(claim(database, shop.company_id, [(variant, 4)]))
        await asyncio.sleep(0.2)
        assert not waiting.done(), "it waits for the row"
    await waiting
    ((_, reserved),) = (await levels(database, shop.company_id, variant)).values()
    assert reserved == 4
