"""Stock over HTTP: what staff see and change, and who may not."""

from __future__ import annotations

from typing import Any

import httpx

from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from support.goods import make_product
from support.people import make_customer, make_staff
from support.shelves import claim, levels
from support.shops import Shop, make_shop

INVENTORY = "/api/admin/inventory"
ADJUST = "/api/admin/inventory/adjustments"
LOCATIONS = "/api/admin/locations"


async def stock_of(client: httpx.AsyncClient, headers: dict[str, str], variant: object) -> dict[str, Any]:
    answer = await client.get(INVENTORY, params={"variantId": str(variant)}, headers=headers)
    assert answer.status_code == 200, answer.text
    (item,) = answer.json()["items"]
    return dict(item)


async def test_staff_see_stock_by_variant_and_by_sku(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    staff = await make_staff(runtime, shop)
    one = await make_product(runtime, shop, title="Mug", stock=10, sku="SAME")
    await make_product(runtime, shop, title="Cup", stock=3, sku="SAME")
    await claim(runtime.database, shop.company_id, [(one.variant_ids[0], 4)])
    item = await stock_of(client, staff, one.variant_ids[0])
    assert (item["onHand"], item["reserved"], item["available"], item["status"]) == (10, 4, 6, "reserved")
    assert (item["sku"], item["title"], item["lowStockAt"], item["reorderLevel"]) == ("SAME", "Mug", 5, None)
    assert [level["locationName"] for level in item["levels"]] == ["Main"]
    by_sku = (await client.get(INVENTORY, params={"sku": "SAME"}, headers=staff)).json()
    assert sorted(found["title"] for found in by_sku["items"]) == ["Cup", "Mug"]
    assert (await client.get(INVENTORY, params={"sku": "NONE"}, headers=staff)).json()["items"] == []
    unknown = await client.get(INVENTORY, params={"variantId": str(new_id())}, headers=staff)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "variant_not_found")


async def test_pages_of_all_stock(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    staff = await make_staff(runtime, shop)
    made = [(await make_product(runtime, shop, stock=n)).variant_ids[0] for n in range(3)]
    first = (await client.get(INVENTORY, params={"limit": 2}, headers=staff)).json()
    assert first["total"] == 3
    second = (
        await client.get(INVENTORY, params={"limit": 2, "cursor": first["nextCursor"]}, headers=staff)
    ).json()
    assert [item["variantId"] for item in first["items"] + second["items"]] == [str(v) for v in sorted(made)]
    assert second["nextCursor"] is None
    assert (await client.get(INVENTORY, params={"cursor": "x"}, headers=staff)).status_code == 400


async def test_adjusting_counting_and_the_history(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    staff = await make_staff(runtime, shop)
    (variant,) = (await make_product(runtime, shop, stock=10)).variant_ids
    await claim(runtime.database, shop.company_id, [(variant, 4)])
    body = {"variantId": str(variant), "setTo": 7, "reason": "counted", "note": "Shelf B"}
    made = await client.post(ADJUST, json=body, headers=staff)
    assert made.status_code == 201, made.text
    assert (made.json()["delta"], made.json()["onHand"], made.json()["available"]) == (-3, 7, 3)
    body = {"variantId": str(variant), "delta": 5, "reason": "received"}
    assert (await client.post(ADJUST, json=body, headers=staff)).json()["onHand"] == 12
    below = {"variantId": str(variant), "setTo": 3, "reason": "counted"}
    refused = await client.post(ADJUST, json=below, headers=staff)
    assert (refused.status_code, refused.json()["code"]) == (409, "below_reserved")
    assert (refused.json()["reserved"], refused.json()["onHand"]) == (4, 12)
    listed = (await client.get(ADJUST, params={"variantId": str(variant), "limit": 2}, headers=staff)).json()
    assert [(row["delta"], row["reason"], row["note"]) for row in listed["items"]] == [
        (5, "received", ""),
        (-3, "counted", "Shelf B"),
    ]
    assert listed["items"][0]["author"].startswith("staff:")
    rest = (
        await client.get(
            ADJUST, params={"variantId": str(variant), "cursor": listed["nextCursor"]}, headers=staff
        )
    ).json()
    assert [(row["delta"], row["reason"]) for row in rest["items"]] == [(10, "initial")]
    facts = await runtime.database.value(
        "SELECT count(*) FROM events WHERE company_id = $1 AND type = 'inventory.adjusted'", shop.company_id
    )
    assert facts == 2, "one for each change that was made, none for the refused one"


async def test_bad_adjustments(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    staff = await make_staff(runtime, shop)
    (variant,) = (await make_product(runtime, shop, stock=10)).variant_ids
    good: dict[str, Any] = {"variantId": str(variant), "delta": 1, "reason": "received"}
    for change, status in (
        ({"setTo": 1}, 422),
        ({"delta": None}, 422),
        ({"delta": "two"}, 400),
        ({"delta": 10**9}, 400),
        ({"reason": "shipped"}, 400),
        ({"surprise": 1}, 400),
        ({"variantId": str(new_id())}, 404),
        ({"locationId": str(new_id())}, 404),
    ):
        answer = await client.post(ADJUST, json=good | change, headers=staff)
        assert answer.status_code == status, (change, answer.text)
        assert answer.json()["code"]
    assert (await stock_of(client, staff, variant))["onHand"] == 10, "nothing changed"


async def test_low_stock_list(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    staff = await make_staff(runtime, shop)
    names = {
        title: (await make_product(runtime, shop, title=title, stock=stock)).variant_ids[0]
        for title, stock in (("gone", 0), ("low", 5), ("fine", 6), ("own", 20))
    }
    rules = await client.put(f"{INVENTORY}/{names['own']}", json={"reorderLevel": 25}, headers=staff)
    assert (rules.status_code, rules.json()["status"], rules.json()["lowStockAt"]) == (200, "low_stock", 25)
    first = (await client.get(f"{INVENTORY}/low-stock", params={"limit": 2}, headers=staff)).json()
    second = (
        await client.get(
            f"{INVENTORY}/low-stock", params={"limit": 2, "cursor": first["nextCursor"]}, headers=staff
        )
    ).json()
    found = [(item["title"], item["status"]) for item in first["items"] + second["items"]]
    assert found == [("gone", "out_of_stock"), ("low", "low_stock"), ("own", "low_stock")]
    assert (first["total"], second["nextCursor"]) == (3, None)


async def test_backorder_opens_and_closes(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    staff = await make_staff(runtime, shop)
    product = await make_product(runtime, shop, stock=0)
    (variant,) = product.variant_ids
    in_stock = "SELECT in_stock FROM products WHERE company_id = $1 AND id = $2"
    assert not await runtime.database.value(in_stock, shop.company_id, product.product_id)
    on = await client.put(f"{INVENTORY}/{variant}", json={"allowBackorder": True}, headers=staff)
    assert on.json()["allowBackorder"] is True
    assert await runtime.database.value(in_stock, shop.company_id, product.product_id)
    await claim(runtime.database, shop.company_id, [(variant, 2)])
    off = await client.put(f"{INVENTORY}/{variant}", json={"allowBackorder": False}, headers=staff)
    assert (off.status_code, off.json()["code"]) == (409, "backorders_open")
    received = {"variantId": str(variant), "delta": 2, "reason": "received"}
    await client.post(ADJUST, json=received, headers=staff)
    off = await client.put(f"{INVENTORY}/{variant}", json={"allowBackorder": False}, headers=staff)
    assert (off.status_code, off.json()["available"]) == (200, 0)
    assert not await runtime.database.value(in_stock, shop.company_id, product.product_id)


async def test_locations(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    staff = await make_staff(runtime, shop)
    (variant,) = (await make_product(runtime, shop, stock=10)).variant_ids
    made = await client.post(LOCATIONS, json={"name": "Harbour", "priority": -1}, headers=staff)
    assert made.status_code == 201, made.text
    harbour = made.json()["id"]
    again = await client.post(LOCATIONS, json={"name": "harbour"}, headers=staff)
    assert (again.status_code, again.json()["code"]) == (409, "location_name_taken")
    moved = {"variantId": str(variant), "locationId": harbour, "delta": 3, "reason": "transfer_in"}
    assert (await client.post(ADJUST, json=moved, headers=staff)).json()["available"] == 13
    await claim(runtime.database, shop.company_id, [(variant, 2)])
    assert [
        row[1] for row in sorted((await levels(runtime.database, shop.company_id, variant)).values())
    ] == [2, 0]
    item = await stock_of(client, staff, variant)
    assert [level["locationName"] for level in item["levels"]] == ["Harbour", "Main"]
    address = f"{LOCATIONS}/{harbour}"
    closed = await client.patch(address, json={"isActive": False}, headers=staff)
    assert (closed.status_code, closed.json()["code"]) == (409, "location_has_stock")
    in_use = await client.delete(address, headers=staff)
    assert (in_use.status_code, in_use.json()["code"]) == (409, "location_in_use")
    last = await client.patch(address, json={"priority": 5, "name": "Quay"}, headers=staff)
    assert (last.json()["name"], last.json()["priority"], last.json()["isActive"]) == ("Quay", 5, True)
    assert [level["locationName"] for level in (await stock_of(client, staff, variant))["levels"]] == [
        "Main",
        "Quay",
    ]
    unused = (await client.post(LOCATIONS, json={"name": "Never used"}, headers=staff)).json()["id"]
    assert (await client.delete(f"{LOCATIONS}/{unused}", headers=staff)).status_code == 204
    names = [row["name"] for row in (await client.get(LOCATIONS, headers=staff)).json()["items"]]
    assert names == ["Main", "Quay"]


async def test_an_empty_location_closes_and_the_last_one_does_not(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    staff = await make_staff(runtime, shop)
    (variant,) = (await make_product(runtime, shop, stock=0, allow_backorder=True)).variant_ids
    (main,) = (await client.get(LOCATIONS, headers=staff)).json()["items"]
    refused = await client.patch(f"{LOCATIONS}/{main['id']}", json={"isActive": False}, headers=staff)
    assert (refused.status_code, refused.json()["code"]) == (409, "last_location")
    await client.post(LOCATIONS, json={"name": "New", "priority": 3}, headers=staff)
    closed = await client.patch(f"{LOCATIONS}/{main['id']}", json={"isActive": False}, headers=staff)
    assert (closed.status_code, closed.json()["isActive"]) == (200, False)
    item = await stock_of(client, staff, variant)
    assert [level["locationName"] for level in item["levels"]] == ["New"]
    assert item["allowBackorder"] is True, "what was settled for the variant moves along"


async def test_who_may_not(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    (variant,) = (await make_product(runtime, shop, stock=10)).variant_ids
    _, customer = await make_customer(runtime, shop)
    foreign = await make_staff(runtime, await make_shop(runtime))
    body = {"variantId": str(variant), "delta": 1, "reason": "received"}
    assert (await client.post(ADJUST, json=body, headers=shop.headers)).status_code == 401
    assert (await client.post(ADJUST, json=body, headers=customer)).status_code == 403
    assert (await client.post(ADJUST, json=body, headers=foreign)).status_code == 404
    assert (await client.get(INVENTORY, headers=customer)).status_code == 403
