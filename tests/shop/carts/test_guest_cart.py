"""Guests' carts over HTTP: opening, adding, changing, reading, and every refusal."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from support.goods import MadeProduct, make_product
from support.shops import Shop, make_shop


async def open_cart(
    client: httpx.AsyncClient, shop: Shop, currency: str | None = None
) -> tuple[str, dict[str, str]]:
    body = {"currency": currency} if currency else {}
    answer = await client.post("/api/public/cart", json=body, headers=shop.headers)
    assert answer.status_code == 201, answer.text
    cart = answer.json()
    return cart["id"], shop.headers | {"x-session-token": cart["sessionToken"]}


async def add(
    client: httpx.AsyncClient,
    cart: tuple[str, dict[str, str]],
    goods: MadeProduct,
    quantity: Any = 1,
    **more: Any,
) -> httpx.Response:
    body = {"productId": str(goods.product_id), "quantity": quantity} | more
    return await client.post(f"/api/public/cart/{cart[0]}/items", json=body, headers=cart[1])


async def test_a_new_cart_is_empty_and_costs_nothing(client: httpx.AsyncClient, shop: Shop) -> None:
    answer = await client.post("/api/public/cart", json={"currency": "USD"}, headers=shop.headers)
    assert answer.status_code == 201
    cart = answer.json()
    assert UUID(cart["id"])
    assert len(cart["sessionToken"]) == 64
    assert cart["items"] == []
    assert cart["totals"] == {
        "subtotal": "0.00",
        "discountTotal": "0.00",
        "taxTotal": "0.00",
        "shippingTotal": "0.00",
        "grandTotal": "0.00",
        "itemCount": 0,
        "taxIncluded": False,
    }
    again = await client.get(
        "/api/public/cart", headers=shop.headers | {"x-session-token": cart["sessionToken"]}
    )
    assert again.status_code == 200
    assert again.json() == cart


async def test_a_cart_takes_the_sites_currency_when_none_is_named(
    client: httpx.AsyncClient, shop: Shop
) -> None:
    answer = await client.post("/api/public/cart", headers=shop.headers)
    assert (answer.status_code, answer.json()["currency"]) == (201, "USD")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"currency": "EUR"}, 422, "currency_not_sold"),
        ({"currency": "dollars"}, 400, None),
        ({"money": "USD"}, 400, None),
    ],
)
async def test_opening_refuses(
    client: httpx.AsyncClient, shop: Shop, body: dict[str, str], status: int, code: str | None
) -> None:
    answer = await client.post("/api/public/cart", json=body, headers=shop.headers)
    assert answer.status_code == status
    assert code is None or answer.json()["code"] == code


async def test_goods_are_added_priced_and_add_up(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    goods = await make_product(runtime, shop, title="Mug", price="12.00", stock=10)
    cart = await open_cart(client, shop)
    first = await add(client, cart, goods, 2)
    assert first.status_code == 201
    second = await add(client, cart, goods, 1)
    (line,) = second.json()["items"]
    assert (line["title"], line["quantity"], line["unitPrice"], line["lineTotal"]) == (
        "Mug",
        3,
        "12.00",
        "36.00",
    )
    assert (line["forSale"], line["inStock"]) == (True, True)
    assert second.json()["totals"]["grandTotal"] == "36.00"
    assert second.json()["totals"]["itemCount"] == 3
    read = await client.get("/api/public/cart", headers=cart[1])
    assert read.json() == second.json()


async def test_custom_fields_make_lines_of_their_own(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    goods = await make_product(runtime, shop)
    cart = await open_cart(client, shop)
    await add(client, cart, goods, 1)
    await add(client, cart, goods, 1, customFields={"engraving": "Ann", "side": "left"})
    answer = await add(client, cart, goods, 2, customFields={"side": "left", "engraving": "Ann"})
    items = answer.json()["items"]
    assert [(item["quantity"], item["customFields"]) for item in items] == [
        (1, None),
        (3, {"engraving": "Ann", "side": "left"}),
    ]


@pytest.mark.parametrize(
    ("quantity", "status", "code"),
    [
        (0, 422, "quantity_not_positive"),
        (-1, 422, "quantity_not_positive"),
        (10**9, 422, "quantity_above_limit"),
        (10**30, 422, "quantity_above_limit"),
        ("two", 400, "invalid_request"),
        (11, 409, "out_of_stock"),
    ],
)
async def test_bad_quantities_change_nothing(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, quantity: Any, status: int, code: str
) -> None:
    goods = await make_product(runtime, shop, stock=10)
    cart = await open_cart(client, shop)
    answer = await add(client, cart, goods, quantity)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await client.get("/api/public/cart", headers=cart[1])).json()["items"] == []


async def test_what_the_cart_holds_counts_against_stock(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    goods = await make_product(runtime, shop, stock=3)
    cart = await open_cart(client, shop)
    await add(client, cart, goods, 2)
    answer = await add(client, cart, goods, 2)
    assert answer.status_code == 409
    assert {key: answer.json()[key] for key in ("code", "available", "inCart")} == {
        "code": "out_of_stock",
        "available": 3,
        "inCart": 2,
    }


async def test_backorder_sells_below_zero(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    goods = await make_product(runtime, shop, stock=0, allow_backorder=True)
    cart = await open_cart(client, shop)
    assert (await add(client, cart, goods, 5)).status_code == 201


async def test_a_variant_must_be_named_where_there_are_several(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    goods = await make_product(runtime, shop, variants={"S": "10.00", "L": "14.00"})
    cart = await open_cart(client, shop)
    refused = await add(client, cart, goods)
    assert (refused.status_code, refused.json()["code"]) == (422, "variant_required")
    added = await add(client, cart, goods, variantId=str(goods.variant_ids[1]))
    assert added.json()["items"][0]["unitPrice"] == "14.00"


async def test_a_price_that_changed_is_told(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    goods = await make_product(runtime, shop, price="12.00")
    cart = await open_cart(client, shop)
    refused = await add(client, cart, goods, expectedUnitPrice="11.50")
    assert (refused.status_code, refused.json()["code"], refused.json()["unitPrice"]) == (
        409,
        "price_changed",
        "12.00",
    )
    assert (await add(client, cart, goods, expectedUnitPrice="twelve")).status_code == 422
    assert (await add(client, cart, goods, expectedUnitPrice="12.00")).status_code == 201


async def test_unknown_inactive_and_unpriced_goods_are_refused(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    cart = await open_cart(client, shop)
    unknown = MadeProduct(new_id(), (), "")
    draft = await make_product(runtime, shop, status="draft")
    sold = await make_product(runtime, shop)
    elsewhere = await make_product(runtime, await make_shop(runtime))
    rupiah = await open_cart(client, shop, "IDR")
    answers = [
        await add(client, cart, unknown),
        await add(client, cart, draft),
        await add(client, cart, elsewhere),
        await add(client, cart, sold, variantId=str(new_id())),
        await add(client, rupiah, sold),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (404, "product_not_found"),
        (404, "product_not_found"),
        (404, "product_not_found"),
        (422, "not_for_sale"),
        (422, "not_for_sale"),
    ]


async def test_lines_are_changed_and_removed(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    goods = await make_product(runtime, shop, stock=5)
    cart = await open_cart(client, shop)
    item = (await add(client, cart, goods, 2)).json()["items"][0]["id"]
    at = f"/api/public/cart/{cart[0]}/items/{item}"
    changed = await client.patch(at, json={"quantity": 4}, headers=cart[1])
    assert changed.json()["items"][0]["quantity"] == 4
    refusals = [await client.patch(at, json={"quantity": n}, headers=cart[1]) for n in (6, 1000, -1)]
    assert [answer.json()["code"] for answer in refusals] == [
        "out_of_stock",
        "quantity_above_limit",
        "quantity_not_positive",
    ]
    gone = await client.delete(at, headers=cart[1])
    assert (gone.status_code, gone.json()["items"]) == (200, [])
    assert (await client.delete(at, headers=cart[1])).json()["code"] == "line_not_found"
    item = (await add(client, cart, goods, 1)).json()["items"][0]["id"]
    emptied = await client.patch(
        f"/api/public/cart/{cart[0]}/items/{item}", json={"quantity": 0}, headers=cart[1]
    )
    assert emptied.json()["items"] == []


async def test_foreign_and_unknown_tokens_open_nothing(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    goods = await make_product(runtime, shop)
    mine, theirs = await open_cart(client, shop), await open_cart(client, shop)
    item = (await add(client, mine, goods)).json()["items"][0]["id"]
    other_shop = await make_shop(runtime)
    answers = [
        await add(client, (mine[0], theirs[1]), goods),
        await add(client, (mine[0], shop.headers), goods),
        await client.patch(
            f"/api/public/cart/{mine[0]}/items/{item}", json={"quantity": 2}, headers=theirs[1]
        ),
        await client.delete(f"/api/public/cart/{mine[0]}/items/{item}", headers=theirs[1]),
        await client.get("/api/public/cart", headers=shop.headers | {"x-session-token": "f" * 64}),
        await client.get("/api/public/cart", headers=mine[1] | other_shop.headers),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(404, "cart_not_found")}
    assert (await client.get("/api/public/cart", headers=shop.headers)).json()["items"] == []


async def test_an_expired_token_is_not_found(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    cart = await open_cart(client, shop)
    await runtime.database.rows(
        "UPDATE carts SET expires_at = now() - interval '1 second' WHERE company_id = $1", shop.company_id
    )
    assert (await client.get("/api/public/cart", headers=cart[1])).json()["code"] == "cart_not_found"


async def test_goods_no_longer_for_sale_stay_named_and_cost_nothing(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    goods = await make_product(runtime, shop, title="Old lamp")
    cart = await open_cart(client, shop)
    await add(client, cart, goods, 2)
    await runtime.database.rows(
        "UPDATE products SET status = 'archived' WHERE company_id = $1", shop.company_id
    )
    read = (await client.get("/api/public/cart", headers=cart[1])).json()
    (line,) = read["items"]
    assert (line["title"], line["forSale"], line["unitPrice"]) == ("Old lamp", False, None)
    assert read["totals"]["grandTotal"] == "0.00"
    at = f"/api/public/cart/{cart[0]}/items/{line['id']}"
    more = await client.patch(at, json={"quantity": 3}, headers=cart[1])
    assert (more.status_code, more.json()["code"]) == (422, "not_for_sale")
    assert (await client.patch(at, json={"quantity": 1}, headers=cart[1])).status_code == 200


async def test_a_hundred_lines_are_the_most(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    goods = await make_product(runtime, shop, stock=999)
    cart = await open_cart(client, shop)
    for number in range(100):
        assert (await add(client, cart, goods, customFields={"n": str(number)})).status_code == 201
    refused = await add(client, cart, goods, customFields={"n": "100"})
    assert (refused.status_code, refused.json()["code"]) == (422, "too_many_lines")
    assert (await add(client, cart, goods, customFields={"n": "7"})).status_code == 201


async def test_concurrent_adds_are_all_counted_and_never_pass_the_limit(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    goods = await make_product(runtime, shop, stock=5000)
    cart = await open_cart(client, shop)
    answers = await asyncio.gather(*(add(client, cart, goods, 100) for _ in range(12)))
    assert sorted(answer.status_code for answer in answers) == [201] * 9 + [422] * 3
    read = (await client.get("/api/public/cart", headers=cart[1])).json()
    assert read["items"][0]["quantity"] == 900
