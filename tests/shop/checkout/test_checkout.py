"""A guest's cart becomes an order: what it costs, what is refused, and what never happens twice."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from support.goods import make_product
from support.people import make_customer
from support.selling import (
    ADDRESS,
    check_out,
    guest_with,
    make_selling_shop,
    open_holds,
    order_body,
    stock_of,
)
from support.shops import Shop


@pytest.fixture
async def selling(runtime: Runtime) -> Shop:
    """Sends to the US for 5.00 and charges 10 % tax on goods."""
    return await make_selling_shop(runtime, tax_ppm=100_000)


async def test_an_order_is_placed_with_tax_shipping_and_stock(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop
) -> None:
    goods = await make_product(runtime, selling, title="Mug", price="12.00", stock=10)
    guest = await guest_with(client, selling, (goods, 2))
    answer = await check_out(client, guest)
    assert answer.status_code == 201, answer.text
    order, payment = answer.json()["order"], answer.json()["payment"]
    assert order["totals"] == {
        "subtotal": "24.00",
        "discountTotal": "0.00",
        "taxTotal": "2.40",
        "shippingTotal": "5.00",
        "grandTotal": "31.40",
        "itemCount": 2,
        "taxIncluded": False,
    }
    assert (order["status"], order["paymentStatus"], payment["status"]) == ("pending", "pending", "pending")
    assert order["number"].startswith("ORD-")
    assert [(item["title"], item["quantity"], item["unitPrice"]) for item in order["items"]] == [
        ("Mug", 2, "12.00")
    ]
    assert await stock_of(runtime, selling, goods) == (10, 2)
    held = await runtime.database.row(
        "SELECT status, expires_at - created_at FROM stock_holds WHERE company_id = $1", selling.company_id
    )
    assert held is not None
    assert (held[0], round(held[1].total_seconds() / 86400)) == ("held", 3)
    after = await client.get("/api/public/cart", headers=guest)
    assert (after.status_code, after.json()["items"]) == (200, [])


async def test_after_checkout_the_old_token_opens_a_new_cart(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop
) -> None:
    goods = await make_product(runtime, selling)
    guest = await guest_with(client, selling, (goods, 1))
    old = (await client.get("/api/public/cart", headers=guest)).json()["id"]
    await check_out(client, guest)
    added = await client.post(
        f"/api/public/cart/{old}/items",
        json={"productId": str(goods.product_id), "quantity": 3, "expectedUnitPrice": "12.00"},
        headers=guest,
    )
    assert added.status_code == 201
    assert added.json()["id"] != old
    assert [item["quantity"] for item in added.json()["items"]] == [3]


async def test_cash_on_delivery_commits_the_stock_at_once(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop
) -> None:
    goods = await make_product(runtime, selling)
    guest = await guest_with(client, selling, (goods, 1))
    assert (await check_out(client, guest, paymentMethod="cash_on_delivery")).status_code == 201
    row = await runtime.database.row(
        "SELECT status, expires_at FROM stock_holds WHERE company_id = $1", selling.company_id
    )
    assert row is not None
    assert tuple(row) == ("committed", None)


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"email": "nobody"}, 422, "details_invalid", "email"),
        ({"email": None}, 422, "details_invalid", "email"),
        (
            {"shippingAddress": ADDRESS | {"postalCode": "ABC"}},
            422,
            "details_invalid",
            "shippingAddress.postalCode",
        ),
        ({"shippingAddress": ADDRESS | {"name": " "}}, 422, "details_invalid", "shippingAddress.name"),
        ({"billingAddress": ADDRESS | {"country": "QQ"}}, 422, "details_invalid", "billingAddress.country"),
        ({"paymentMethod": "shells"}, 422, "payment_method_unknown", "paymentMethod"),
        ({"shippingMethodId": str(new_id())}, 422, "no_shipping", "shippingMethodId"),
        (
            {
                "shippingAddress": {
                    "name": "A",
                    "line1": "1 Rue X",
                    "city": "Paris",
                    "postalCode": "75001",
                    "country": "FR",
                }
            },
            422,
            "no_shipping",
            "shippingAddress.country",
        ),
        ({"expectedTotal": "1.00"}, 409, "price_changed", None),
        ({"cartId": str(new_id())}, 404, "cart_not_found", None),
    ],
)
async def test_what_is_wrong_is_told_and_changes_nothing(
    client: httpx.AsyncClient,
    runtime: Runtime,
    selling: Shop,
    changes: dict[str, Any],
    status: int,
    code: str,
    field: str | None,
) -> None:
    goods = await make_product(runtime, selling)
    guest = await guest_with(client, selling, (goods, 1))
    answer = await check_out(client, guest, **changes)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    if field:
        assert field in [error["field"] for error in answer.json()["errors"]]
    assert await stock_of(runtime, selling, goods) == (10, 0)
    assert (
        await runtime.database.value("SELECT count(*) FROM orders WHERE company_id = $1", selling.company_id)
        == 0
    )
    assert len((await client.get("/api/public/cart", headers=guest)).json()["items"]) == 1


async def test_empty_foreign_and_missing_carts_are_refused(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop
) -> None:
    empty = await guest_with(client, selling)
    answers = [
        await check_out(client, empty),
        await check_out(client, selling.headers),
        await check_out(client, selling.headers | {"x-session-token": "e" * 64}),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (422, "cart_empty"),
        (404, "cart_not_found"),
        (404, "cart_not_found"),
    ]


async def test_goods_no_longer_for_sale_are_named(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop
) -> None:
    goods = await make_product(runtime, selling, title="Old lamp")
    guest = await guest_with(client, selling, (goods, 1))
    await runtime.database.rows(
        "UPDATE products SET status = 'draft' WHERE company_id = $1", selling.company_id
    )
    answer = await check_out(client, guest)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_for_sale")
    assert [line["title"] for line in answer.json()["lines"]] == ["Old lamp"]


async def test_a_preview_reckons_and_lists_errors_without_writing(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop
) -> None:
    goods = await make_product(runtime, selling, price="12.00")
    guest = await guest_with(client, selling, (goods, 1))
    at = "/api/public/checkout/preview"
    bare = (await client.post(at, json={}, headers=guest)).json()
    assert (bare["totals"]["grandTotal"], bare["shippingMethods"], bare["errors"]) == ("12.00", [], [])
    assert "manual" in [way["name"] for way in bare["paymentMethods"]]
    body = order_body(shippingAddress=ADDRESS | {"postalCode": "1"}, paymentMethod="shells")
    full = (await client.post(at, json=body, headers=guest)).json()
    assert full["totals"]["grandTotal"] == "18.20"
    assert [(method["name"], method["price"], method["selected"]) for method in full["shippingMethods"]] == [
        ("Standard", "5.00", True)
    ]
    assert [error["field"] for error in full["errors"]] == ["shippingAddress.postalCode", "paymentMethod"]


async def test_a_customer_checks_out_and_sees_the_order(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop
) -> None:
    goods = await make_product(runtime, selling)
    _, headers = await make_customer(runtime, selling)
    await client.post("/api/cart/items", json={"productId": str(goods.product_id)}, headers=headers)
    body = order_body()
    first = await client.post("/api/checkout", json=body, headers=headers)
    again = await client.post("/api/orders", json=body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert first.json() == again.json()
    listed = (await client.get("/api/orders", headers=headers)).json()["items"]
    assert [order["id"] for order in listed] == [first.json()["order"]["id"]]


@pytest.mark.money
async def test_twenty_submits_of_one_cart_are_one_order(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop
) -> None:
    goods = await make_product(runtime, selling)
    guest = await guest_with(client, selling, (goods, 2))
    answers = await asyncio.gather(*(check_out(client, guest) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}, answers[0].text
    assert len({answer.content for answer in answers}) == 1
    assert (
        await runtime.database.value("SELECT count(*) FROM orders WHERE company_id = $1", selling.company_id)
        == 1
    )
    assert await stock_of(runtime, selling, goods) == (10, 2)
    other = await check_out(client, guest, email="else@example.com")
    assert (other.status_code, other.json()["code"]) == (409, "already_ordered")


@pytest.mark.money
async def test_an_idempotency_key_repeats_the_first_answer(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop
) -> None:
    goods = await make_product(runtime, selling)
    guest = await guest_with(client, selling, (goods, 1)) | {"Idempotency-Key": "once"}
    answers = await asyncio.gather(*(check_out(client, guest) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" in answer.headers for answer in answers) == 19
    other = await check_out(client, guest, email="else@example.com")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert await stock_of(runtime, selling, goods) == (10, 1)


@pytest.mark.money
async def test_two_hundred_guests_and_ten_units_end_at_ten_orders(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop
) -> None:
    goods = await make_product(runtime, selling, stock=10)
    guests = [await guest_with(client, selling, (goods, 1)) for _ in range(200)]
    answers = await asyncio.gather(*(check_out(client, guest) for guest in guests))
    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(201), statuses.count(409)) == (10, 190), answers[0].text
    refused = next(answer.json() for answer in answers if answer.status_code == 409)
    assert refused["code"] == "out_of_stock"
    assert refused["lines"] == [{"variantId": str(goods.variant_ids[0]), "wanted": 1, "available": 0}]
    assert await stock_of(runtime, selling, goods) == (10, 10)
    counted = await runtime.database.row(
        "SELECT (SELECT count(*) FROM orders WHERE company_id = $1),"
        " (SELECT count(*) FROM payments WHERE company_id = $1),"
        " (SELECT coalesce(sum(quantity), 0) FROM stock_holds WHERE company_id = $1),"
        " (SELECT count(*) FROM carts WHERE company_id = $1 AND status = 'converted'),"
        " (SELECT count(*) FROM events WHERE company_id = $1 AND type = 'order.placed')",
        selling.company_id,
    )
    assert counted is not None
    assert tuple(counted) == (10, 10, 10, 10, 10)
    placed = [answer.json()["order"]["id"] for answer in answers if answer.status_code == 201]
    assert [await open_holds(runtime, order_id) for order_id in placed] == [1] * 10


@pytest.mark.parametrize("address", ["/api/orders", "/api/checkout"])
async def test_without_an_email_a_customers_order_is_under_the_accounts(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop, address: str
) -> None:
    goods = await make_product(runtime, selling)
    customer_id, headers = await make_customer(runtime, selling)
    await client.post(
        "/api/cart/items", json={"productId": str(goods.product_id), "quantity": 1}, headers=headers
    )
    body = order_body()
    del body["email"]
    answer = await client.post(address, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    known = await runtime.database.value("SELECT email FROM customers WHERE id = $1", customer_id)
    assert answer.json()["order"]["email"] == known


async def test_a_guest_without_an_email_is_asked_for_one(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop
) -> None:
    guest = await guest_with(client, selling, (await make_product(runtime, selling), 1))
    answer = await check_out(client, guest, email="")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"field": "email", "code": "required", "message": "Write your e-mail address."}
    ]


async def test_the_email_is_saved_at_the_first_step_when_it_is_one(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop
) -> None:
    guest = await guest_with(client, selling, (await make_product(runtime, selling), 1))
    kept = "SELECT email FROM carts WHERE company_id = $1"
    for sent, stored in (("Ann@Example.com", "ann@example.com"), ("no address", "ann@example.com")):
        answer = await client.post("/api/public/checkout/preview", json={"email": sent}, headers=guest)
        assert answer.status_code == 200, answer.text
        assert await runtime.database.value(kept, selling.company_id) == stored
