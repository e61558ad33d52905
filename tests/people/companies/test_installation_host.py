"""The host of PASAR_PUBLIC_URL begins everybody's links: it belongs to who runs the installation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import assemble, observed, open_runtime
from support.colleagues import make_colleague
from support.office import staff_office
from support.people import new_email
from support.shops import Shop, make_shop

PATH = "/api/admin/sites"
INSTALLATION = "pasar.example"
WRITTEN = ("pasar.example", "Pasar.Example.")


@pytest.fixture
async def installed(fresh_database: Database, settings: Settings) -> AsyncIterator[Runtime]:
    """An installation of its own: there is one platform in each."""
    public = replace(settings, public_url=f"https://{INSTALLATION.upper()}:8443")
    opened = open_runtime(public, fresh_database, SystemClock())
    yield opened
    await opened.http.aclose()


@pytest.fixture
async def web(installed: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=observed(installed, assemble(installed)))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        yield opened


@pytest.fixture
async def platform(installed: Runtime) -> Shop:
    """The company that runs the installation."""
    made = await make_shop(installed)
    await installed.database.rows("UPDATE companies SET is_platform = (id = $1)", made.company_id)
    return made


async def give(
    web: httpx.AsyncClient, shop: Shop, headers: dict[str, str], host: str
) -> list[httpx.Response]:
    """Try to give the host to the shop's site, and to open a site with it."""
    body = {"name": "Second", "currency": "USD", "host": host}
    return [
        await web.patch(f"{PATH}/{shop.site_id}", json={"host": host}, headers=headers),
        await web.post(PATH, json=body, headers=headers),
    ]


@pytest.mark.parametrize("host", WRITTEN)
async def test_no_other_company_takes_it(
    web: httpx.AsyncClient, installed: Runtime, platform: Shop, host: str
) -> None:
    shop = await make_shop(installed)
    owner = await make_colleague(installed, shop)
    for refused in await give(web, shop, owner.headers, host):
        assert (refused.status_code, refused.json()["code"]) == (409, "host_taken"), refused.text
    used = (await give(web, shop, owner.headers, f"shop.{INSTALLATION}"))[0]
    assert used.status_code == 200, used.text
    taken = (await give(web, shop, owner.headers, f"shop.{INSTALLATION}"))[1]
    mine = (await give(web, shop, owner.headers, host))[1]
    assert mine.json()["detail"] == taken.json()["detail"], "nobody learns whose it is"


async def test_pages_say_the_same(web: httpx.AsyncClient, installed: Runtime, platform: Shop) -> None:
    shop = await make_shop(installed)
    office = await staff_office(web, installed, shop)
    form = {"name": "Shop", "host": INSTALLATION, "currency": "USD", "currencies": "USD", "locale": "en"}
    more = {"locales": ["en"], "cartExpirationDays": "30", "maxCartLines": "100"}
    last = {"maxLineQuantity": "999", "maxCompareItems": "4"}
    for path in (f"/admin/sites/{shop.site_id}", "/admin/sites/new"):
        answer = await office.send(path, {**form, **more, **last})
        assert answer.status_code in {409, 422}, answer.text
        assert 'href="#f-host"' in answer.text


async def test_the_platform_does_and_gives_it_to_nobody(
    web: httpx.AsyncClient, installed: Runtime, platform: Shop
) -> None:
    owner = await make_colleague(installed, platform)
    clerk = await make_colleague(installed, platform, "platform")
    body = {"name": "Kedai", "handle": "kedai", "owner": new_email(), "currencies": ["IDR"]}
    opened = await web.post(
        "/api/platform/companies", json=body | {"host": INSTALLATION}, headers=clerk.headers
    )
    assert (opened.status_code, opened.json()["code"]) == (409, "host_taken"), opened.text
    given = (await give(web, platform, owner.headers, INSTALLATION))[0]
    assert given.status_code == 200, given.text
