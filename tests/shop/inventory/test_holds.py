"""Holds end once: released, shipped, or over; and the figures always add up to a plain model's."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

import pytest

from pasar.kernel.clock import FixedClock
from pasar.kernel.db.database import Database
from pasar.kernel.errors import Conflict
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.shop.inventory.jobs import find_drift
from pasar.shop.inventory.public import (
    ClaimLine,
    adjust_stock,
    commit_holds,
    release_expired_holds,
    release_holds,
    ship_holds,
)
from support.shelves import LATER, NOW, claim, holds, levels, live_holds_match, make_locations, put_stock
from support.shops import Shop, make_shop

pytestmark = pytest.mark.money


async def commit(database: Database, company_id: UUID, order: UUID) -> int:
    async with database.transaction() as session:
        return await commit_holds(session, company_id, order, NOW)


async def release(database: Database, company_id: UUID, order: UUID) -> int:
    async with database.transaction() as session:
        return await release_holds(session, company_id, order, NOW)


async def ship(
    database: Database, company_id: UUID, order: UUID, lines: list[tuple[UUID, int]] | None = None
) -> int:
    wanted = None if lines is None else [ClaimLine(*line) for line in lines]
    async with database.transaction() as session:
        return await ship_holds(session, company_id, order, wanted, NOW, author="staff:test")


async def test_commit_release_and_again(database: Database, shop: Shop) -> None:
    (place,) = await make_locations(database, shop.company_id, 0)
    variant = await put_stock(database, shop.company_id, {place: 5})
    order = await claim(database, shop.company_id, [(variant, 3)])
    assert await commit(database, shop.company_id, order) == 3
    assert await commit(database, shop.company_id, order) == 3, "saying it twice changes nothing"
    assert await release(database, shop.company_id, order) == 3, "cancelling gives back what was committed"
    assert await release(database, shop.company_id, order) == 0
    assert await commit(database, shop.company_id, order) == 0, "what is released is not committed any more"
    assert await levels(database, shop.company_id, variant) == {place: (5, 0)}


async def test_shipping_lowers_both_and_keeps_a_history(database: Database, shop: Shop) -> None:
    near, far = await make_locations(database, shop.company_id, 1, 2)
    variant = await put_stock(database, shop.company_id, {near: 2, far: 5})
    order = await claim(database, shop.company_id, [(variant, 4)], expires_at=None)
    assert await ship(database, shop.company_id, order) == 4
    assert await levels(database, shop.company_id, variant) == {near: (0, 0), far: (3, 0)}
    rows = await database.rows(
        "SELECT delta, on_hand_after, reason, note, author"
        " FROM stock_adjustments WHERE variant_id = $1 ORDER BY 2",
        variant,
    )
    assert [tuple(row) for row in rows] == [
        (-2, 0, "shipped", f"order:{order}", "staff:test"),
        (-2, 3, "shipped", f"order:{order}", "staff:test"),
    ]
    assert await release(database, shop.company_id, order) == 0, "what has left cannot be given back"


async def test_a_part_leaves_and_the_rest_stays_held(database: Database, shop: Shop) -> None:
    (place,) = await make_locations(database, shop.company_id, 0)
    variant = await put_stock(database, shop.company_id, {place: 9})
    order = await claim(database, shop.company_id, [(variant, 5)], expires_at=None)
    assert await ship(database, shop.company_id, order, [(variant, 2)]) == 2
    assert await holds(database, shop.company_id, order) == [("committed", 3), ("shipped", 2)]
    assert await levels(database, shop.company_id, variant) == {place: (7, 3)}
    with pytest.raises(Conflict) as refused:
        await ship(database, shop.company_id, order, [(variant, 4)])
    assert refused.value.code == "not_committed"
    assert await release(database, shop.company_id, order) == 3
    assert await levels(database, shop.company_id, variant) == {place: (7, 0)}


async def test_what_is_only_held_does_not_ship(database: Database, shop: Shop) -> None:
    (place,) = await make_locations(database, shop.company_id, 0)
    variant = await put_stock(database, shop.company_id, {place: 9})
    order = await claim(database, shop.company_id, [(variant, 5)])
    assert await ship(database, shop.company_id, order) == 0
    with pytest.raises(Conflict):
        await ship(database, shop.company_id, order, [(variant, 1)])


async def test_backordered_goods_ship_once_they_came(database: Database, shop: Shop) -> None:
    (place,) = await make_locations(database, shop.company_id, 0)
    variant = await put_stock(database, shop.company_id, {place: 1}, backorder=True)
    order = await claim(database, shop.company_id, [(variant, 3)], expires_at=None)
    with pytest.raises(Conflict) as refused:
        await ship(database, shop.company_id, order)
    assert refused.value.code == "not_on_hand"
    assert await holds(database, shop.company_id, order) == [("committed", 3)], "nothing was half done"
    async with database.transaction() as session:
        await adjust_stock(
            session,
            shop.company_id,
            variant,
            location_id=None,
            set_to=None,
            delta=2,
            reason="received",
            note="",
            author="staff:test",
            at=NOW,
        )
    assert await ship(database, shop.company_id, order) == 3
    assert await levels(database, shop.company_id, variant) == {place: (0, 0)}


async def test_two_sweeps_release_every_expired_hold_once(runtime: Runtime, fresh_database: Database) -> None:
    clock = FixedClock(LATER + timedelta(seconds=1))
    mine = replace(runtime, database=fresh_database, clock=clock)
    shop = await make_shop(mine)
    (place,) = await make_locations(fresh_database, shop.company_id, 0)
    variants = [await put_stock(fresh_database, shop.company_id, {place: 30}) for _ in range(3)]
    over = [await claim(fresh_database, shop.company_id, [(v, 1) for v in variants]) for _ in range(20)]
    kept = await claim(fresh_database, shop.company_id, [(variants[0], 2)])
    await commit(fresh_database, shop.company_id, kept)
    young = await claim(
        fresh_database, shop.company_id, [(variants[1], 3)], expires_at=LATER + timedelta(hours=1)
    )
    released = await asyncio.gather(*(release_expired_holds(mine, batch=7) for _ in range(2)))
    # A sweep that finds a batch locked by the other ends early: it runs again within the minute.
    released += [await release_expired_holds(mine, batch=7)]
    assert sum(released) == 60
    assert [await holds(fresh_database, shop.company_id, order) for order in over] == [
        [("released", 1)] * 3
    ] * 20
    assert await holds(fresh_database, shop.company_id, kept) == [("committed", 2)]
    assert await holds(fresh_database, shop.company_id, young) == [("held", 3)]
    figures = [await levels(fresh_database, shop.company_id, variant) for variant in variants]
    assert figures == [{place: (30, 2)}, {place: (30, 3)}, {place: (30, 0)}]
    assert await find_drift(mine) == []


async def test_the_reconciler_names_what_differs(runtime: Runtime, fresh_database: Database) -> None:
    mine = replace(runtime, database=fresh_database)
    shop = await make_shop(mine)
    (place,) = await make_locations(fresh_database, shop.company_id, 0)
    variant = await put_stock(fresh_database, shop.company_id, {place: 30})
    await claim(fresh_database, shop.company_id, [(variant, 4)])
    assert await find_drift(mine) == []
    await fresh_database.rows("UPDATE stock_levels SET reserved = 6 WHERE variant_id = $1", variant)
    (drift,) = await find_drift(mine)
    assert (drift.variant_id, drift.location_id, drift.reserved, drift.held) == (variant, place, 6, 4)
    await fresh_database.rows("DELETE FROM stock_levels WHERE variant_id = $1", variant)
    (drift,) = await find_drift(mine)
    assert (drift.reserved, drift.held) == (0, 4), "a hold without a level is a difference too"


@dataclass
class Model:
    """What should be: plain numbers over all locations."""

    on_hand: dict[UUID, int]
    held: dict[UUID, dict[UUID, int]] = field(default_factory=dict)
    committed: dict[UUID, dict[UUID, int]] = field(default_factory=dict)

    def reserved(self, variant: UUID) -> int:
        orders = [*self.held.values(), *self.committed.values()]
        return sum(order.get(variant, 0) for order in orders)

    def available(self, variant: UUID) -> int:
        return self.on_hand[variant] - self.reserved(variant)


@pytest.mark.parametrize("seed", range(6))
async def test_any_sequence_agrees_with_a_plain_model(database: Database, shop: Shop, seed: int) -> None:
    chance = random.Random(seed)
    places = await make_locations(database, shop.company_id, 2, 1, 3)
    variants = [
        await put_stock(database, shop.company_id, {place: chance.randint(0, 6) for place in places})
        for _ in range(3)
    ]
    model = Model(
        {v: sum(n for n, _ in (await levels(database, shop.company_id, v)).values()) for v in variants}
    )
    for _ in range(70):
        await _one_step(database, shop.company_id, model, chance, variants, places)
        assert await live_holds_match(database, shop.company_id)
        for variant in variants:
            rows = (await levels(database, shop.company_id, variant)).values()
            assert sum(row[0] for row in rows) == model.on_hand[variant]
            assert sum(row[1] for row in rows) == model.reserved(variant)


async def _one_step(
    database: Database,
    company: UUID,
    model: Model,
    chance: random.Random,
    variants: list[UUID],
    places: list[UUID],
) -> None:
    verb = chance.choice(["claim", "claim", "claim", "commit", "release", "ship", "adjust"])
    if verb == "claim":
        wish = {v: chance.randint(1, 5) for v in chance.sample(variants, chance.randint(1, 3))}
        order = new_id()
        fits = all(model.available(v) >= n for v, n in wish.items())
        if fits:
            await claim(database, company, list(wish.items()), order_id=order)
            model.held[order] = wish
        else:
            with pytest.raises(Conflict):
                await claim(database, company, list(wish.items()), order_id=order)
    elif verb == "commit" and model.held:
        order = chance.choice(list(model.held))
        model.committed[order] = model.held.pop(order)
        assert await commit(database, company, order) == sum(model.committed[order].values())
    elif verb == "release" and (model.held or model.committed):
        order = chance.choice([*model.held, *model.committed])
        gone = model.held.pop(order, None) or model.committed.pop(order)
        assert await release(database, company, order) == sum(gone.values())
    elif verb == "ship" and model.committed:
        order = chance.choice(list(model.committed))
        parts = {v: chance.randint(1, n) for v, n in model.committed[order].items()}
        assert await ship(database, company, order, list(parts.items())) == sum(parts.values())
        for variant, pieces in parts.items():
            model.on_hand[variant] -= pieces
            model.committed[order][variant] -= pieces
        left = {v: n for v, n in model.committed.pop(order).items() if n}
        if left:
            model.committed[order] = left
    elif verb == "adjust":
        await _adjust(database, company, model, chance.choice(variants), chance.choice(places), chance)


async def _adjust(
    database: Database, company: UUID, model: Model, variant: UUID, place: UUID, chance: random.Random
) -> None:
    on_hand, reserved = (await levels(database, company, variant))[place]
    delta = chance.randint(-4, 5)
    set_to = on_hand + delta if chance.random() < 0.5 else None
    if set_to is not None and set_to < 0:
        return
    change = {
        "location_id": place,
        "set_to": set_to,
        "delta": None if set_to is not None else delta,
        "reason": "counted",
        "note": "",
        "author": "test",
        "at": NOW,
    }
    if on_hand + delta < reserved:
        with pytest.raises(Conflict):
            async with database.transaction() as session:
                await adjust_stock(session, company, variant, **change)  # type: ignore[arg-type]
        return
    async with database.transaction() as session:
        made = await adjust_stock(session, company, variant, **change)  # type: ignore[arg-type]
    model.on_hand[variant] += delta
    assert (made.on_hand, made.available) == (on_hand + delta, model.available(variant))
