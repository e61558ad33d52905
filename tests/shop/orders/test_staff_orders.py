"""Staff bring orders on: every state and verb, stock and money with them."""

from __future__ import annotations

import asyncio
from typing import Any, get_args

import httpx
import pytest

from pasar.kernel.events.relay import Relay
from pasar.kernel.runtime import Runtime
from pasar.roles.registry import SUBSCRIBERS
from pasar.shop.orders.states import BY_HAND, TRANSITIONS, Status, Verb
from support.goods import make_product
from support.people import make_customer, make_staff
from support.selling import check_out, guest_with, make_selling_shop, open_holds, place, stock_of
from support.shops import Shop

SHIP = {"carrier": "UPS", "trackingNumber": "1Z999AA10123456784"}
BODIES: dict[str, dict[str, Any]] = {"ship": SHIP, "cancel": {"reason": "Changed my mind"}}
# By which verbs an order is brought into each state.
WAYS: dict[str, tuple[Verb, ...]] = {
    "pending": (),
    "confirmed": ("confirm",),
    "processing": ("confirm", "process"),
    "shipped": ("confirm", "ship"),
    "delivered": ("confirm", "ship", "deliver"),
    "cancelled": ("cancel",),
}


@pytest.fixture
async def selling(runtime: Runtime) -> Shop:
    return await make_selling_shop(runtime)


@pytest.fixture
async def staff(runtime: Runtime, selling: Shop) -> dict[str, str]:
    return await make_staff(runtime, selling)


async def act(client: httpx.AsyncClient, staff: dict[str, str], order: str, verb: str) -> httpx.Response:
    return await client.post(f"/api/admin/orders/{order}/{verb}", json=BODIES.get(verb), headers=staff)


@pytest.mark.money
@pytest.mark.parametrize("status", [*WAYS, "completed", "returned"])
@pytest.mark.parametrize("verb", BY_HAND)
async def test_every_state_and_verb(
    client: httpx.AsyncClient,
    runtime: Runtime,
    selling: Shop,
    staff: dict[str, str],
    status: Status,
    verb: Verb,
) -> None:
    goods = await make_product(runtime, selling)
    order = (await place(client, selling, goods))["id"]
    for step in WAYS.get(status, ("confirm", "ship", "deliver")):
        assert (await act(client, staff, order, step)).status_code == 200
    if status not in WAYS:
        await runtime.database.rows("UPDATE orders SET status = $2 WHERE id = $1::text::uuid", order, status)
    before = await stock_of(runtime, selling, goods)
    answer = await act(client, staff, order, verb)
    if status in TRANSITIONS[verb].sources:
        assert answer.status_code == 200, answer.text
        assert answer.json()["status"] == TRANSITIONS[verb].target
        assert answer.json()["history"][-1]["fromStatus"] == status
    else:
        assert (answer.status_code, answer.json()["code"]) == (409, "order_state")
        assert status in answer.json()["detail"]
        assert await stock_of(runtime, selling, goods) == before


def test_the_table_names_every_verb_and_state() -> None:
    assert set(TRANSITIONS) == set(get_args(Verb))
    assert {source for one in TRANSITIONS.values() for source in one.sources} <= set(get_args(Status))


async def test_from_placed_to_delivered(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop, staff: dict[str, str]
) -> None:
    goods = await make_product(runtime, selling, stock=10)
    order = (await place(client, selling, goods, 3))["id"]
    confirmed = (await act(client, staff, order, "confirm")).json()
    assert (confirmed["status"], confirmed["paymentStatus"]) == ("confirmed", "paid")
    assert await stock_of(runtime, selling, goods) == (10, 3)
    shipped = (await act(client, staff, order, "ship")).json()
    assert shipped["shipments"][0]["trackingNumber"] == SHIP["trackingNumber"]
    assert await stock_of(runtime, selling, goods) == (7, 0)
    delivered = (await act(client, staff, order, "deliver")).json()
    assert [step["state"] for step in delivered["timeline"]] == ["done"] * 5
    assert [(row["fromStatus"], row["toStatus"]) for row in delivered["history"]] == [
        (None, "pending"),
        ("pending", "confirmed"),
        ("confirmed", "shipped"),
        ("shipped", "delivered"),
    ]
    assert delivered["actions"] == []


async def test_cash_on_delivery_is_paid_when_delivered(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop, staff: dict[str, str]
) -> None:
    goods = await make_product(runtime, selling)
    order = (await place(client, selling, goods, paymentMethod="cash_on_delivery"))["id"]
    money = [
        (await act(client, staff, order, verb)).json()["paymentStatus"]
        for verb in ("confirm", "ship", "deliver")
    ]
    assert money == ["pending", "pending", "paid"]


async def test_a_part_ships_first(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop, staff: dict[str, str]
) -> None:
    goods = await make_product(runtime, selling)
    placed = await place(client, selling, goods, 3)
    order, line = placed["id"], placed["items"][0]["id"]
    await act(client, staff, order, "confirm")
    at = f"/api/admin/orders/{order}/ship"
    part = await client.post(at, json=SHIP | {"lines": [{"lineId": line, "quantity": 2}]}, headers=staff)
    assert (part.status_code, part.json()["status"]) == (200, "processing")
    assert await stock_of(runtime, selling, goods) == (8, 1)
    refused = await act(client, staff, order, "cancel")
    assert (refused.status_code, refused.json()["code"]) == (409, "partly_shipped")
    more = await client.post(at, json=SHIP | {"lines": [{"lineId": line, "quantity": 2}]}, headers=staff)
    assert (more.status_code, more.json()["code"]) == (422, "nothing_to_ship")
    rest = await act(client, staff, order, "ship")
    assert (rest.json()["status"], len(rest.json()["shipments"])) == ("shipped", 2)
    assert await stock_of(runtime, selling, goods) == (7, 0)


@pytest.mark.money
async def test_stock_returns_once_whatever_happens_at_the_same_time(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop, staff: dict[str, str]
) -> None:
    goods = await make_product(runtime, selling, stock=100)
    for _ in range(8):
        order = (await place(client, selling, goods, 2))["id"]
        on_hand, reserved = await stock_of(runtime, selling, goods)
        verbs = ["cancel", "confirm", "cancel", "ship", "process", "cancel", "ship"]
        await asyncio.gather(*(act(client, staff, order, verb) for verb in verbs))
        told = (await client.get(f"/api/admin/orders/{order}", headers=staff)).json()
        after = await stock_of(runtime, selling, goods)
        moves = [row["toStatus"] for row in told["history"]]
        assert len(moves) == len(set(moves))
        if told["status"] == "cancelled":
            assert after == (on_hand, reserved - 2)
            assert await open_holds(runtime, order) == 0
        elif told["status"] == "shipped":
            assert after == (on_hand - 2, reserved - 2)
        else:
            assert after == (on_hand, reserved)


async def test_a_cancelled_unpaid_order_gives_the_cart_back(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop, staff: dict[str, str]
) -> None:
    goods = await make_product(runtime, selling)
    guest = await guest_with(client, selling, (goods, 2))
    first = (await check_out(client, guest)).json()["order"]
    cancelled = (await act(client, staff, first["id"], "cancel")).json()
    assert (cancelled["status"], cancelled["paymentStatus"]) == ("cancelled", "voided")
    await Relay(runtime, SUBSCRIBERS).drain()
    cart = (await client.get("/api/public/cart", headers=guest)).json()
    assert [item["quantity"] for item in cart["items"]] == [2]
    second = (await check_out(client, guest)).json()["order"]
    assert second["id"] != first["id"]
    rows = await runtime.database.rows(
        "SELECT cart_generation FROM orders WHERE company_id = $1 ORDER BY placed_at", selling.company_id
    )
    assert [row[0] for row in rows] == [1, 2]


async def test_a_confirmed_order_cancelled_keeps_its_cart_closed(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop, staff: dict[str, str]
) -> None:
    goods = await make_product(runtime, selling)
    guest = await guest_with(client, selling, (goods, 1))
    order = (await check_out(client, guest)).json()["order"]["id"]
    for verb in ("confirm", "cancel"):
        await act(client, staff, order, verb)
    await Relay(runtime, SUBSCRIBERS).drain()
    assert (await client.get("/api/public/cart", headers=guest)).json()["items"] == []
    assert await stock_of(runtime, selling, goods) == (10, 0)


async def test_an_expired_payment_cancels_the_order(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop, staff: dict[str, str]
) -> None:
    from pasar.finance.payments.public import expire_payments

    goods = await make_product(runtime, selling)
    order = (await place(client, selling, goods))["id"]
    await runtime.database.rows(
        "UPDATE payments SET expires_at = now() - interval '1 second' WHERE company_id = $1",
        selling.company_id,
    )
    await expire_payments(runtime)
    await Relay(runtime, SUBSCRIBERS).drain()
    told = (await client.get(f"/api/admin/orders/{order}", headers=staff)).json()
    assert (told["status"], told["paymentStatus"]) == ("cancelled", "voided")
    assert await stock_of(runtime, selling, goods) == (10, 0)
    late = await act(client, staff, order, "confirm")
    assert late.status_code == 409


async def test_holds_that_ended_are_claimed_again_or_refused(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop, staff: dict[str, str]
) -> None:
    from pasar.shop.inventory.public import release_holds

    goods = await make_product(runtime, selling, stock=1)
    order = (await place(client, selling, goods))["id"]
    async with runtime.database.transaction() as session:
        from uuid import UUID

        await release_holds(session, selling.company_id, UUID(order), runtime.clock.now())
    await place(client, selling, goods)
    refused = await act(client, staff, order, "confirm")
    assert (refused.status_code, refused.json()["code"]) == (409, "out_of_stock")
    told = (await client.get(f"/api/admin/orders/{order}", headers=staff)).json()
    assert (told["status"], told["paymentStatus"]) == ("pending", "pending")


async def test_the_list_is_filtered_searched_and_paged(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop, staff: dict[str, str]
) -> None:
    goods = await make_product(runtime, selling, stock=99)
    placed = [await place(client, selling, goods, email=f"buyer{n}@example.com") for n in range(5)]
    await act(client, staff, placed[0]["id"], "confirm")
    at = "/api/admin/orders"
    first = (await client.get(at, params={"limit": 3}, headers=staff)).json()
    rest = (await client.get(at, params={"limit": 3, "cursor": first["nextCursor"]}, headers=staff)).json()
    assert [order["id"] for order in first["items"] + rest["items"]] == [
        order["id"] for order in reversed(placed)
    ]
    assert rest["nextCursor"] is None
    confirmed = (await client.get(at, params={"status": "confirmed"}, headers=staff)).json()["items"]
    assert [order["id"] for order in confirmed] == [placed[0]["id"]]
    for q in (placed[2]["number"].lower(), "BUYER2@"):
        found = (await client.get(at, params={"q": q}, headers=staff)).json()["items"]
        assert [order["id"] for order in found] == [placed[2]["id"]]
    assert (await client.get(at, params={"cursor": "nonsense"}, headers=staff)).status_code == 400
    assert (await client.get(at, params={"status": "lost"}, headers=staff)).status_code == 400


async def test_only_staff_of_the_company_see_orders(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop
) -> None:
    goods = await make_product(runtime, selling)
    order = (await place(client, selling, goods))["id"]
    other = await make_staff(runtime, await make_selling_shop(runtime))
    _, customer = await make_customer(runtime, selling)
    at = f"/api/admin/orders/{order}"
    statuses = [
        (await client.get(at, headers=selling.headers)).status_code,
        (await client.get(at, headers=customer)).status_code,
        (await client.get(at, headers=other)).status_code,
        (await act(client, other, order, "confirm")).status_code,
    ]
    assert statuses == [401, 403, 404, 404]
