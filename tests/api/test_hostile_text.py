"""Texts that mean harm, in every field that takes text: kept or cleaned, and inert wherever shown."""

from __future__ import annotations

import csv
import io
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar.handlers import HTTPRouteHandler

from api.operations import TYPED
from api.world import Calls, World, make_world
from pasar.kernel.http.guards import COOKIE
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.actions.start_page_session import start_page_session
from pasar.people.sign_in.person import Device
from pasar.roles.registry import MODULES
from support.people import new_email
from support.selling import order_body

HOSTILE = """<script>alert(1)</script>"'><img src=x onerror=a(2)>'); DROP TABLE products;--{{7*7}}"""
SHORT = """"'><svg onload=alert(1)>');--"""
ABROAD = {"country": "DE", "postalCode": "10115"} | dict.fromkeys(("name", "line1", "line2", "city"), HOSTILE)
BAD_QUERY = "?q=%3Cscript%3Ealert(1)%3C/script%3E%22%3E%3Cimg%20src=x%20onerror=a()%3E"
DATA = frozenset({"application/json", "application/ld+json"})  # kinds of script that browsers never run
LINKS = frozenset({"href", "src", "action", "formaction"})
PRODUCT = {
    "title": HOSTILE,
    "description": f"<p>Good</p>{HOSTILE}<a href='javascript:a()' onclick=a()>x</a>",
    "vendor": HOSTILE,
    "tags": [HOSTILE],
    "status": "active",
    "options": [HOSTILE],
    "seoTitle": HOSTILE,
    "seoDescription": HOSTILE,
    "variants": [
        {
            "options": {HOSTILE: f"{HOSTILE} {size}"},
            "sku": f"{SHORT}{size}",
            "barcode": SHORT,
            "prices": [{"currency": "USD", "amount": "5.00"}],
        }
        for size in "SM"
    ],
}


class Harm(HTMLParser):
    """Collects what a browser would run: handlers, foreign elements, scripts of the page's own, bad links."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "svg" and "onload" in given:
            self.found.append(f"<{tag}> {given}")
        if tag == "script" and not given.get("src") and given.get("type") not in DATA:
            self.found.append("a script in the page")
        for name, value in attrs:
            bad_link = name in LINKS and (value or "").strip().lower().startswith("javascript:")
            if name.startswith("on") or bad_link or (name == "src" and value == "x"):
                self.found.append(f"<{tag} {name}={value!r}>")


async def spoil(client: httpx.AsyncClient, runtime: Runtime) -> tuple[World, dict[str, str]]:
    """A world whose every text is hostile, and its rows' ids. JSON answers tell each text as it was sent."""
    world = await make_world(runtime, client)
    staff = Calls(client, world.callers["owner"])
    ids = dict(world.ids)
    category = await staff.post("/api/admin/categories", {"title": HOSTILE, "description": HOSTILE})
    product = await staff.post("/api/admin/products", PRODUCT | {"categoryId": category["id"]})
    for name in ("title", "vendor", "tags", "options", "seoTitle", "seoDescription"):
        assert product[name] == PRODUCT[name], name
    assert category["title"] == HOSTILE
    for harm in ("<script", "onerror", "onclick", "javascript:"):
        assert harm not in product["description"] + category["description"]
    variant = product["variants"][0]
    assert (variant["sku"], variant["barcode"]) == (SHORT + "S", SHORT)
    place = await staff.post("/api/admin/locations", {"name": SHORT})
    assert place["name"] == SHORT
    adjusted = await staff.post(
        "/api/admin/inventory/adjustments",
        {
            "variantId": variant["id"],
            "delta": 9,
            "reason": "other",
            "note": HOSTILE,
            "locationId": place["id"],
        },
    )
    assert adjusted["note"] == HOSTILE
    rate = await staff.post(
        "/api/admin/tax-rates", {"name": SHORT, "country": "DE", "percent": "19", "region": SHORT}
    )
    assert (rate["name"], rate["region"]) == (SHORT, SHORT)
    method = {"name": SHORT, "kind": "flat", "currency": "USD", "price": "1.00", "deliveryDays": SHORT}
    zone = {"name": SHORT, "countries": ["DE"], "methods": [method]}
    made = await staff.post("/api/admin/shipping-zones", zone)
    assert (made["name"], made["methods"][0]["deliveryDays"]) == (SHORT, SHORT)
    ids |= {"product_id": product["id"], "variant_id": variant["id"], "handle": category["handle"]}
    ids |= {
        "category_id": category["id"],
        "zone_id": made["id"],
        "rate_id": rate["id"],
        "location_id": place["id"],
    }
    ids |= await _hostile_orders(client, world, ids)
    await _hostile_files(client, world, ids)
    return world, ids | {"product_handle": product["handle"]}


async def _hostile_orders(client: httpx.AsyncClient, world: World, ids: dict[str, str]) -> dict[str, str]:
    """One order shipped and one cancelled, by a customer of a hostile name."""
    staff, buyer = Calls(client, world.callers["owner"]), Calls(client, world.callers["customer"])
    named = await client.put("/api/auth/me", json={"name": SHORT}, headers=buyer.headers)
    assert (named.status_code, named.json()["name"]) == (200, SHORT), named.text
    line = {"productId": ids["product_id"], "variantId": ids["variant_id"], "customFields": {SHORT: HOSTILE}}
    orders = []
    for _ in range(2):
        await buyer.post("/api/cart/items", line)
        placed = await buyer.post("/api/orders", order_body(email=new_email(), shippingAddress=ABROAD))
        assert placed["order"]["shippingAddress"]["city"] == HOSTILE
        orders.append(placed["order"])
    await buyer.post("/api/cart/items", line)
    shipped = f"/api/admin/orders/{orders[0]['id']}"
    await staff.post(f"{shipped}/confirm", {}, 200)
    told = await staff.post(f"{shipped}/ship", {"carrier": SHORT, "trackingNumber": HOSTILE}, 200)
    assert (told["shipments"][0]["carrier"], told["shipments"][0]["trackingNumber"]) == (SHORT, HOSTILE)
    cancelled = await staff.post(f"/api/admin/orders/{orders[1]['id']}/cancel", {"reason": HOSTILE}, 200)
    assert cancelled["cancelReason"] == HOSTILE
    first = orders[0]
    return {"order_id": first["id"], "number": first["number"], "token": first["viewUrl"].rsplit("/", 1)[1]}


async def _hostile_files(client: httpx.AsyncClient, world: World, ids: dict[str, str]) -> None:
    owner = world.callers["owner"]
    picture = await client.patch(f"/api/admin/media/{ids['media_id']}", json={"alt": HOSTILE}, headers=owner)
    assert picture.json()["alt"] == HOSTILE
    upload = await client.post(
        "/api/admin/imports",
        files={"file": ("<svg onload=a>.csv", f"Handle,Title\n{SHORT},{HOSTILE}\n".encode())},
        data={"currency": "USD"},
        headers=owner,
    )
    assert upload.status_code == 202, upload.text


async def _cookie(client: httpx.AsyncClient, runtime: Runtime, headers: dict[str, str], world: World) -> str:
    """A page session of the same person."""
    me = (await client.get("/api/auth/me", headers=headers)).json()
    site = await runtime.sites.of_company(world.shop.company_id)
    assert site is not None
    async with runtime.database.transaction() as session:
        return await start_page_session(session, UUID(me["id"]), site, Device(), runtime.clock.now())


def _address(path: str, ids: dict[str, str]) -> str:
    """The path with ids in the places that name them; products and categories both have a handle."""
    names = ids | ({"handle": ids["product_handle"]} if path.startswith("/products/") else {})
    return TYPED.sub(lambda name: names.get(name[1], "unknown"), path)


def pages(ids: dict[str, str]) -> list[str]:
    """The address of every page that is read, with ids in the places that name them."""
    found = set()
    for module in MODULES:
        for route in module.routes:
            if not isinstance(route, HTTPRouteHandler) or route.include_in_schema is not False:
                continue
            if "GET" in route.http_methods:
                found |= {_address(path, ids) for path in route.paths}
    return sorted(found - {"/static/unknown", "/robots.txt", "/theme.css"})


@pytest.mark.parametrize("query", ["", BAD_QUERY], ids=["", "query"])
async def test_pages_show_hostile_texts_as_text(
    client: httpx.AsyncClient, runtime: Runtime, query: str
) -> None:
    world, ids = await spoil(client, runtime)
    shown = escaped = 0
    for caller in ("guest", "customer", "owner"):
        headers = dict(world.shop.headers)
        if caller != "guest":
            cookie = await _cookie(client, runtime, world.callers[caller], world)
            headers["cookie"] = f"{COOKIE}={cookie}"
        for path in pages(ids):
            answer = await client.get(path + query, headers=headers)
            assert answer.status_code < 500, f"{caller} {path}: {answer.text[:500]}"
            if "text/html" not in answer.headers["content-type"]:
                continue
            assert harm_in(answer.text) == [], f"{caller} {path}"
            assert HOSTILE not in answer.text, f"{caller} {path}"
            assert "<script>alert" not in answer.text, f"{caller} {path}"
            shown += answer.status_code == 200
            escaped += "&lt;script&gt;alert(1)" in answer.text
    assert shown > 25
    assert escaped > 8, "the texts must have been met at all"


def harm_in(page: str) -> list[str]:
    """What a browser would run of this page, by the names of its tags."""
    reader = Harm()
    reader.feed(page)
    return reader.found


def test_harm_is_seen() -> None:
    assert harm_in(f"<p title='x'>{HOSTILE}</p>") != []
    assert harm_in(f'<p title="{SHORT}">') != []
    assert harm_in("<a href=' JavaScript:a()'>") != []
    assert (
        harm_in("<p title='&lt;script&gt;'>&lt;img src=x onerror=a()&gt;</p><script src='/a.js'></script>")
        == []
    )


async def test_the_export_quotes_hostile_texts(client: httpx.AsyncClient, runtime: Runtime) -> None:
    world, ids = await spoil(client, runtime)

    answer = await client.get("/api/admin/exports/products.csv", headers=world.callers["owner"])

    rows: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(answer.text)))
    assert all(None not in row and None not in row.values() for row in rows), "each row has each column"
    (first, *_) = [row for row in rows if row["Handle"] == ids["product_handle"]]
    assert (first["Title"], first["Vendor"], first["Option1 Name"]) == (HOSTILE, HOSTILE, HOSTILE)
    assert first["Variant SKU"] == SHORT + "S"
    assert "<script" not in first["Body (HTML)"]
    assert await runtime.database.value("SELECT count(*) FROM products") > 0
