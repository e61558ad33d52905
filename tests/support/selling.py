"""Makers of sales: a shop that delivers, a guest with goods in a cart, a placed order."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx

from pasar.delivery.shipping.public import ShippingMethod, add_method, add_zone
from pasar.finance.taxes.public import TaxRate, replace_rates
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from support.goods import MadeProduct
from support.shops import Shop, make_shop

ADDRESS: dict[str, Any] = {
    "name": "Ann Buyer",
    "line1": "1 Market Street",
    "city": "San Francisco",
    "region": "CA",
    "postalCode": "94105",
    "country": "US",
}


async def make_selling_shop(
    runtime: Runtime, *, shipping: int = 500, tax_ppm: int = 0, free_from: int | None = None
) -> Shop:
    """A shop that sends to the United States for `shipping` minor units, taxed at `tax_ppm` (added)."""
    shop = await make_shop(runtime)
    async with runtime.database.transaction() as session:
        zone = await add_zone(session, shop.company_id, name="US", countries=["US"])
        for currency in ("USD", "IDR"):
            method = ShippingMethod(
                str(new_id()), "Standard", "flat", currency, shipping, free_from_minor=free_from
            )
            await add_method(session, shop.company_id, zone, method)
        if tax_ppm:
            await replace_rates(session, shop.company_id, [TaxRate("US", "Sales tax", tax_ppm)])
    return shop


async def guest_with(
    client: httpx.AsyncClient, shop: Shop, *goods: tuple[MadeProduct, int]
) -> dict[str, str]:
    """Open a guest's cart holding `goods`, and answer the headers that carry its token."""
    opened = (await client.post("/api/public/cart", headers=shop.headers)).json()
    headers = shop.headers | {"x-session-token": opened["sessionToken"]}
    for product, quantity in goods:
        added = await client.post(
            f"/api/public/cart/{opened['id']}/items",
            json={"productId": str(product.product_id), "quantity": quantity},
            headers=headers,
        )
        assert added.status_code == 201, added.text
    return headers


def order_body(**changes: Any) -> dict[str, Any]:
    """What a guest sends to order by hand-confirmed payment."""
    return {
        "email": "ann@example.com",
        "shippingAddress": ADDRESS,
        "paymentMethod": "manual",
    } | changes


async def check_out(client: httpx.AsyncClient, headers: dict[str, str], **changes: Any) -> httpx.Response:
    """Order what is in the guest's cart."""
    return await client.post("/api/public/checkout", json=order_body(**changes), headers=headers)


async def place(
    client: httpx.AsyncClient, shop: Shop, goods: MadeProduct, quantity: int = 1, **changes: Any
) -> dict[str, Any]:
    """A guest's placed order, as the API told it."""
    answer = await check_out(client, await guest_with(client, shop, (goods, quantity)), **changes)
    assert answer.status_code == 201, answer.text
    order: dict[str, Any] = answer.json()["order"]
    return order


async def stock_of(runtime: Runtime, shop: Shop, goods: MadeProduct) -> tuple[int, int]:
    """On hand and reserved of the first variant, over all locations, by SQL of the test's own."""
    row = await runtime.database.row(
        "SELECT sum(on_hand), sum(reserved) FROM stock_levels WHERE company_id = $1 AND variant_id = $2",
        shop.company_id,
        goods.variant_ids[0],
    )
    assert row is not None
    return int(row[0]), int(row[1])


async def open_holds(runtime: Runtime, order_id: str | UUID) -> int:
    """Pieces held or committed for an order."""
    return int(
        await runtime.database.value(
            "SELECT coalesce(sum(quantity), 0) FROM stock_holds"
            " WHERE order_id = $1 AND status IN ('held', 'committed')",
            UUID(str(order_id)),
        )
    )
