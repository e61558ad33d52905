"""Buyers see and cancel what is theirs, guests by number and e-mail or by the link's token."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from support.goods import make_product
from support.people import make_customer, make_staff
from support.selling import make_selling_shop, order_body, place, stock_of
from support.shops import Shop


@pytest.fixture
async def selling(runtime: Runtime) -> Shop:
    return await make_selling_shop(runtime)


async def forget_failures(runtime: Runtime) -> None:
    await runtime.database.rows("DELETE FROM failed_attempts WHERE scope LIKE 'orders.look_up.%'")


async def test_a_guest_finds_the_order_by_number_and_email(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop
) -> None:
    await forget_failures(runtime)
    order = await place(client, selling, await make_product(runtime, selling))
    at = f"/api/public/orders/{order['number'].lower()}"
    found = await client.get(at, params={"email": " ANN@example.com"}, headers=selling.headers)
    assert found.status_code == 200, found.text
    assert found.json()["id"] == order["id"]
    assert [step["state"] for step in found.json()["timeline"]] == ["current"] + ["upcoming"] * 4
    wrong = await client.get(at, params={"email": "bob@example.com"}, headers=selling.headers)
    unknown = await client.get(
        "/api/public/orders/ORD-20200101-AAAAA", params={"email": "ann@example.com"}, headers=selling.headers
    )
    told = [{**answer.json(), "requestId": ""} for answer in (wrong, unknown)]
    assert told[0] == told[1]
    assert (wrong.status_code, unknown.status_code) == (404, 404)
    await forget_failures(runtime)


async def test_tries_sent_together_learn_no_more_than_one_after_another(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop
) -> None:
    await forget_failures(runtime)
    order = await place(client, selling, await make_product(runtime, selling))
    at = f"/api/public/orders/{order['number']}"

    async def look_up(number: int) -> int:
        wrong = {"email": f"x{number}@example.com"}
        return (await client.get(at, params=wrong, headers=selling.headers)).status_code

    tries = await asyncio.gather(*(look_up(number) for number in range(40)))
    assert sorted(tries) == [404] * 5 + [429] * 35
    await forget_failures(runtime)


async def test_looking_up_is_limited_per_number(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop
) -> None:
    await forget_failures(runtime)
    order = await place(client, selling, await make_product(runtime, selling))
    at = f"/api/public/orders/{order['number']}"
    tries = [
        (await client.get(at, params={"email": "x@example.com"}, headers=selling.headers)).status_code
        for _ in range(6)
    ]
    assert tries == [404] * 5 + [429]
    right = await client.get(at, params={"email": "ann@example.com"}, headers=selling.headers)
    assert right.status_code == 429
    assert int(right.headers["retry-after"]) > 0
    await forget_failures(runtime)


async def test_the_links_token_opens_the_order(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop
) -> None:
    order = await place(client, selling, await make_product(runtime, selling))
    token = order["viewUrl"].rsplit("/", 1)[1]
    at = "/api/public/orders/by-token/"
    found = await client.get(at + token, headers=selling.headers)
    assert found.json()["id"] == order["id"]
    assert (await client.get(at + "0" * 64, headers=selling.headers)).status_code == 404


async def test_customers_follow_and_cancel_their_own(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop
) -> None:
    goods = await make_product(runtime, selling)
    _, headers = await make_customer(runtime, selling)
    _, other = await make_customer(runtime, selling)
    await client.post(
        "/api/cart/items", json={"productId": str(goods.product_id), "quantity": 2}, headers=headers
    )
    order = (await client.post("/api/checkout", json=order_body(), headers=headers)).json()["order"]["id"]
    at = f"/api/orders/{order}"
    assert (await client.get(at, headers=headers)).json()["status"] == "pending"
    tracking = (await client.get(f"{at}/tracking", headers=headers)).json()
    assert [step["key"] for step in tracking["timeline"]] == [
        "placed",
        "confirmed",
        "processing",
        "shipped",
        "delivered",
    ]
    reason = {"reason": "Too slow"}
    foreign = [
        (await client.get(at, headers=other)).status_code,
        (await client.get(f"{at}/tracking", headers=other)).status_code,
        (await client.post(f"{at}/cancel", json=reason, headers=other)).status_code,
    ]
    assert foreign == [404, 404, 404]
    cancelled = await client.post(f"{at}/cancel", json=reason, headers=headers)
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    assert cancelled.json()["cancelReason"] == "Too slow"
    assert [step["key"] for step in cancelled.json()["timeline"]] == ["placed", "cancelled"]
    assert await stock_of(runtime, selling, goods) == (10, 0)
    assert (await client.post(f"{at}/cancel", json=reason, headers=headers)).status_code == 409


async def test_a_customer_cannot_cancel_what_is_being_packed(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop
) -> None:
    goods = await make_product(runtime, selling)
    _, headers = await make_customer(runtime, selling)
    staff = await make_staff(runtime, selling)
    await client.post("/api/cart/items", json={"productId": str(goods.product_id)}, headers=headers)
    order = (await client.post("/api/checkout", json=order_body(), headers=headers)).json()["order"]["id"]
    for verb in ("confirm", "process"):
        await client.post(f"/api/admin/orders/{order}/{verb}", headers=staff)
    refused = await client.post(f"/api/orders/{order}/cancel", json={"reason": "no"}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "order_state")
