"""A verb that is sent twice with one key is done once, and the second call hears the first answer."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from support.goods import make_product
from support.people import make_customer, make_staff
from support.selling import make_selling_shop, order_body, place, stock_of

pytestmark = pytest.mark.money


async def twice(
    client: httpx.AsyncClient, address: str, headers: dict[str, str], body: dict[str, Any] | None = None
) -> dict[str, Any]:
    keyed = headers | {"idempotency-key": "twice"}
    first, again = [await client.post(address, json=body, headers=keyed) for _ in range(2)]
    assert first.status_code == again.status_code == 200, (first.text, again.text)
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json() == first.json()
    told: dict[str, Any] = first.json()
    return told


async def test_staff_verbs(client: httpx.AsyncClient, runtime: Runtime) -> None:
    selling = await make_selling_shop(runtime)
    staff = await make_staff(runtime, selling)
    goods = await make_product(runtime, selling, stock=10)
    order = await place(client, selling, goods, 4)
    address = f"/api/admin/orders/{order['id']}"
    assert (await twice(client, f"{address}/confirm", staff))["status"] == "confirmed"
    assert (await twice(client, f"{address}/process", staff))["status"] == "processing"
    part = {
        "carrier": "UPS",
        "trackingNumber": "1Z",
        "lines": [{"lineId": order["items"][0]["id"], "quantity": 1}],
    }
    shipped = await twice(client, f"{address}/ship", staff, part)
    assert len(shipped["shipments"]) == 1
    assert await stock_of(runtime, selling, goods) == (9, 3), "one piece left, not two"
    keyed = staff | {"idempotency-key": "twice"}
    other = await client.post(f"{address}/ship", json=part | {"carrier": "DHL"}, headers=keyed)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    rest = {"carrier": "UPS", "trackingNumber": "1Z"}
    assert (await client.post(f"{address}/ship", json=rest, headers=staff)).json()["status"] == "shipped"
    assert (await twice(client, f"{address}/deliver", staff))["status"] == "delivered"


async def test_cancelling(client: httpx.AsyncClient, runtime: Runtime) -> None:
    selling = await make_selling_shop(runtime)
    staff = await make_staff(runtime, selling)
    goods = await make_product(runtime, selling, stock=10)
    order = await place(client, selling, goods)
    reason = {"reason": "Changed my mind"}
    by_staff = await twice(client, f"/api/admin/orders/{order['id']}/cancel", staff, reason)
    assert by_staff["status"] == "cancelled"

    _, customer = await make_customer(runtime, selling)
    line = {"productId": str(goods.product_id), "quantity": 2}
    assert (await client.post("/api/cart/items", json=line, headers=customer)).status_code == 201
    placed = await client.post("/api/orders", json=order_body(), headers=customer)
    own = f"/api/orders/{placed.json()['order']['id']}/cancel"
    assert (await twice(client, own, customer, reason))["status"] == "cancelled"
    assert await stock_of(runtime, selling, goods) == (10, 0)
