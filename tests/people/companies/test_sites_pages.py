"""Sites in the back office: by forms alone, in both languages, with errors beside their fields."""

from __future__ import annotations

import re

import httpx
import pytest

from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from support.office import Office, shopper_office, staff_office
from support.pictures import picture_bytes
from support.shops import Shop, make_shop

HOME = "/admin/sites"
FORM: dict[str, str | list[str]] = {
    "name": "Second window",
    "host": "",
    "currency": "eur",
    "currencies": "EUR, usd",
    "locale": "id",
    "locales": ["id", "en"],
    "timeZone": "",
    "enableCart": "1",
    "guestCheckout": "1",
    "enableWishlist": "1",
    "cartExpirationDays": "30",
    "maxCartLines": "100",
    "maxLineQuantity": "999",
    "maxCompareItems": "4",
}


@pytest.fixture
async def office(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> Office:
    """An owner with a browser."""
    return await staff_office(client, runtime, shop)


async def test_a_site_is_opened_changed_and_closed(office: Office) -> None:
    host = f"shop-{new_id().hex}.example"
    where = await office.done(f"{HOME}/new", FORM | {"host": host})
    at = where.removesuffix("?notice=site-opened")
    assert host in await office.see(HOME)
    shown = await office.see(at)
    assert 'value="EUR, USD"' in shown
    changed = FORM | {
        "host": host,
        "name": "Renamed",
        "maxCartLines": "7",
        "included": ["EUR"],
        "accent": "#0A7A5C",
    }
    del changed["enableCart"]
    await office.done(at, changed)
    shown = await office.see(at)
    assert 'value="7"' in shown
    assert 'value="#0a7a5c"' in shown
    assert re.search(r'name="included" value="EUR" checked', shown)
    assert not re.search(r'name="enableCart" value="1" checked', shown)
    assert "Sells nothing" in await office.see(HOME)
    assert "Close Renamed?" in await office.see(f"{at}/remove")
    assert await office.done(f"{at}/remove") == f"{HOME}?notice=site-removed"
    assert "Renamed" not in await office.see(HOME)
    await office.see(at, 404)


async def test_what_is_default_is_not_decided(office: Office, runtime: Runtime, shop: Shop) -> None:
    await office.done(
        f"{HOME}/{shop.site_id}", FORM | {"currency": "USD", "currencies": "USD, IDR", "locale": "en"}
    )
    features = "SELECT features::text FROM sites WHERE company_id = $1"
    assert await runtime.database.value(features, shop.company_id) == "{}"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"host": "https://shop.example"}, "host"),
        ({"currency": "GBP"}, "currency"),
        ({"currencies": "gold"}, "currencies"),
        ({"locales": []}, "locales"),
        ({"timeZone": "Mars"}, "timeZone"),
        ({"maxCartLines": "many"}, "maxCartLines"),
        ({"maxCartLines": "0"}, "maxCartLines"),
        ({"cartExpirationDays": "999"}, "cartExpirationDays"),
        ({"accent": "red"}, "accent"),
        ({"paper": "#111111"}, "accent"),
    ],
    ids=str,
)
@pytest.mark.parametrize("language", ["en", "id"])
async def test_errors_stand_beside_their_fields(
    office: Office, change: dict[str, str | list[str]], field: str, language: str
) -> None:
    office.language = language
    answer = await office.send(f"{HOME}/new", FORM | change)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    if language == "id":
        assert "Please" not in answer.text
        assert "must be one of" not in answer.text
    assert 'value="EUR' in answer.text or "currencies" in change


async def test_the_default_stays(office: Office, shop: Shop) -> None:
    at = f"{HOME}/{shop.site_id}"
    assert await office.done(f"{at}/remove") == f"{at}?notice=last-site"
    where = await office.done(f"{HOME}/new", FORM | {"isDefault": "1"})
    at = where.partition("?")[0]
    assert await office.done(f"{at}/remove") == f"{at}?notice=default-site"


async def test_a_logo_by_the_form(office: Office, shop: Shop) -> None:
    at = f"{HOME}/{shop.site_id}"
    bad = await office.done(f"{at}/logo", files={"file": ("logo.svg", b"<svg/>", "image/svg+xml")})
    assert bad == f"{at}?notice=no-picture"
    await office.done(f"{at}/logo", files={"file": ("logo.png", picture_bytes(size=(400, 80)), "image/png")})
    assert "/uploads/" in await office.see(at)
    assert "/uploads/" in await office.see("/")
    await office.done(f"{at}/logo/remove")
    assert "/uploads/" not in await office.see("/")


async def test_who_may_not(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    viewer = await staff_office(client, runtime, shop, "viewer")
    await viewer.see(f"{HOME}/new", 403)
    assert (await viewer.send(f"{HOME}/new", FORM)).status_code == 403
    shopper = await shopper_office(client, runtime, shop)
    await shopper.see(HOME, 403)
    foreign = await staff_office(client, runtime, await make_shop(runtime))
    for path in ("", "/remove"):
        await foreign.see(f"{HOME}/{shop.site_id}{path}", 404)
    for path in ("", "/logo", "/logo/remove", "/remove"):
        answer = await foreign.send(f"{HOME}/{shop.site_id}{path}", FORM)
        assert answer.status_code == 404, path
