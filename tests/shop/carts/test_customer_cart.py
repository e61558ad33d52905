"""Customers' carts, and what becomes of a guest's when the guest signs in."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx

from pasar.kernel.ids import hash_token
from pasar.kernel.runtime import Runtime
from pasar.shop.carts.actions.expire_carts import expire_carts
from pasar.shop.carts.public import attach_cart
from shop.carts.test_guest_cart import add, open_cart
from support.goods import make_product
from support.people import PASSWORD, make_customer, make_person
from support.shops import Shop


async def test_a_customers_cart_is_made_on_first_use(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    goods = await make_product(runtime, shop)
    _, headers = await make_customer(runtime, shop)
    empty = await client.get("/api/cart", headers=headers)
    assert (empty.status_code, empty.json()["id"], empty.json()["items"]) == (200, None, [])
    body = {"productId": str(goods.product_id), "quantity": 1}
    answers = await asyncio.gather(
        *(client.post("/api/cart/items", json=body, headers=headers) for _ in range(4))
    )
    assert {answer.status_code for answer in answers} == {201}
    read = (await client.get("/api/cart", headers=headers)).json()
    assert [item["quantity"] for item in read["items"]] == [4]
    item = read["items"][0]["id"]
    changed = await client.patch(f"/api/cart/items/{item}", json={"quantity": 2}, headers=headers)
    assert changed.json()["totals"]["grandTotal"] == "24.00"
    assert (await client.delete(f"/api/cart/items/{item}", headers=headers)).json()["items"] == []
    await client.post("/api/cart/items", json=body, headers=headers)
    assert (await client.delete("/api/cart", headers=headers)).status_code == 204
    assert (await client.get("/api/cart", headers=headers)).json()["items"] == []


async def test_guests_have_no_customers_cart(client: httpx.AsyncClient, shop: Shop) -> None:
    assert (await client.get("/api/cart", headers=shop.headers)).status_code == 401


async def test_signing_in_merges_capped_by_stock_once(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    mug = await make_product(runtime, shop, stock=5)
    lamp = await make_product(runtime, shop, stock=5)
    customer_id, headers = await make_customer(runtime, shop)
    await client.post(
        "/api/cart/items", json={"productId": str(mug.product_id), "quantity": 3}, headers=headers
    )
    guest = await open_cart(client, shop)
    await add(client, guest, mug, 4)
    await add(client, guest, lamp, 2)
    token_hash = hash_token(guest[1]["x-session-token"])
    site = await runtime.sites.of_company(shop.company_id)
    assert site is not None
    for _ in range(2):
        async with runtime.database.transaction() as session:
            await attach_cart(
                session,
                site,
                token_hash=token_hash,
                customer_id=customer_id,
                at=runtime.clock.now(),
            )
    read = (await client.get("/api/cart", headers=headers)).json()
    assert sorted((item["productId"], item["quantity"]) for item in read["items"]) == sorted(
        [(str(mug.product_id), 5), (str(lamp.product_id), 2)]
    )
    left = await client.get("/api/public/cart", headers=guest[1])
    assert (left.status_code, left.json()["items"]) == (200, [])


async def test_signing_in_over_http_brings_the_cart_along(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    goods = await make_product(runtime, shop)
    person = await make_person(runtime, shop)
    guest = await open_cart(client, shop)
    await add(client, guest, goods, 2)
    answer = await client.post(
        "/api/auth/login", json={"email": person.email, "password": PASSWORD}, headers=guest[1]
    )
    assert answer.status_code == 200, answer.text
    headers = shop.headers | {"Authorization": f"Bearer {answer.json()['accessToken']}"}
    read = (await client.get("/api/cart", headers=headers)).json()
    assert [item["quantity"] for item in read["items"]] == [2]


async def test_carts_whose_time_is_over_are_abandoned_or_expired(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    goods = await make_product(runtime, shop)
    full, empty = await open_cart(client, shop), await open_cart(client, shop)
    await add(client, full, goods)
    assert await expire_carts(runtime.database, at=runtime.clock.now() + timedelta(days=31)) >= 2
    rows = await runtime.database.rows("SELECT id, status FROM carts WHERE company_id = $1", shop.company_id)
    assert {str(row[0]): row[1] for row in rows} == {full[0]: "abandoned", empty[0]: "expired"}
