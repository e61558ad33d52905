"""A whole shop over the API: one of everything, and the headers of those who may touch it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

from pasar.kernel.runtime import Runtime
from support.goods import MadeProduct, make_product
from support.people import make_customer, make_staff
from support.pictures import picture_bytes
from support.selling import ADDRESS, guest_with, make_selling_shop, order_body
from support.shops import Shop

CSV = b"Handle,Title,Variant Price\nplain-cup,Plain cup,4.00\n"
CALLERS = ("guest", "customer", "owner")


@dataclass(frozen=True, slots=True)
class World:
    """`ids` has a real id for each path parameter and body field of the API that names one."""

    shop: Shop
    goods: MadeProduct
    callers: dict[str, dict[str, str]]
    ids: dict[str, str]


async def make_world(runtime: Runtime, client: httpx.AsyncClient) -> World:
    """Sell something in a new shop, so that there is one of everything."""
    shop = await make_selling_shop(runtime)
    goods = await make_product(runtime, shop, stock=1000, sku="CUP-1")
    owner = await make_staff(runtime, shop)
    customer_id, customer = await make_customer(runtime, shop)
    guest = await guest_with(client, shop, (goods, 1))
    calls = Calls(client, owner)
    category = await calls.post("/api/admin/categories", {"title": "Cups"})
    location = await calls.post("/api/admin/locations", {"name": "Second store"})
    rate = await calls.post("/api/admin/tax-rates", {"name": "Tax", "country": "FR", "percent": "20"})
    zone = await calls.post("/api/admin/shipping-zones", {"name": "Away", "countries": ["FR"]})
    picture, upload = await _files(client, owner, goods)
    order = await _order(client, customer, goods)
    cart = (await client.get("/api/public/cart", headers=guest)).json()
    return World(
        shop,
        goods,
        {"guest": guest, "customer": customer, "owner": owner},
        {
            "product_id": str(goods.product_id),
            "variant_id": str(goods.variant_ids[0]),
            "category_id": category["id"],
            "location_id": location["id"],
            "rate_id": rate["id"],
            "zone_id": zone["id"],
            "media_id": picture,
            "import_id": upload,
            "order_id": order["id"],
            "customer_id": str(customer_id),
            "cart_id": cart["id"],
            "item_id": cart["items"][0]["id"],
            "line_id": order["items"][0]["id"],
            "number": order["number"],
            "token": order["viewUrl"].rsplit("/", 1)[1],
        },
    )


@dataclass(frozen=True, slots=True)
class Calls:
    """One caller's changes that must succeed."""

    client: httpx.AsyncClient
    headers: dict[str, str]

    async def post(self, path: str, body: dict[str, Any], expected: int = 201) -> dict[str, Any]:
        """The answer to a POST."""
        answer = await self.client.post(path, json=body, headers=self.headers)
        assert answer.status_code == expected, answer.text
        told: dict[str, Any] = answer.json()
        return told


async def _files(client: httpx.AsyncClient, owner: dict[str, str], goods: MadeProduct) -> tuple[str, str]:
    picture = await client.post(
        f"/api/admin/products/{goods.product_id}/media",
        files={"file": ("cup.png", picture_bytes(size=(32, 32)), "image/png")},
        headers=owner,
    )
    assert picture.status_code == 201, picture.text
    upload = await client.post(
        "/api/admin/imports",
        files={"file": ("goods.csv", CSV, "text/csv")},
        data={"currency": "USD"},
        headers=owner,
    )
    assert upload.status_code == 202, upload.text
    return picture.json()["id"], upload.json()["id"]


async def _order(client: httpx.AsyncClient, customer: dict[str, str], goods: MadeProduct) -> dict[str, Any]:
    """The customer's placed order; another piece is left in the customer's cart."""
    calls = Calls(client, customer)
    line = {"productId": str(goods.product_id), "quantity": 1}
    await calls.post("/api/cart/items", line)
    placed = await calls.post("/api/orders", order_body(shippingAddress=ADDRESS))
    await calls.post("/api/cart/items", line)
    order: dict[str, Any] = placed["order"]
    return order
