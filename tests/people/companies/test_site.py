"""What a shop says of itself, what its features are, and how companies and sites come to be."""

from __future__ import annotations

import httpx
import pytest

from pasar.kernel.errors import Conflict, NotFound, Problem, Unprocessable
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.companies.features import DEFAULTS, features_of
from pasar.people.companies.public import CompanySettings, company_settings, create_company, create_site
from support.shops import Shop


async def test_a_site_says_which_it_is(client: httpx.AsyncClient, shop: Shop) -> None:
    answer = await client.get("/api/site", headers=shop.headers)
    assert answer.json() == {
        "companyId": str(shop.company_id),
        "siteId": str(shop.site_id),
        "name": "Test shop",
        "currency": "USD",
        "currencies": ["USD", "IDR"],
        "locale": "en",
        "locales": ["en", "id"],
        "timeZone": "UTC",
        "logo": None,
        "features": dict(DEFAULTS),
    }


async def test_a_site_answers_at_its_host(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    host = f"shop-{new_id().hex}.example"
    async with runtime.database.transaction() as session:
        company_id = await create_company(session, handle=host, name="Toko", time_zone="UTC")
        await create_site(session, company_id, **SITE | {"host": host.upper()})  # type: ignore[arg-type]
    known = runtime.sites._known  # type: ignore[attr-defined]  # else the test waits for the second to pass
    known._asked_at = 0.0
    answer = await client.get("/api/site", headers={"host": f"{host}:8000"})
    assert answer.json()["companyId"] == str(company_id)
    wrong = await client.get("/api/site", headers={"host": host} | shop.headers)
    assert (wrong.status_code, wrong.json()["code"]) == (403, "company_mismatch")


@pytest.mark.parametrize(
    ("header", "code"),
    [("not-an-id", "company_id_malformed"), ("0199f0c0-1234-7abc-8def-0123456789ab", "company_required")],
)
async def test_a_company_that_is_none_is_refused(client: httpx.AsyncClient, header: str, code: str) -> None:
    answer = await client.get("/api/site", headers={"x-company-id": header})
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_site_decides_over_its_company_and_both_over_the_defaults() -> None:
    features = features_of({"enableCompare": True, "maxCompareItems": 2}, {"maxCompareItems": 3, "own": "x"})
    assert features == {**DEFAULTS, "enableCompare": True, "maxCompareItems": 3, "own": "x"}
    assert DEFAULTS["enableCart"] is True
    with pytest.raises(TypeError):
        features["enableCart"] = False  # type: ignore[index]  # that it is read-only is the point


async def test_settings_are_the_company_s_own(runtime: Runtime) -> None:
    handle = f"toko-{new_id().hex}"
    async with runtime.database.transaction() as session:
        company_id = await create_company(session, handle=handle, name="Toko", time_zone="Asia/Jakarta")
    assert await company_settings(runtime.database, company_id) == CompanySettings(
        id=company_id,
        name="Toko",
        handle=handle,
        time_zone="Asia/Jakarta",
        is_demo=False,
        low_stock_default=5,
        bank_transfer_days=3,
        bank_transfer_note="",
        unique_skus=False,
    )
    with pytest.raises(NotFound):
        await company_settings(runtime.database, new_id())


SITE: dict[str, object] = {
    "name": "Toko",
    "host": None,
    "is_default": True,
    "currency": "IDR",
    "currencies": ["IDR"],
    "locale": "id",
    "locales": ["id"],
}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"currency": "USD"}, "currency_not_listed"), ({"locale": "en"}, "locale_not_listed")],
)
async def test_what_a_site_begins_with_must_be_listed(
    runtime: Runtime, shop: Shop, wrong: dict[str, object], code: str
) -> None:
    with pytest.raises(Unprocessable) as refusal:
        async with runtime.database.transaction() as session:
            await create_site(session, shop.company_id, **SITE | wrong)  # type: ignore[arg-type]
    assert refusal.value.code == code


async def test_handles_and_hosts_are_taken_once(runtime: Runtime, shop: Shop) -> None:
    handle = f"taken-{new_id().hex}"
    host = f"{handle}.example"
    async with runtime.database.transaction() as session:
        await create_company(session, handle=handle, name="Toko", time_zone="UTC")
        await create_site(session, shop.company_id, **SITE | {"host": host})  # type: ignore[arg-type]
    with pytest.raises(Conflict) as refusal:
        async with runtime.database.transaction() as session:
            await create_company(session, handle=handle, name="Another", time_zone="UTC")
    assert refusal.value.code == "handle_taken"
    with pytest.raises(Conflict) as refusal:
        async with runtime.database.transaction() as session:
            await create_site(session, shop.company_id, **SITE | {"host": host.upper()})  # type: ignore[arg-type]
    assert refusal.value.code == "host_taken"


async def test_a_new_default_takes_over(runtime: Runtime, shop: Shop) -> None:
    async with runtime.database.transaction() as session:
        second = await create_site(session, shop.company_id, **SITE)  # type: ignore[arg-type]
    defaults = await runtime.database.rows(
        "SELECT id FROM sites WHERE company_id = $1 AND is_default", shop.company_id
    )
    assert [row[0] for row in defaults] == [second]


async def test_an_unknown_time_zone_is_refused(runtime: Runtime) -> None:
    with pytest.raises(Problem) as refusal:
        async with runtime.database.transaction() as session:
            await create_company(session, handle="nowhere", name="Toko", time_zone="Asia/Nowhere")
    assert refusal.value.code == "time_zone_unknown"
