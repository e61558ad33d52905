"""A changed switch changes what the shop does: at once in this process, within a second in every other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import pytest

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Settings
from pasar.kernel.db.addresses import DatabaseAddress
from pasar.kernel.db.database import Database
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import assemble, observed, open_runtime
from support.goods import MadeProduct, make_product
from support.people import make_customer, make_staff
from support.selling import check_out, guest_with, make_selling_shop
from support.shops import Shop

LONGEST_SECONDS = 1.5  # a second, and the call itself on a busy machine
Ask = Callable[[httpx.AsyncClient], Awaitable[object]]


@pytest.fixture
async def elsewhere(settings: Settings, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a second process: another runtime with pools and memories of its own."""
    address: DatabaseAddress = database.address
    second = await Database.open(address)
    runtime = open_runtime(settings, second, SystemClock())
    transport = httpx.ASGITransport(app=observed(runtime, assemble(runtime)))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        yield opened
    await runtime.http.aclose()
    await second.close()


@pytest.fixture
async def shop(runtime: Runtime) -> Shop:
    """A shop that sends to the United States."""
    return await make_selling_shop(runtime)


@pytest.fixture
async def goods(runtime: Runtime, shop: Shop) -> MadeProduct:
    """Something to buy."""
    return await make_product(runtime, shop, stock=50)


@pytest.fixture
async def staff(runtime: Runtime, shop: Shop) -> dict[str, str]:
    """An owner of `shop`."""
    return await make_staff(runtime, shop)


async def switch(client: httpx.AsyncClient, shop: Shop, staff: dict[str, str], **features: Any) -> None:
    at = f"/api/admin/sites/{shop.site_id}"
    answer = await client.patch(at, json={"features": features}, headers=staff)
    assert answer.status_code == 200, answer.text


async def changes(
    ask: Ask,
    here: httpx.AsyncClient,
    there: httpx.AsyncClient,
    change: Awaitable[None],
    before: object,
    after: object,
) -> None:
    """`ask` answers `before` in both processes; once changed, `after` at once here, within a second there."""
    assert (await ask(here), await ask(there)) == (before, before)
    await change
    since = time.monotonic()
    assert await ask(here) == after
    while (told := await ask(there)) != after:
        assert time.monotonic() - since < LONGEST_SECONDS, f"still {told}"
        await asyncio.sleep(0.05)


async def test_no_cart_at_all(
    client: httpx.AsyncClient,
    elsewhere: httpx.AsyncClient,
    runtime: Runtime,
    shop: Shop,
    goods: MadeProduct,
    staff: dict[str, str],
) -> None:
    guest = await guest_with(client, shop, (goods, 1))
    cart = (await client.get("/api/public/cart", headers=guest)).json()
    _, customer = await make_customer(runtime, shop)
    line = {"productId": str(goods.product_id)}

    async def ask(who: httpx.AsyncClient) -> object:
        return (await who.get("/api/public/cart", headers=guest)).status_code

    await changes(ask, client, elsewhere, switch(client, shop, staff, enableCart=False), 200, 404)
    at = f"/api/public/cart/{cart['id']}/items"
    calls: list[tuple[str, str, Any, dict[str, str]]] = [
        ("POST", "/api/public/cart", None, shop.headers),
        ("GET", "/api/public/cart", None, guest),
        ("POST", at, line, guest),
        ("POST", at, {"nonsense": 1}, guest),
        ("PATCH", f"{at}/{cart['items'][0]['id']}", {"quantity": 2}, guest),
        ("DELETE", f"{at}/{cart['items'][0]['id']}", None, guest),
        ("POST", "/api/public/checkout/preview", {}, guest),
        ("GET", "/api/cart", None, customer),
        ("POST", "/api/cart/items", line, customer),
        ("DELETE", "/api/cart", None, customer),
        ("POST", "/api/checkout/preview", {}, customer),
    ]
    for method, path, body, headers in calls:
        answer = await client.request(method, path, json=body, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "feature_disabled"), f"{method} {path}"
    ordered = await check_out(client, guest)
    assert (ordered.status_code, ordered.json()["code"]) == (404, "feature_disabled")
    for method, path in (
        ("GET", "/api/cart"),
        ("POST", "/api/cart/items"),
        ("POST", "/api/orders"),
        ("DELETE", "/api/cart"),
    ):
        answer = await client.request(
            method, path, json=line if method == "POST" else None, headers=shop.headers
        )
        assert answer.status_code == 401, "who must sign in hears of that before the switch is looked at"
    await switch(client, shop, staff, enableCart=True)
    assert (await client.get("/api/public/cart", headers=guest)).json()["items"], "nothing was lost"


async def test_no_cart_on_pages(
    client: httpx.AsyncClient, shop: Shop, goods: MadeProduct, staff: dict[str, str]
) -> None:
    handle = (await client.get(f"/api/products/{goods.product_id}", headers=shop.headers)).json()["handle"]
    before = (await client.get(f"/products/{handle}", headers=shop.headers)).text
    assert 'href="/cart"' in before
    assert 'action="/cart/items"' in before
    await switch(client, shop, staff, enableCart=False)
    after = await client.get(f"/products/{handle}", headers=shop.headers)
    assert after.status_code == 200
    assert "/cart" not in after.text
    for path in ("/cart", "/checkout"):
        assert (await client.get(path, headers=shop.headers)).status_code == 404
    home = (await client.get("/", headers=shop.headers)).text
    assert 'href="/cart"' not in home


async def test_guests_may_not_order(
    client: httpx.AsyncClient,
    elsewhere: httpx.AsyncClient,
    runtime: Runtime,
    shop: Shop,
    goods: MadeProduct,
    staff: dict[str, str],
) -> None:
    guest = await guest_with(client, shop, (goods, 1))
    _, customer = await make_customer(runtime, shop)

    async def ask(who: httpx.AsyncClient) -> object:
        return (await who.post("/api/public/checkout/preview", json={}, headers=guest)).status_code

    await changes(ask, client, elsewhere, switch(client, shop, staff, guestCheckout=False), 200, 401)
    refused = await check_out(client, guest)
    assert (refused.status_code, refused.json()["code"]) == (401, "sign_in_required")
    page = await client.get("/checkout", headers=shop.headers)
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in?back=%2Fcheckout")
    await client.post("/api/cart/items", json={"productId": str(goods.product_id)}, headers=customer)
    assert (await client.post("/api/checkout/preview", json={}, headers=customer)).status_code == 200


async def test_how_long_a_cart_lives(
    client: httpx.AsyncClient,
    elsewhere: httpx.AsyncClient,
    runtime: Runtime,
    shop: Shop,
    goods: MadeProduct,
    staff: dict[str, str],
) -> None:
    async def ask(who: httpx.AsyncClient) -> object:
        opened = (await who.post("/api/public/cart", headers=shop.headers)).json()
        life = "SELECT expires_at - last_activity_at FROM carts WHERE id = $1"
        return (await runtime.database.value(life, UUID(opened["id"]))).days

    await changes(ask, client, elsewhere, switch(client, shop, staff, cartExpirationDays=3), 30, 3)


async def test_how_many_lines_a_cart_holds(
    client: httpx.AsyncClient,
    elsewhere: httpx.AsyncClient,
    runtime: Runtime,
    shop: Shop,
    goods: MadeProduct,
    staff: dict[str, str],
) -> None:
    other = await make_product(runtime, shop, stock=5)

    async def ask(who: httpx.AsyncClient) -> object:
        opened = (await who.post("/api/public/cart", headers=shop.headers)).json()
        at, headers = (
            f"/api/public/cart/{opened['id']}/items",
            shop.headers | {"x-session-token": opened["sessionToken"]},
        )
        for product in (goods, other):
            answer = await who.post(at, json={"productId": str(product.product_id)}, headers=headers)
        return answer.json().get("code")

    await changes(ask, client, elsewhere, switch(client, shop, staff, maxCartLines=1), None, "too_many_lines")


async def test_how_many_of_one_thing(
    client: httpx.AsyncClient,
    elsewhere: httpx.AsyncClient,
    shop: Shop,
    goods: MadeProduct,
    staff: dict[str, str],
) -> None:
    async def ask(who: httpx.AsyncClient) -> object:
        opened = (await who.post("/api/public/cart", headers=shop.headers)).json()
        at, headers = (
            f"/api/public/cart/{opened['id']}/items",
            shop.headers | {"x-session-token": opened["sessionToken"]},
        )
        body = {"productId": str(goods.product_id), "quantity": 4}
        return (await who.post(at, json=body, headers=headers)).json().get("code")

    change = switch(client, shop, staff, maxLineQuantity=3)
    await changes(ask, client, elsewhere, change, None, "quantity_above_limit")


@pytest.mark.parametrize(
    ("name", "value"), [("enableWishlist", False), ("enableCompare", True), ("maxCompareItems", 6)]
)
async def test_what_modules_to_come_will_ask(
    client: httpx.AsyncClient,
    elsewhere: httpx.AsyncClient,
    shop: Shop,
    staff: dict[str, str],
    name: str,
    value: object,
) -> None:
    """Wish lists and comparing come later; their switches are kept and told already."""
    before = (await client.get("/api/site", headers=shop.headers)).json()["features"][name]

    async def ask(who: httpx.AsyncClient) -> object:
        return (await who.get("/api/site", headers=shop.headers)).json()["features"][name]

    await changes(ask, client, elsewhere, switch(client, shop, staff, **{name: value}), before, value)


async def test_another_companys_switch_is_its_own(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, staff: dict[str, str]
) -> None:
    other = await make_selling_shop(runtime)
    await switch(client, shop, staff, enableCart=False)
    assert (await client.post("/api/public/cart", headers=other.headers)).status_code == 201
