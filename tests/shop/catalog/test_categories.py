"""The tree of categories: made, moved, switched and removed, never a circle."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from pasar.shop.catalog import category_tree, searching
from support.goods import make_product
from support.people import make_staff
from support.shops import Shop, make_shop

CATEGORIES = "/api/admin/categories"


@pytest.fixture(autouse=True)
def fresh_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is answered from memory that may be a second old."""
    monkeypatch.setattr(searching, "POLL_SECONDS", 0.0)
    monkeypatch.setattr(category_tree, "OLDEST_SECONDS", 0.0)


@pytest.fixture
async def owner(runtime: Runtime, shop: Shop) -> dict[str, str]:
    return await make_staff(runtime, shop)


async def make(
    client: httpx.AsyncClient, owner: dict[str, str], title: str, parent: str | None = None
) -> dict[str, Any]:
    answer = await client.post(CATEGORIES, headers=owner, json={"title": title, "parentId": parent})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def titles(client: httpx.AsyncClient, shop: Shop, category: str) -> list[str]:
    answer = await client.get(
        "/api/products", params={"category": category, "sort": "title"}, headers=shop.headers
    )
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]


async def test_a_category_shows_what_is_below_it(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: dict[str, str]
) -> None:
    home = await make(client, owner, "Home")
    kitchen = await make(client, owner, "Kitchen", home["id"])
    await make(client, owner, "Mugs", kitchen["id"])
    await make_product(runtime, shop, title="Blue mug", category="Mugs")
    tree = (await client.get("/api/categories", headers=shop.headers)).json()["items"]
    assert [node["title"] for node in tree] == ["Home"]
    assert tree[0]["children"][0]["children"][0]["handle"] == "mugs"
    assert await titles(client, shop, "home") == ["Blue mug"]
    assert await titles(client, shop, kitchen["id"]) == ["Blue mug"]

    garden = await make(client, owner, "Garden")
    moved = await client.patch(
        f"{CATEGORIES}/{kitchen['id']}", headers=owner, json={"parentId": garden["id"], "title": "Dapur"}
    )
    assert (moved.status_code, moved.json()["title"]) == (200, "Dapur")
    assert await titles(client, shop, "home") == []
    assert await titles(client, shop, "garden") == ["Blue mug"]


async def test_no_category_stands_under_itself(client: httpx.AsyncClient, owner: dict[str, str]) -> None:
    first = await make(client, owner, "First")
    second = await make(client, owner, "Second", first["id"])
    for parent in (first["id"], second["id"]):
        answer = await client.patch(f"{CATEGORIES}/{first['id']}", headers=owner, json={"parentId": parent})
        assert (answer.status_code, answer.json()["code"]) == (409, "category_circle")


async def test_ten_levels_are_enough(client: httpx.AsyncClient, owner: dict[str, str]) -> None:
    parent: str | None = None
    for level in range(10):
        parent = (await make(client, owner, f"Level {level}", parent))["id"]
    answer = await client.post(CATEGORIES, headers=owner, json={"title": "Deeper", "parentId": parent})
    assert (answer.status_code, answer.json()["code"]) == (422, "too_deep")


async def test_what_is_in_use_is_moved_before_it_goes(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: dict[str, str]
) -> None:
    mugs = await make(client, owner, "Mugs")
    cups = await make(client, owner, "Cups", mugs["id"])
    other = await make(client, owner, "Other")
    made = await make_product(runtime, shop, title="Blue mug", category="Mugs")
    path = f"{CATEGORIES}/{mugs['id']}"
    refused = await client.delete(path, headers=owner)
    assert (refused.status_code, refused.json()["code"]) == (409, "category_in_use")
    below = await client.delete(path, params={"moveTo": cups["id"]}, headers=owner)
    assert (below.status_code, below.json()["code"]) == (409, "category_circle")
    assert (await client.delete(path, params={"moveTo": other["id"]}, headers=owner)).status_code == 204
    assert await titles(client, shop, "other") == ["Blue mug"]
    shown = (await client.get(f"/api/products/{made.handle}", headers=shop.headers)).json()
    assert shown["category"]["handle"] == "other"
    left = (await client.get(CATEGORIES, headers=owner)).json()["items"]
    assert {(one["title"], one["parentId"]) for one in left} == {("Other", None), ("Cups", other["id"])}


async def test_a_switched_off_category_is_not_shown(
    client: httpx.AsyncClient, shop: Shop, owner: dict[str, str]
) -> None:
    secret = await make(client, owner, "Secret")
    await make(client, owner, "Deeper secret", secret["id"])
    await client.patch(f"{CATEGORIES}/{secret['id']}", headers=owner, json={"isActive": False})
    assert (await client.get("/api/categories", headers=shop.headers)).json()["items"] == []
    for handle in ("secret", "deeper-secret"):
        answer = await client.get("/api/products", params={"category": handle}, headers=shop.headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "category_not_found")


async def test_other_companies_have_other_trees(
    client: httpx.AsyncClient, runtime: Runtime, owner: dict[str, str]
) -> None:
    mine = await make(client, owner, "Mine")
    stranger = await make_staff(runtime, await make_shop(runtime))
    under = await client.post(CATEGORIES, headers=stranger, json={"title": "Theirs", "parentId": mine["id"]})
    assert (under.status_code, under.json()["code"]) == (422, "parent_unknown")
    assert (await client.delete(f"{CATEGORIES}/{mine['id']}", headers=stranger)).status_code == 404
