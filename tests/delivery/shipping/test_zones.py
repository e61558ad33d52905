"""Stored zones: what staff enter, what shoppers are asked to pay, and what was sent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from pasar.delivery.shipping.public import (
    ShippingMethod,
    ShippingRuleError,
    WeightBand,
    add_method,
    add_zone,
    create_shipment,
    mark_delivered,
    quotes,
    shipments_of,
)
from pasar.kernel.db.database import Database
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from support.people import make_staff
from support.shops import Shop, make_shop

ZONES = "/api/admin/shipping-zones"
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
FLAT: dict[str, Any] = {
    "name": "Standard",
    "kind": "flat",
    "currency": "USD",
    "price": "5.00",
    "freeFrom": "50",
}
BANDS: dict[str, Any] = {
    "name": "Heavy",
    "kind": "by_weight",
    "currency": "USD",
    "bands": [{"upToGrams": 1000, "price": "3.50"}, {"upToGrams": 5000, "price": "9"}],
    "deliveryDays": "2-4",
}


async def test_zones_for_the_demo_and_their_quotes(runtime: Runtime, database: Database, shop: Shop) -> None:
    async with database.transaction() as session:
        world = await add_zone(session, shop.company_id, name="World", countries=["*"])
        java = await add_zone(session, shop.company_id, name="Java", countries=["ID"], regions=["Jawa Barat"])
        await add_method(session, shop.company_id, world, ShippingMethod("", "Air", "flat", "USD", 2500))
        courier = ShippingMethod(
            "", "Courier", "by_weight", "IDR", bands=(WeightBand(1000, 900_000),), delivery_days="1-2"
        )
        await add_method(session, shop.company_id, java, courier)
        hidden = ShippingMethod("", "Hidden", "flat", "IDR", 1)
        await add_method(session, shop.company_id, java, hidden, is_active=False)

    async def names(
        currency: str, country: str, region: str, grams: int, *, at: Shop = shop
    ) -> list[tuple[str, int]]:
        found = await quotes(
            database,
            at.company_id,
            currency=currency,
            country=country,
            region=region,
            postcode=None,
            subtotal_minor=0,
            lines_item_count=1,
            weight_grams=grams,
        )
        return [(quote.method.name, quote.price_minor) for quote in found]

    assert await names("USD", "DE", "", 1) == [("Air", 2500)]
    assert await names("IDR", "ID", "jawa barat", 800) == [("Courier", 900_000)]
    assert await names("IDR", "ID", "jawa barat", 1200) == [], "too heavy, and the hidden one is not offered"
    assert await names("USD", "DE", "", 1, at=await make_shop(runtime)) == []


async def test_a_zone_that_cannot_work_is_refused(database: Database, shop: Shop) -> None:
    async with database.transaction() as session:
        with pytest.raises(ShippingRuleError):
            await add_zone(session, shop.company_id, name="Nowhere", countries=[])


async def test_staff_keep_zones_and_shoppers_see_prices(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    staff = await make_staff(runtime, shop)
    unwanted = str(new_id())
    body = {"name": "America", "countries": ["US", "CA"], "methods": [FLAT, BANDS | {"id": unwanted}]}
    made = await client.post(ZONES, json=body, headers=staff)
    assert made.status_code == 201, made.text
    zone = made.json()
    assert [method["price"] for method in zone["methods"]] == ["5.00", "0.00"]
    assert (zone["methods"][0]["freeFrom"], zone["methods"][1]["bands"][1]["price"]) == ("50.00", "9.00")
    assert zone["methods"][1]["id"] != unwanted, "a client does not choose ids"

    async def asked(**more: Any) -> list[tuple[str, str, str | None, bool]]:
        params: dict[str, Any] = {"country": "US", "subtotal": "45.00", "weightGrams": 2000} | more
        answer = await client.get("/api/public/shipping-methods", params=params, headers=shop.headers)
        assert answer.status_code == 200, answer.text
        return [
            (one["name"], one["price"], one["amountToFree"], one["cheapest"])
            for one in answer.json()["items"]
        ]

    assert await asked() == [("Standard", "5.00", "5.00", True), ("Heavy", "9.00", None, False)]
    assert await asked(subtotal="50") == [("Standard", "0.00", "0.00", True), ("Heavy", "9.00", None, False)]
    assert await asked(country="DE") == []
    assert await asked(currency="IDR") == []
    kept = zone["methods"][0] | {"price": "6.00", "isActive": True}
    changed = await client.put(
        f"{ZONES}/{zone['id']}", json={"name": "US", "countries": ["US"], "methods": [kept]}, headers=staff
    )
    assert changed.status_code == 200, changed.text
    assert [method["id"] for method in changed.json()["methods"]] == [zone["methods"][0]["id"]]
    assert await asked() == [("Standard", "6.00", "5.00", True)]
    assert (await client.get(ZONES, headers=staff)).json()["total"] == 1
    assert (await client.delete(f"{ZONES}/{zone['id']}", headers=staff)).status_code == 204
    assert (await client.delete(f"{ZONES}/{zone['id']}", headers=staff)).json()[
        "code"
    ] == "shipping_zone_not_found"
    assert await asked() == []


async def test_bad_zones_are_refused_on_their_field(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    staff = await make_staff(runtime, shop)
    good = {"name": "America", "countries": ["US"]}
    for change, status, field in (
        ({"countries": []}, 400, "countries"),
        ({"countries": ["USA"]}, 400, "countries[0]"),
        ({"postcodes": ["1-*-2*"]}, 422, "postcodes"),
        ({"methods": [FLAT | {"price": "5.001"}]}, 422, "methods[0].price"),
        ({"methods": [FLAT | {"currency": "XXX"}]}, 422, "methods[0].price"),
        ({"methods": [FLAT, BANDS | {"bands": []}]}, 422, "methods[1].bands"),
    ):
        answer = await client.post(ZONES, json=good | change, headers=staff)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field), answer.text
    assert (await client.get(ZONES, headers=staff)).json()["total"] == 0
    assert (await client.post(ZONES, json=good, headers=shop.headers)).status_code == 401


async def test_shipments(database: Database, shop: Shop) -> None:
    order, line, other = new_id(), *sorted((new_id(), new_id()))
    async with database.transaction() as session:
        first = await create_shipment(
            session,
            shop.company_id,
            order,
            carrier="JNE",
            tracking_number="CGK1",
            lines=[(line, 2), (other, 1)],
            at=AT,
        )
        with pytest.raises(ValueError, match="at least one"):
            await create_shipment(
                session, shop.company_id, order, carrier="JNE", tracking_number="", lines=[], at=AT
            )
    async with database.transaction() as session:
        (sent,) = await shipments_of(session, shop.company_id, order)
        assert (sent.id, sent.status, sent.lines) == (first, "shipped", ((line, 2), (other, 1)))
        assert sent.tracking_url == "https://www.jne.co.id/en/tracking/trace?awb=CGK1"
        assert await mark_delivered(session, shop.company_id, order, AT) == 1
        assert await mark_delivered(session, shop.company_id, order, AT) == 0
        (arrived,) = await shipments_of(session, shop.company_id, order)
    assert (arrived.status, arrived.delivered_at) == ("delivered", AT)
