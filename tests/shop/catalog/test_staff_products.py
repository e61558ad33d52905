"""Staff make, change and archive products, variants and prices."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from pasar.kernel.runtime import Runtime
from pasar.shop.catalog import searching
from support.people import make_customer, make_staff
from support.shops import Shop, make_shop

PRODUCTS = "/api/admin/products"
HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'); DROP TABLE products; --"


@pytest.fixture(autouse=True)
def eager_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Search asks for changes at each access."""
    monkeypatch.setattr(searching, "POLL_SECONDS", 0.0)


@pytest.fixture
async def owner(runtime: Runtime, shop: Shop) -> dict[str, str]:
    return await make_staff(runtime, shop)


def shirt(**more: object) -> dict[str, Any]:
    return {
        "title": "Batik shirt",
        "status": "active",
        "options": ["Size", "Colour"],
        "variants": [
            {
                "options": {"Size": "S", "Colour": "Blue"},
                "sku": "BTK-S",
                "prices": [{"currency": "USD", "amount": "20.00", "compareAt": "25.00"}],
            }
        ],
        **more,
    }


async def make(client: httpx.AsyncClient, owner: dict[str, str], **more: object) -> dict[str, Any]:
    answer = await client.post(PRODUCTS, headers=owner, json=shirt(**more))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def facts_of(runtime: Runtime, product_id: str) -> list[str]:
    rows = await runtime.database.rows(
        "SELECT type FROM events WHERE key = $1 ORDER BY position", f"product:{product_id}"
    )
    return [row["type"] for row in rows]


async def test_a_product_lives_from_draft_to_archive(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: dict[str, str]
) -> None:
    made = await make(client, owner, status="draft")
    public = f"/api/products/{made['handle']}"
    assert made["handle"] == "batik-shirt"
    assert (await client.get(public, headers=shop.headers)).status_code == 404

    changed = await client.patch(
        f"{PRODUCTS}/{made['id']}", headers=owner, json={"status": "active", "title": "Kemeja batik"}
    )
    assert changed.status_code == 200, changed.text
    shown = (await client.get(public, headers=shop.headers)).json()
    assert shown["title"] == "Kemeja batik"
    assert shown["variants"][0]["price"] == "20.00"
    assert shown["variants"][0]["compareAtPrice"] == "25.00"
    found = await client.get("/api/search", params={"q": "kemeja"}, headers=shop.headers)
    assert found.json()["total"] == 1

    assert (await client.delete(f"{PRODUCTS}/{made['id']}", headers=owner)).status_code == 204
    assert (await client.get(public, headers=shop.headers)).status_code == 404
    found = await client.get("/api/search", params={"q": "kemeja"}, headers=shop.headers)
    assert found.json()["total"] == 0
    assert await facts_of(runtime, made["id"]) == ["product.created", "product.updated", "product.archived"]


async def test_a_change_that_changes_nothing_is_none(
    client: httpx.AsyncClient, runtime: Runtime, owner: dict[str, str]
) -> None:
    made = await make(client, owner)
    same = await client.patch(
        f"{PRODUCTS}/{made['id']}", headers=owner, json={"title": "Batik shirt", "tags": [], "vendor": ""}
    )
    assert same.json() == made
    price = {"prices": [{"currency": "USD", "amount": "20.00", "compareAt": "25.00"}]}
    path = f"{PRODUCTS}/{made['id']}/variants/{made['variants'][0]['id']}"
    assert (await client.patch(path, headers=owner, json=price)).json() == made
    assert await facts_of(runtime, made["id"]) == ["product.created"]


async def test_handles_are_unique(client: httpx.AsyncClient, owner: dict[str, str]) -> None:
    handles = [(await make(client, owner))["handle"] for _ in range(3)]
    assert handles == ["batik-shirt", "batik-shirt-1", "batik-shirt-2"]
    taken = await client.post(PRODUCTS, headers=owner, json=shirt(handle="batik-shirt"))
    assert (taken.status_code, taken.json()["code"]) == (409, "handle_taken")
    reserved = await client.post(PRODUCTS, headers=owner, json=shirt(handle="search"))
    assert (reserved.status_code, reserved.json()["code"]) == (422, "handle_reserved")
    assert (await make(client, owner, title="Search"))["handle"] == "search-1"


async def test_handles_made_at_once_differ(client: httpx.AsyncClient, owner: dict[str, str]) -> None:
    made = await asyncio.gather(*(make(client, owner) for _ in range(6)))
    assert len({product["handle"] for product in made}) == 6


async def test_variants_fit_the_options(client: httpx.AsyncClient, shop: Shop, owner: dict[str, str]) -> None:
    made = await make(client, owner)
    path = f"{PRODUCTS}/{made['id']}/variants"
    mismatch = await client.post(path, headers=owner, json={"options": {"Size": "M"}})
    assert (mismatch.status_code, mismatch.json()["code"]) == (422, "options_mismatch")
    again = await client.post(path, headers=owner, json={"options": {"Size": "S", "Colour": "Blue"}})
    assert (again.status_code, again.json()["code"]) == (409, "variant_exists")
    second = {
        "options": {"Size": "M", "Colour": "Blue"},
        "prices": [{"currency": "USD", "amount": "22"}],
        "allowBackorder": True,
    }
    added = await client.post(path, headers=owner, json=second)
    assert added.status_code == 201, added.text
    variant = added.json()["variants"][1]
    assert (variant["title"], variant["position"], variant["inStock"]) == ("M / Blue", 1, True)

    clash = await client.patch(
        f"{path}/{variant['id']}", headers=owner, json={"options": {"Size": "S", "Colour": "Blue"}}
    )
    assert (clash.status_code, clash.json()["code"]) == (409, "variant_exists")
    fewer = await client.patch(f"{PRODUCTS}/{made['id']}", headers=owner, json={"options": ["Size"]})
    assert (fewer.status_code, fewer.json()["code"]) == (409, "options_in_use")
    renamed = await client.put(
        f"{PRODUCTS}/{made['id']}", headers=owner, json={"options": ["Ukuran", "Warna"]}
    )
    assert renamed.json()["variants"][1]["options"] == {"Ukuran": "M", "Warna": "Blue"}

    assert (await client.delete(f"{path}/{variant['id']}", headers=owner)).status_code == 204
    shown = (await client.get(f"/api/products/{made['handle']}", headers=shop.headers)).json()
    assert [one["title"] for one in shown["variants"]] == ["S / Blue"]
    back = second | {"options": {"Ukuran": "M", "Warna": "Blue"}, "sku": "NEW"}
    returned = (await client.post(path, headers=owner, json=back)).json()["variants"][1]
    assert (returned["id"], returned["sku"], returned["isActive"]) == (variant["id"], "NEW", True)


async def test_skus_repeat_unless_the_company_says_otherwise(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: dict[str, str]
) -> None:
    await make(client, owner)
    await make(client, owner)
    other = await make_shop(runtime)
    async with runtime.database.transaction() as session:
        await session.execute(
            text("UPDATE companies SET unique_skus = true WHERE id = :id"), {"id": other.company_id}
        )
    strict = await make_staff(runtime, other)
    first = await make(client, strict)
    refused = await client.post(PRODUCTS, headers=strict, json=shirt())
    assert (refused.status_code, refused.json()["code"]) == (409, "sku_taken")
    same = await client.patch(
        f"{PRODUCTS}/{first['id']}/variants/{first['variants'][0]['id']}",
        headers=strict,
        json={"sku": "BTK-S", "barcode": "123"},
    )
    assert same.status_code == 200, "a variant may keep its own SKU"
    listed = await client.get(PRODUCTS, headers=strict)
    assert listed.json()["total"] == 1, "the refused product left nothing behind"


async def test_each_price_change_has_its_time_and_author(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: dict[str, str]
) -> None:
    made = await make(client, owner)
    path = f"{PRODUCTS}/{made['id']}"
    variant = f"{path}/variants/{made['variants'][0]['id']}"
    for prices in (
        [{"currency": "USD", "amount": "18.50"}, {"currency": "IDR", "amount": "275000"}],
        [{"currency": "USD", "amount": None}],
    ):
        assert (await client.patch(variant, headers=owner, json={"prices": prices})).status_code == 200
    history = (await client.get(f"{path}/price-history?currency=USD", headers=owner)).json()["items"]
    assert [(one["oldAmount"], one["newAmount"]) for one in history] == [
        ("18.50", None),
        ("20.00", "18.50"),
        (None, "20.00"),
    ]
    assert [(one["oldCompareAt"], one["newCompareAt"]) for one in history][1] == ("25.00", None)
    assert {one["changedBy"].split(":")[0] for one in history} == {"staff"}
    everything = (await client.get(f"{path}/price-history?limit=3", headers=owner)).json()
    assert len(everything["items"]) == 3
    rest = await client.get(f"{path}/price-history?cursor={everything['nextCursor']}", headers=owner)
    assert len(rest.json()["items"]) == 1
    assert rest.json()["nextCursor"] is None
    gone = await client.get(f"/api/products/{made['handle']}", headers=shop.headers)
    assert gone.status_code == 404, "no price in a currency means not sold there"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"title": ""}, 400),
        ({"title": "   "}, 400),
        ({"title": "x" * 256}, 400),
        ({"options": ["A", "B", "C", "D"]}, 400),
        ({"options": ["Size", "size"], "variants": []}, 422),
        ({"status": "stolen"}, 400),
        ({"role": "owner"}, 400),
        ({"companyId": "01890000-0000-7000-8000-000000000000"}, 400),
        ({"categoryId": "01890000-0000-7000-8000-000000000000"}, 422),
        ({"vendor": "NUL\0"}, 422),
        ({"options": [], "variants": [{"sku": "x" * 256}]}, 400),
        ({"options": [], "variants": [{"weightGrams": -1}]}, 400),
        ({"options": [], "variants": [{"prices": [{"currency": "USD", "amount": "-1"}]}]}, 422),
        ({"options": [], "variants": [{"prices": [{"currency": "USD", "amount": "1.005"}]}]}, 422),
        ({"options": [], "variants": [{"prices": [{"currency": "ZZZ", "amount": "1"}]}]}, 422),
        ({"options": [], "variants": [{"prices": [{"currency": "USD", "amount": 1.5}]}]}, 400),
        ({"options": [], "variants": [{}, {}]}, 409),
    ],
)
async def test_what_cannot_be_is_refused_and_leaves_nothing(
    client: httpx.AsyncClient, owner: dict[str, str], body: dict[str, Any], status: int
) -> None:
    answer = await client.post(PRODUCTS, headers=owner, json=shirt(**body))
    assert answer.status_code == status, answer.text
    assert answer.json()["code"]
    assert (await client.get(PRODUCTS, headers=owner)).json()["total"] == 0


async def test_only_staff_of_the_company(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: dict[str, str]
) -> None:
    made = await make(client, owner)
    path = f"{PRODUCTS}/{made['id']}"
    stranger = await make_staff(runtime, await make_shop(runtime))
    _, shopper = await make_customer(runtime, shop)
    for headers, status in ((shop.headers, 401), (shopper, 403), (stranger, 404)):
        answers = [
            await client.get(path, headers=headers),
            await client.patch(path, headers=headers, json={"title": "Mine"}),
            await client.delete(path, headers=headers),
            await client.post(f"{path}/variants", headers=headers, json={}),
            await client.get(f"{path}/price-history", headers=headers),
        ]
        assert [answer.status_code for answer in answers] == [status] * 5
    assert (await client.get(path, headers=owner)).json() == made


async def test_staff_search_finds_what_was_written_just_now(
    client: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    made = await make(
        client, owner, vendor="Café Señor", tags=["gift"], description="<p>Hand <b>wash</b></p>"
    )

    async def found(**params: object) -> list[str]:
        answer = await client.get(PRODUCTS, headers=owner, params=params)  # type: ignore[arg-type]
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["items"]]

    hits: list[dict[str, object]] = [
        {"q": "bat shi"},
        {"q": "BTK-S"},
        {"q": "btks"},
        {"q": "cafe senor"},
        {"q": "wash"},
        {"q": "gift"},
        {"q": "blue"},
        {"status": "active"},
        {"sku": "BTK-S"},
        {"minPrice": "20", "maxPrice": "20.00"},
        {"currency": "USD"},
    ]
    for params in hits:
        assert await found(**params) == [made["id"]], params
    misses: list[dict[str, object]] = [
        {"q": "lamp"},
        {"q": "& | ! :* '"},
        {"status": "draft"},
        {"sku": "BTK"},
        {"minPrice": "20.01"},
        {"currency": "IDR"},
    ]
    for params in misses:
        assert await found(**params) == [], params


async def test_hostile_texts_are_inert(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: dict[str, str]
) -> None:
    category = await client.post(
        "/api/admin/categories", headers=owner, json={"title": HOSTILE, "description": HOSTILE}
    )
    assert category.status_code == 201, category.text
    body = shirt(
        title=HOSTILE,
        description=f"<p onmouseover=alert(1)>{HOSTILE}</p><a href='javascript:alert(1)'>x</a>",
        vendor=HOSTILE,
        tags=[HOSTILE],
        seoTitle=HOSTILE,
        seoDescription=HOSTILE,
        categoryId=category.json()["id"],
        options=[HOSTILE],
        variants=[
            {
                "options": {HOSTILE: HOSTILE},
                "sku": HOSTILE[:64],
                "barcode": HOSTILE[:64],
                "prices": [{"currency": "USD", "amount": "1.00"}],
            }
        ],
    )
    made = await client.post(PRODUCTS, headers=owner, json=body)
    assert made.status_code == 201, made.text
    handle = made.json()["handle"]
    shown = await client.get(f"/api/products/{handle}", headers=shop.headers)
    assert shown.headers["content-type"].startswith("application/json")
    product = shown.json()
    assert (product["title"], product["vendor"]) == (HOSTILE, HOSTILE), "texts are data: kept, never run"
    for dangerous in ("<script", "onerror", "onmouseover=", "javascript:"):
        assert dangerous not in product["description"], product["description"]
    for path in (
        "/api/search?q=DROP TABLE products",
        "/api/search?q=" + HOSTILE,
        "/api/products?category=" + category.json()["handle"],
        "/api/search/suggest?q=scr",
        f"/api/search?vendor={HOSTILE}",
    ):
        answer = await client.get(path, headers=shop.headers)
        assert answer.status_code == 200, path
    assert (await client.get(PRODUCTS, headers=owner, params={"q": HOSTILE})).json()["total"] == 1
    assert await runtime.database.value(
        "SELECT count(*) FROM products WHERE company_id = $1", shop.company_id
    )
