"""Checkout while every connection of the bare pool waits for the cart that it has locked: no hang."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database, fetch
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import assemble, observed, open_runtime
from support.databases import copied_database
from support.goods import make_product
from support.selling import check_out, guest_with, make_selling_shop

ADDS = 12
BARE_CONNECTIONS = 2
WAITING = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
"""
PATIENCE_SECONDS = 20


@pytest.fixture
async def narrow_runtime(settings: Settings) -> AsyncIterator[Runtime]:
    """Two connections in either pool."""
    async with copied_database() as address:
        database = await Database.open(replace(address, pool_size=4))
        runtime = open_runtime(settings, database, SystemClock())
        yield runtime
        await runtime.http.aclose()
        await database.close()


async def test_a_checkout_ends_though_all_connections_wait_for_its_cart(
    narrow_runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = narrow_runtime
    transport = httpx.ASGITransport(app=observed(runtime, assemble(runtime)))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        selling = await make_selling_shop(runtime)
        goods = await make_product(runtime, selling, stock=100)
        guest = await guest_with(client, selling, (goods, 1))
        cart = (await client.get("/api/public/cart", headers=guest)).json()["id"]
        monkeypatch.setattr("pasar.kernel.cache.FRESH_SECONDS", 0.0)  # no memory is ever fresh

        async def add() -> int:
            answer = await client.post(
                f"/api/public/cart/{cart}/items",
                json={"productId": str(goods.product_id), "quantity": 1},
                headers=guest,
            )
            return answer.status_code

        async with asyncio.timeout(PATIENCE_SECONDS):
            async with runtime.database.transaction() as session:
                await fetch(session, "SELECT id FROM carts WHERE id = $1 FOR UPDATE", (UUID(cart),))
                ordering = asyncio.create_task(check_out(client, guest))
                await _until_waiting(runtime, 1)  # the checkout is the first in the row's queue
                adding = [asyncio.create_task(add()) for _ in range(ADDS)]
                await _until_waiting(runtime, 1 + BARE_CONNECTIONS)
            assert (await ordering).status_code == 201
            assert set(await asyncio.gather(*adding)) == {201}


async def _until_waiting(runtime: Runtime, sessions: int) -> None:
    """Return once so many sessions of this database wait for a lock. A transaction sees one moment only, and
    the bare pool is what is crowded: so each look is a transaction of the other pool."""
    while True:
        async with runtime.database.transaction() as session:
            if (await fetch(session, WAITING))[0][0] >= sessions:
                return
        await asyncio.sleep(0.01)
