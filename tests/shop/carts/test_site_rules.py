"""A site's own word on carts: its currencies, its limits, how long a cart lives."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import httpx

from pasar.kernel.ids import hash_token, new_id
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Site
from pasar.shop.carts.public import attach_cart, reopen_cart
from support.goods import make_product
from support.people import make_customer
from support.selling import check_out, guest_with, make_selling_shop
from support.shops import Shop, make_shop

SECOND_SITE = """
INSERT INTO sites (company_id, id, name, host, currency, currencies)
VALUES ($1, $2, 'Second', $3, 'IDR', '{IDR}')
"""
OTHER_CURRENCY = "UPDATE sites SET currency = 'IDR', currencies = '{IDR}' WHERE company_id = $1"


async def site_of(runtime: Runtime, shop: Shop) -> Site:
    site = await runtime.sites.of_company(shop.company_id)
    assert site is not None
    return site


async def test_a_guests_cart_is_refused_by_a_site_that_does_not_sell_in_its_currency(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    shop = await make_selling_shop(runtime)
    goods = await make_product(runtime, shop, stock=100)
    guest = await guest_with(client, shop, (goods, 1))
    cart = (await client.get("/api/public/cart", headers=guest)).json()["id"]
    host = f"{shop.company_id.hex[-12:]}.second.test"
    await runtime.database.rows(SECOND_SITE, shop.company_id, new_id(), host)
    for _ in range(30):  # sites are remembered for a second
        there = {**guest, "host": host}
        added = await client.post(
            f"/api/public/cart/{cart}/items", json={"productId": str(goods.product_id)}, headers=there
        )
        if added.status_code != 201:
            break
        await _a_moment()
    preview = await client.post("/api/public/checkout/preview", json={}, headers=there)
    ordered = await check_out(client, there)
    for answer in (added, preview, ordered):
        told = answer.json()
        assert (answer.status_code, told["code"]) == (422, "currency_not_sold"), answer.text
        assert (told["errors"][0]["field"], told["currencies"]) == ("currency", ["IDR"])
    assert (await check_out(client, guest)).status_code == 201  # where it is sold


async def test_a_customers_cart_follows_a_site_that_changes_its_currency(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    shop = await make_shop(runtime)
    goods = await make_product(runtime, shop, stock=100)
    _, headers = await make_customer(runtime, shop)
    wanted = {"productId": str(goods.product_id), "quantity": 1}
    first = (await client.post("/api/cart/items", json=wanted, headers=headers)).json()
    assert first["currency"] == "USD"
    await runtime.database.rows(OTHER_CURRENCY, shop.company_id)
    for _ in range(30):
        second = (await client.post("/api/cart/items", json=wanted, headers=headers)).json()
        if second.get("currency") != "USD":
            break
        await _a_moment()
    assert second["code"] == "not_for_sale"  # it has a price in USD only
    read = (await client.get("/api/cart", headers=headers)).json()
    assert (read["id"], read["currency"]) == (first["id"], "IDR")


async def test_signing_in_keeps_to_the_sites_limit_and_life(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    shop = await make_shop(runtime)
    goods = await make_product(runtime, shop, stock=50)
    guest = await guest_with(client, shop, (goods, 9))
    customer_id, headers = await make_customer(runtime, shop)
    site = replace(await site_of(runtime, shop), features={"maxLineQuantity": 4, "cartExpirationDays": 7})
    at = runtime.clock.now()
    async with runtime.database.transaction() as session:
        token_hash = hash_token(guest["x-session-token"])
        joined = await attach_cart(session, site, token_hash=token_hash, customer_id=customer_id, at=at)
    read = (await client.get("/api/cart", headers=headers)).json()
    assert [item["quantity"] for item in read["items"]] == [4]
    ends = await runtime.database.value("SELECT expires_at FROM carts WHERE id = $1", joined)
    assert ends - at == timedelta(days=7)


async def _a_moment() -> None:
    await asyncio.sleep(0.1)


async def test_a_cart_whose_time_is_over_does_not_come_back(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    old, new = await make_product(runtime, shop), await make_product(runtime, shop)
    _, headers = await make_customer(runtime, shop)
    first = await client.post("/api/cart/items", json={"productId": str(old.product_id)}, headers=headers)
    assert first.status_code == 201
    over = "UPDATE carts SET expires_at = now() - interval '1 minute' WHERE company_id = $1"
    await runtime.database.rows(over, shop.company_id)
    assert (await client.get("/api/cart", headers=headers)).json()["items"] == []
    wanted = {"productId": str(new.product_id)}
    added = await asyncio.gather(
        *(client.post("/api/cart/items", json=wanted, headers=headers) for _ in "abc")
    )
    assert [answer.status_code for answer in added] == [201] * 3
    read = (await client.get("/api/cart", headers=headers)).json()
    assert read["id"] != first.json()["id"]
    assert [(item["productId"], item["quantity"]) for item in read["items"]] == [(str(new.product_id), 3)]
    states = "SELECT status FROM carts WHERE company_id = $1 ORDER BY created_at"
    assert [row[0] for row in await runtime.database.rows(states, shop.company_id)] == ["abandoned", "active"]


async def test_a_cart_that_lives_again_lives_as_long_as_its_site_says(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    shop = await make_selling_shop(runtime)
    days = "UPDATE sites SET features = '{\"cartExpirationDays\": 7}' WHERE company_id = $1"
    await runtime.database.rows(days, shop.company_id)
    guest = await guest_with(client, shop, (await make_product(runtime, shop), 1))
    order = (await check_out(client, guest)).json()["order"]
    cart = await runtime.database.row("SELECT cart_id FROM orders WHERE id = $1", UUID(order["id"]))
    assert cart is not None
    at = runtime.clock.now() + timedelta(days=2)
    async with runtime.database.transaction() as session:
        assert await reopen_cart(session, shop.company_id, cart[0], generation=1, at=at)
    ends = await runtime.database.value("SELECT expires_at FROM carts WHERE id = $1", cart[0])
    assert ends - at == timedelta(days=7)


async def test_adds_sent_together_never_pass_a_sites_limits(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    limits = 'UPDATE sites SET features = \'{"maxCartLines": 5, "maxLineQuantity": 6}\' WHERE company_id = $1'
    await runtime.database.rows(limits, shop.company_id)
    goods = await make_product(runtime, shop, stock=100)
    guest = await guest_with(client, shop)
    cart = (await client.get("/api/public/cart", headers=guest)).json()["id"]

    async def add(text: str, quantity: int) -> int:
        body = {
            "productId": str(goods.product_id),
            "quantity": quantity,
            "customFields": {"engraving": text},
        }
        return (await client.post(f"/api/public/cart/{cart}/items", json=body, headers=guest)).status_code

    lines = await asyncio.gather(*(add(f"line {number}", 1) for number in range(20)))
    assert sorted(lines) == [201] * 5 + [422] * 15
    pieces = await asyncio.gather(*(add(f"line {number}", 1) for number in range(20)))
    assert pieces.count(201) <= 1
    read = (await client.get("/api/public/cart", headers=guest)).json()["items"]
    assert len(read) == 5
    assert sum(item["quantity"] for item in read) <= 6

    async def change(line: str) -> int:
        at = f"/api/public/cart/{cart}/items/{line}"
        return (await client.patch(at, json={"quantity": 2}, headers=guest)).status_code

    await asyncio.gather(*(change(item["id"]) for item in read))
    read = (await client.get("/api/public/cart", headers=guest)).json()["items"]
    assert sum(item["quantity"] for item in read) == 6


async def test_a_price_that_changed_is_told_when_a_line_is_changed(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    guest = await guest_with(client, shop, (await make_product(runtime, shop, price="12.00"), 2))
    cart = (await client.get("/api/public/cart", headers=guest)).json()
    at = f"/api/public/cart/{cart['id']}/items/{cart['items'][0]['id']}"
    told = []
    for body in (
        {"quantity": 3, "expectedUnitPrice": "11.00"},
        {"quantity": 1, "expectedUnitPrice": "11.00"},
        {"quantity": 3, "expectedUnitPrice": "lots"},
        {"quantity": 3, "expectedUnitPrice": "12.00"},
        {"quantity": 0, "expectedUnitPrice": "11.00"},
    ):
        answer = await client.patch(at, json=body, headers=guest)
        told.append((answer.status_code, answer.json().get("code"), answer.json().get("unitPrice")))
    assert told == [
        (409, "price_changed", "12.00"),
        (409, "price_changed", "12.00"),
        (422, "price_malformed", None),
        (200, None, None),
        (200, None, None),
    ]


async def test_a_customer_chooses_the_currency_of_the_cart_that_is_opened(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    goods = await make_product(runtime, shop, price="180000.00", currency="IDR")
    _, headers = await make_customer(runtime, shop)
    wanted = {"productId": str(goods.product_id)}
    refused = await client.post("/api/cart/items", json=wanted | {"currency": "EUR"}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "currency_not_sold")
    for currency in ("IDR", "USD"):  # the second finds it open
        added = await client.post("/api/cart/items", json=wanted | {"currency": currency}, headers=headers)
        assert (added.status_code, added.json()["currency"]) == (201, "IDR")
