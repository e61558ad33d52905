"""What shoppers read: lists, a product, search, suggestions, categories."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from sqlalchemy import text

from pasar.kernel.runtime import Runtime
from pasar.shop.catalog import searching
from pasar.shop.catalog.public import set_in_stock
from support.goods import make_product
from support.shops import Shop, make_shop


@pytest.fixture(autouse=True)
def eager_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Search asks for changes at each access: tested is what it finds, not how often it looks."""
    monkeypatch.setattr(searching, "POLL_SECONDS", 0.0)


async def get(client: httpx.AsyncClient, shop: Shop, path: str, **params: object) -> httpx.Response:
    return await client.get(path, headers=shop.headers, params=params)  # type: ignore[arg-type]


async def test_a_product_has_the_promised_shape(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    made = await make_product(
        runtime,
        shop,
        title="Batik shirt",
        variants={"S": "20.00", "M": "22.50"},
        stock=7,
        vendor="Solo",
        category="Shirts",
        sku="BTK",
        description='<p onclick="x()">Soft<script>alert(1)</script></p>',
    )
    answer = await get(client, shop, f"/api/products/{made.handle}")
    assert answer.status_code == 200
    product = answer.json()
    category = product.pop("category")
    assert (category["handle"], category["title"]) == ("shirts", "Shirts")
    assert product == {
        "id": str(made.product_id),
        "handle": made.handle,
        "title": "Batik shirt",
        "description": "<p>Soft</p>",
        "vendor": "Solo",
        "tags": [],
        "images": [],
        "options": [{"name": "Size", "values": ["S", "M"]}],
        "variants": [
            {
                "id": str(made.variant_ids[place]),
                "sku": f"BTK-{size}",
                "title": size,
                "options": {"Size": size},
                "price": price,
                "compareAtPrice": None,
                "currency": "USD",
                "available": 7,
                "inStock": True,
            }
            for place, (size, price) in enumerate([("S", "20.00"), ("M", "22.50")])
        ],
    }
    by_id = await get(client, shop, f"/api/products/{made.product_id}")
    assert by_id.content == answer.content
    listed = (await get(client, shop, "/api/products")).json()["items"]
    assert listed == [answer.json()]


async def test_lists_page_through_everything_once(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    made = [str((await make_product(runtime, shop, title=f"Cup {n}")).product_id) for n in range(5)]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = (
            await get(client, shop, "/api/products", limit=2, **({"cursor": cursor} if cursor else {}))
        ).json()
        assert page["total"] == 5
        seen += [item["id"] for item in page["items"]]
        cursor = page["nextCursor"]
        if cursor is None:
            break
    assert seen == made[::-1]
    assert (await get(client, shop, "/api/products", limit=1)).json()["total"] == 5


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/products?cursor=%00", 400, "cursor_malformed"),
        ("/api/products?cursor=YXQ6LTE", 400, "cursor_malformed"),
        ("/api/products?cursor=YXQ6MTA1ODM5MjgzOQ", 400, "cursor_malformed"),
        ("/api/products?limit=0", 400, "invalid_request"),
        ("/api/products?limit=101", 400, "invalid_request"),
        ("/api/products?sort=stolen", 400, "invalid_request"),
        ("/api/products?category=nowhere", 404, "category_not_found"),
        ("/api/products?currency=EUR", 422, "currency_not_sold"),
        ("/api/products/no-such-thing", 404, "product_not_found"),
        ("/api/products/no%00thing", 404, "product_not_found"),
        ("/api/products/01890000-0000-7000-8000-000000000000", 404, "product_not_found"),
        ("/api/search?minPrice=lots", 422, "price_malformed"),
        ("/api/search?minPrice=1.005", 422, "price_malformed"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    client: httpx.AsyncClient, shop: Shop, path: str, status: int, code: str
) -> None:
    answer = await client.get(path, headers=shop.headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_each_currency_shows_only_what_is_sold_in_it(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    dollars = await make_product(runtime, shop, title="For dollars")
    rupiah = await make_product(runtime, shop, title="For rupiah", price="129000.00", currency="IDR")
    unpriced = await make_product(runtime, shop, title="For nothing", price=None)
    usd = (await get(client, shop, "/api/products")).json()
    assert [item["handle"] for item in usd["items"]] == [dollars.handle]
    assert usd["total"] == 1
    idr = (await get(client, shop, "/api/products", currency="IDR")).json()
    assert [item["variants"][0]["price"] for item in idr["items"]] == ["129000.00"]
    assert (await get(client, shop, f"/api/products/{rupiah.handle}")).status_code == 404
    assert (await get(client, shop, f"/api/products/{unpriced.handle}")).status_code == 404


async def test_companies_see_nothing_of_each_other(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    made = await make_product(runtime, shop, title="Mine", category="Secret")
    other = await make_shop(runtime)
    assert (await get(client, other, f"/api/products/{made.handle}")).status_code == 404
    assert (await get(client, other, f"/api/products/{made.product_id}")).status_code == 404
    assert (await get(client, other, "/api/products")).json()["items"] == []
    assert (await get(client, other, "/api/search", q="mine")).json()["total"] == 0
    assert (await get(client, other, "/api/search/suggest", q="mi")).json()["items"] == []
    assert (await get(client, other, "/api/categories")).json()["items"] == []


@pytest.mark.parametrize("status", ["draft", "archived"])
async def test_only_active_products_are_shown(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, status: str
) -> None:
    made = await make_product(runtime, shop, title="Hidden", status=status)
    assert (await get(client, shop, f"/api/products/{made.handle}")).status_code == 404
    assert (await get(client, shop, "/api/search", q="hidden")).json()["total"] == 0


async def test_stock_is_shown_as_it_stands_now(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    made = await make_product(runtime, shop, stock=3)
    path = f"/api/products/{made.handle}"
    assert (await get(client, shop, path)).json()["variants"][0]["available"] == 3
    async with runtime.database.transaction() as session:
        await session.execute(
            text("UPDATE stock_levels SET reserved = 3 WHERE company_id = :company"),
            {"company": shop.company_id},
        )
        await set_in_stock(session, shop.company_id, [(made.variant_ids[0], False)])
    variant = (await get(client, shop, path)).json()["variants"][0]
    assert (variant["available"], variant["inStock"]) == (0, False)
    assert (await get(client, shop, "/api/search", inStock="true")).json()["total"] == 0
    facets = (await get(client, shop, "/api/search")).json()["facets"]
    assert (facets["inStock"], facets["outOfStock"]) == (0, 1)


async def test_backorder_is_in_stock_without_stock(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    made = await make_product(runtime, shop, stock=0, allow_backorder=True)
    variant = (await get(client, shop, f"/api/products/{made.handle}")).json()["variants"][0]
    assert (variant["available"], variant["inStock"]) == (0, True)
    assert (await get(client, shop, "/api/search", inStock="true")).json()["total"] == 1


async def test_facets_and_filters(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    await make_product(runtime, shop, title="Red mug", price="10.00", vendor="Solo", category="Mugs")
    await make_product(
        runtime, shop, title="Blue mug", price="30.00", vendor="Bali", category="Mugs", stock=0
    )
    await make_product(runtime, shop, title="Shirt", variants={"S": "20", "M": "25"}, category="Shirts")
    found = (await get(client, shop, "/api/search", q="")).json()
    assert found["total"] == 3
    facets = found["facets"]
    assert {(c["handle"], c["count"]) for c in facets["categories"]} == {("mugs", 2), ("shirts", 1)}
    assert {(v["value"], v["count"]) for v in facets["vendors"]} == {("Solo", 1), ("Bali", 1)}
    assert facets["options"] == [
        {"name": "Size", "values": [{"value": "M", "count": 1}, {"value": "S", "count": 1}]}
    ]
    assert sum(r["count"] for r in facets["priceRanges"]) == 3

    async def titles(**params: object) -> list[str]:
        answer = (await get(client, shop, "/api/search", sort="title", **params)).json()
        return [item["title"] for item in answer["items"]]

    assert await titles(category="mugs") == ["Blue mug", "Red mug"]
    assert await titles(vendor=["Solo", "Bali"]) == ["Blue mug", "Red mug"]
    assert await titles(minPrice="20", maxPrice="30.00") == ["Blue mug", "Shirt"]
    assert await titles(inStock="false") == ["Blue mug"]
    assert await titles(**{"option.Size": ["S", "XL"]}) == ["Shirt"]
    assert await titles(**{"option.Size": "XL"}) == []
    narrowed = (await get(client, shop, "/api/search", vendor="Solo")).json()
    assert narrowed["total"] == 1
    assert len(narrowed["facets"]["vendors"]) == 2, "a facet's own filter is left out of its counts"


async def test_search_forgives_and_suggests(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    made = await make_product(runtime, shop, title="Kemeja batik")
    found = (await get(client, shop, "/api/search", q="kemja")).json()
    assert [item["handle"] for item in found["items"]] == [made.handle]
    suggested = (await get(client, shop, "/api/search/suggest", q="kem")).json()["items"]
    assert {"text": "Kemeja batik", "handle": made.handle} in suggested
    assert any("handle" not in item for item in suggested)


async def test_a_write_is_found_within_a_second(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "POLL_SECONDS", 0.5)
    assert (await get(client, shop, "/api/search", q="lantern")).json()["total"] == 0
    await make_product(runtime, shop, title="Lantern")
    for _ in range(10):
        await asyncio.sleep(0.1)
        found = (await get(client, shop, "/api/search", q="lantern")).json()
        if found["total"]:
            break
    assert found["total"] == 1
    assert found["items"][0]["title"] == "Lantern"
