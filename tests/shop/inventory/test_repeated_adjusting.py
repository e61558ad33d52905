"""An adjustment that is sent twice with one key is made once; one that meets others is told to come again."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from pasar.kernel.db.database import fetch
from pasar.kernel.runtime import Runtime
from support.goods import make_product
from support.people import make_staff
from support.shelves import levels
from support.shops import Shop

pytestmark = pytest.mark.money

ADJUST = "/api/admin/inventory/adjustments"


async def test_one_key_is_one_adjustment(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    staff = await make_staff(runtime, shop)
    (variant,) = (await make_product(runtime, shop, stock=10)).variant_ids
    body = {"variantId": str(variant), "delta": -2, "reason": "damaged"}
    keyed = staff | {"idempotency-key": "once"}
    first = await client.post(ADJUST, json=body, headers=keyed)
    again = await client.post(ADJUST, json=body, headers=keyed)
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert [row[0] for row in (await levels(runtime.database, shop.company_id, variant)).values()] == [8]
    other = await client.post(ADJUST, json=body | {"delta": -3}, headers=keyed)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    without = await client.post(ADJUST, json=body, headers=staff)
    assert without.json()["onHand"] == 6


async def test_a_deadlock_is_said_as_try_again(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    staff = await make_staff(runtime, shop)
    (variant,) = (await make_product(runtime, shop, stock=10)).variant_ids
    place = (shop.company_id, *(await levels(runtime.database, shop.company_id, variant)))
    body = {"variantId": str(variant), "delta": -2, "reason": "damaged"}
    level = "SELECT FROM stock_levels WHERE company_id = $1 AND variant_id = $2 FOR UPDATE"
    async with runtime.database.transaction() as session:  # against the order of locks, on purpose
        await fetch(session, level, (shop.company_id, variant))
        adjusting = asyncio.create_task(client.post(ADJUST, json=body, headers=staff))
        await asyncio.sleep(0.4)
        # The adjustment has waited longer, so PostgreSQL looks for a circle on its behalf first and ends it.
        await fetch(session, "SELECT FROM locations WHERE company_id = $1 AND id = $2 FOR UPDATE", place)
        answer = await adjusting
    assert (answer.status_code, answer.json()["code"]) == (503, "try_again")
    assert int(answer.headers["retry-after"]) > 0
    assert [row[0] for row in (await levels(runtime.database, shop.company_id, variant)).values()] == [10]
