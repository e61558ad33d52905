"""A product that is sent twice with one key is made once."""

from __future__ import annotations

import httpx

from pasar.kernel.runtime import Runtime
from support.people import make_staff
from support.shops import Shop


async def test_one_key_is_one_product(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    staff = await make_staff(runtime, shop) | {"idempotency-key": "once"}
    body = {"title": "Cup", "variants": [{"prices": [{"currency": "USD", "amount": "5.00"}]}]}
    first, again = [await client.post("/api/admin/products", json=body, headers=staff) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert again.json()["id"] == first.json()["id"]
    listed = (await client.get("/api/admin/products", headers=staff)).json()
    assert listed["total"] == 1
