"""Sites over the API: opened, changed in part, closed; hosts once in the world; nobody else's."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.web.theme import DARK_PAPER, LIGHT_PAPER, READABLE, contrast
from support.people import make_customer, make_staff
from support.pictures import picture_bytes
from support.shops import Shop, make_shop

PATH = "/api/admin/sites"


def new_host() -> str:
    return f"shop-{new_id().hex}.example"


@pytest.fixture
async def staff(runtime: Runtime, shop: Shop) -> dict[str, str]:
    """An owner of `shop`."""
    return await make_staff(runtime, shop)


async def opened(client: httpx.AsyncClient, staff: dict[str, str], **changes: Any) -> dict[str, Any]:
    body = {"name": "Second window", "currency": "EUR", "host": new_host()} | changes
    answer = await client.post(PATH, json=body, headers=staff)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_site_is_opened_and_answers_at_its_host(
    client: httpx.AsyncClient, shop: Shop, staff: dict[str, str]
) -> None:
    host = new_host()
    site = await opened(
        client, staff, host=host.upper(), locale="id", taxIncluded={"EUR": True}, timeZone="Asia/Jakarta"
    )
    assert site == {
        "id": site["id"],
        "name": "Second window",
        "host": host,
        "isDefault": False,
        "currency": "EUR",
        "currencies": ["EUR"],
        "locale": "id",
        "locales": ["en", "id"],
        "timeZone": "Asia/Jakarta",
        "switches": {},
        "features": site["features"],
        "taxIncluded": {"EUR": True},
        "theme": {},
        "logo": None,
    }
    there = (await client.get("/api/site", headers={"host": host})).json()
    assert (there["companyId"], there["siteId"], there["timeZone"]) == (
        str(shop.company_id),
        site["id"],
        "Asia/Jakarta",
    )
    listed = (await client.get(PATH, headers=staff)).json()
    assert [one["isDefault"] for one in listed["items"]] == [True, False]
    assert (await client.get(f"{PATH}/{site['id']}", headers=staff)).json() == site


async def test_what_is_left_out_stays(client: httpx.AsyncClient, staff: dict[str, str]) -> None:
    site = await opened(client, staff, features={"maxCartLines": 7}, theme={"accent": "#0A7A5C"})
    assert (site["switches"], site["theme"]) == ({"maxCartLines": 7}, {"accent": "#0a7a5c"})
    changed = (
        await client.patch(f"{PATH}/{site['id']}", json={"features": {"enableCompare": True}}, headers=staff)
    ).json()
    expected = site | {"switches": {"maxCartLines": 7, "enableCompare": True}}
    assert changed == expected | {"features": site["features"] | {"enableCompare": True}}
    back = await client.patch(
        f"{PATH}/{site['id']}",
        json={
            "features": {"maxCartLines": None, "enableCompare": None},
            "theme": {"accent": None},
            "host": None,
        },
        headers=staff,
    )
    assert (back.json()["switches"], back.json()["theme"], back.json()["host"]) == ({}, {}, None)
    assert back.json()["features"]["maxCartLines"] == 100


WRONG: list[tuple[dict[str, Any], int, str]] = [
    ({"currency": "GBP"}, 422, "currency"),
    ({"currency": "XXQ", "currencies": ["XXQ"]}, 422, "currencies"),
    ({"currencies": []}, 400, "currencies"),
    ({"locales": ["de"], "locale": "de"}, 422, "locales"),
    ({"locale": "de"}, 422, "locale"),
    ({"timeZone": "Mars/Olympus"}, 422, "timeZone"),
    ({"host": "https://shop.example"}, 422, "host"),
    ({"host": "127.0.0.1"}, 422, "host"),
    ({"name": "  "}, 422, "name"),
    ({"name": "a\nb\u0007"}, 422, "name"),
    ({"features": {"maxCartLines": 0}}, 400, "features.maxCartLines"),
    ({"features": {"maxLineQuantity": 10_000}}, 400, "features.maxLineQuantity"),
    ({"features": {"cartExpirationDays": 366}}, 400, "features.cartExpirationDays"),
    ({"features": {"maxCompareItems": True}}, 400, "features.maxCompareItems"),
    ({"features": {"enableCart": "no"}}, 400, "features.enableCart"),
    ({"features": {"enableEverything": True}}, 400, "features.enableEverything"),
    ({"theme": {"accent": "red"}}, 400, "theme.accent"),
    ({"theme": {"accent": "#12345;}"}}, 400, "theme.accent"),
    ({"theme": {"paper": "#222222"}}, 422, "theme"),
    ({"theme": {"shadow": "#222222"}}, 400, "theme.shadow"),
    ({"taxIncluded": {"GBP": True}}, 422, "taxIncluded"),
    ({"isDefault": False}, 422, "isDefault"),
    ({"companyId": "01936b2a-0000-7000-8000-00000000dead"}, 400, ""),
    ({"logo": "x"}, 400, ""),
]


@pytest.mark.parametrize(("body", "status", "field"), WRONG, ids=str)
async def test_nonsense_names_its_field_and_changes_nothing(
    client: httpx.AsyncClient,
    shop: Shop,
    staff: dict[str, str],
    body: dict[str, Any],
    status: int,
    field: str,
) -> None:
    at = f"{PATH}/{shop.site_id}"
    before = (await client.get(at, headers=staff)).json()
    answer = await client.patch(at, json=body, headers=staff)
    assert answer.status_code == status, answer.text
    if field:
        assert field in {one["field"] for one in answer.json().get("errors", [])}, answer.text
    assert (await client.get(at, headers=staff)).json() == before


async def test_a_host_is_one_sites_and_nobody_says_whose(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, staff: dict[str, str]
) -> None:
    others = await make_staff(runtime, await make_shop(runtime))
    host = (await opened(client, others))["host"]
    mine = (await opened(client, staff))["host"]
    told = []
    for taken in (host, host.upper(), mine):
        body = {"name": "Third", "currency": "EUR", "host": taken}
        answer = await client.post(PATH, json=body, headers=staff)
        assert answer.status_code == 409, answer.text
        changed = await client.patch(f"{PATH}/{shop.site_id}", json={"host": taken}, headers=staff)
        told += [{**one.json(), "requestId": "", "instance": ""} for one in (answer, changed)]
    assert all(one == told[0] for one in told), "one's own and another's are told alike"
    assert told[0]["code"] == "host_taken"


async def test_of_many_who_want_a_host_at_once_one_has_it(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, staff: dict[str, str]
) -> None:
    others = await make_staff(runtime, await make_shop(runtime))
    host = new_host()
    body = {"name": "Wanted", "currency": "EUR", "host": host}
    answers = await asyncio.gather(
        *(client.post(PATH, json=body, headers=who) for who in (staff, others) * 4),
        client.patch(f"{PATH}/{shop.site_id}", json={"host": host}, headers=staff),
    )
    states = [answer.status_code for answer in answers]
    assert states.count(409) == 8, states
    assert len({200, 201} & set(states)) == 1, states


async def test_one_site_is_the_default_however_many_ask(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, staff: dict[str, str]
) -> None:
    sites = [str(shop.site_id)] + [(await opened(client, staff))["id"] for _ in range(3)]
    answers = await asyncio.gather(
        *(client.patch(f"{PATH}/{one}", json={"isDefault": True}, headers=staff) for one in sites * 2)
    )
    assert [answer.status_code for answer in answers] == [200] * 8
    defaults = "SELECT count(*) FROM sites WHERE company_id = $1 AND is_default"
    assert await runtime.database.value(defaults, shop.company_id) == 1


async def test_neither_the_default_nor_the_last_site_can_be_closed(
    client: httpx.AsyncClient, shop: Shop, staff: dict[str, str]
) -> None:
    last = await client.delete(f"{PATH}/{shop.site_id}", headers=staff)
    assert (last.status_code, last.json()["code"]) == (409, "last_site")
    second = await opened(client, staff)
    default = await client.delete(f"{PATH}/{shop.site_id}", headers=staff)
    assert (default.status_code, default.json()["code"]) == (409, "default_site")
    assert (await client.delete(f"{PATH}/{second['id']}", headers=staff)).status_code == 204
    assert (await client.delete(f"{PATH}/{second['id']}", headers=staff)).status_code == 404
    gone = await client.get("/api/site", headers=shop.headers | {"host": second["host"]})
    assert gone.json()["siteId"] == str(shop.site_id), "its host is nobody's any more"


async def test_a_currency_may_go_although_carts_are_in_it(
    client: httpx.AsyncClient, shop: Shop, staff: dict[str, str]
) -> None:
    cart = (await client.post("/api/public/cart", json={"currency": "IDR"}, headers=shop.headers)).json()
    answer = await client.patch(f"{PATH}/{shop.site_id}", json={"currencies": ["USD"]}, headers=staff)
    assert answer.status_code == 200
    body = {"productId": str(new_id())}
    headers = shop.headers | {"x-session-token": cart["sessionToken"]}
    told = await client.post(f"/api/public/cart/{cart['id']}/items", json=body, headers=headers)
    assert told.json()["code"] in {"currency_not_sold", "product_not_found"}, told.text
    refused = await client.post("/api/public/cart", json={"currency": "IDR"}, headers=shop.headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "currency_not_sold")


@pytest.mark.parametrize(
    "colour", ["#ffff00", "#0a7a5c", "#000000", "#ffffff", "#808080", "#ff8800", "#101080"]
)
async def test_colours_can_be_read_by_day_and_by_night(
    client: httpx.AsyncClient, shop: Shop, staff: dict[str, str], colour: str
) -> None:
    body = {"theme": {"accent": colour, "ink": colour}}
    assert (await client.patch(f"{PATH}/{shop.site_id}", json=body, headers=staff)).status_code == 200
    sheet = (await client.get("/theme.css", headers=shop.headers)).text
    day, night = sheet.split("@media (prefers-color-scheme:dark)")
    for part, paper in ((day, LIGHT_PAPER), (night, DARK_PAPER)):
        tokens = dict(
            pair.split(":") for pair in part.split(":root{")[1].split("}")[0].replace("--", "").split(";")
        )
        assert contrast(tokens["accent"], paper) >= READABLE
        assert contrast(tokens["ink"], paper) >= READABLE


async def test_a_logo_is_taken_by_its_content_and_really_goes(
    client: httpx.AsyncClient, shop: Shop, staff: dict[str, str]
) -> None:
    at = f"{PATH}/{shop.site_id}/logo"

    async def put(content: bytes) -> httpx.Response:
        return await client.put(at, files={"file": ("logo.png", content, "image/png")}, headers=staff)

    for bad in (b"<svg onload='alert(1)'/>", b"", b"GIF89a", b"<?php echo 1; ?>"):
        assert (await put(bad)).status_code == 422
    first = (await put(picture_bytes(size=(300, 100)))).json()["logo"]
    served = await client.get(first)
    assert (served.status_code, served.headers["content-type"]) == (200, "image/webp")
    assert "nosniff" in served.headers["x-content-type-options"]
    home = (await client.get("/", headers=shop.headers)).text
    assert first in home
    second = (await put(picture_bytes(size=(200, 90), colour="#994411"))).json()["logo"]
    assert second != first
    assert (await client.get(first)).status_code == 404
    assert (await client.delete(at, headers=staff)).status_code == 204
    assert (await client.get(second)).status_code == 404
    assert second not in (await client.get("/", headers=shop.headers)).text


async def test_who_may_not(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    viewer = await make_staff(runtime, shop, "viewer")
    _, customer = await make_customer(runtime, shop)
    assert (await client.get(PATH, headers=shop.headers)).status_code == 401
    assert (await client.get(PATH, headers=customer)).status_code == 403
    refused = await client.patch(f"{PATH}/{shop.site_id}", json={"name": "Mine"}, headers=viewer)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")


@pytest.mark.parametrize(
    ("method", "tail"), [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("DELETE", "/logo")]
)
async def test_anothers_site_is_not_there(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, staff: dict[str, str], method: str, tail: str
) -> None:
    other = await make_shop(runtime)
    answers = [
        await client.request(
            method,
            f"{PATH}/{site}{tail}",
            json={"name": "Mine"} if method == "PATCH" else None,
            headers=staff,
        )
        for site in (other.site_id, new_id())
    ]
    told = [{**answer.json(), "requestId": "", "instance": ""} for answer in answers]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert told[0] == told[1]
