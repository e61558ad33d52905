"""Stored tax rates: what staff enter, and what carts are charged."""

from __future__ import annotations

import asyncio
from uuid import UUID

import httpx
import pytest

from pasar.finance.taxes.percent import percent_of, ppm_of
from pasar.finance.taxes.public import TaxPolicy, TaxRate, replace_rates, tax_policy
from pasar.kernel.cache import Recent
from pasar.kernel.db.database import Database
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from support.people import make_staff
from support.shops import Shop, make_shop

RATES = "/api/admin/tax-rates"


async def policy(
    database: Database, shop: Shop, country: str | None, region: str | None = None
) -> TaxPolicy | None:
    return await tax_policy(
        database,
        shop.company_id,
        currency="USD",
        tax_included=False,
        country=country,
        region=region,
        postcode=None,
    )


@pytest.mark.parametrize(
    ("ppm", "percent"), [(0, "0"), (110_000, "11"), (88_750, "8.875"), (1, "0.0001"), (1_000_000, "100")]
)
def test_percent_and_back(ppm: int, percent: str) -> None:
    assert (percent_of(ppm), ppm_of(percent)) == (percent, ppm)


@pytest.mark.parametrize("text", ["", "-1", "1e2", "100.0001", "999", "1.00001", "1,5", "٣"])
def test_what_is_no_percentage(text: str) -> None:
    with pytest.raises(ValueError, match=r"percentage|100"):
        ppm_of(text)


async def test_none_configured_means_none_charged(database: Database, shop: Shop) -> None:
    assert await policy(database, shop, "US") is None
    assert await policy(database, shop, None) is None


async def test_replaced_rates_are_charged_where_they_match(
    runtime: Runtime, database: Database, shop: Shop
) -> None:
    other = await make_shop(runtime)
    async with database.transaction() as session:
        await replace_rates(session, shop.company_id, [TaxRate("US", "Old", 1)])
        state = TaxRate("US", "State", 40_000, region="NY")
        city = TaxRate("US", "City", 48_750, region="NY", priority=2)
        await replace_rates(session, shop.company_id, [city, state, TaxRate("ID", "PPN", 110_000)])
    assert await policy(database, shop, "US", "NY") == TaxPolicy((state, city), included=False)
    assert await policy(database, shop, "US", "CA") is None
    assert await policy(database, other, "ID") is None


async def test_staff_keep_rates(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    staff = await make_staff(runtime, shop)
    assert await policy(runtime.database, shop, "ID") is None, "remembered as none"
    made = await client.post(RATES, json={"name": "PPN", "country": "ID", "percent": "11"}, headers=staff)
    assert made.status_code == 201, made.text
    charged = await policy(runtime.database, shop, "ID")
    assert charged is not None, "the process that changed it knows at once"
    assert [rate.rate_ppm for rate in charged.rates] == [110_000]
    address = f"{RATES}/{made.json()['id']}"
    changed = await client.put(
        address, json={"name": "PPN", "country": "ID", "percent": "12.5", "postcode": "80*"}, headers=staff
    )
    assert (changed.json()["percent"], changed.json()["postcode"]) == ("12.5", "80*")
    assert (await client.get(RATES, headers=staff)).json()["total"] == 1
    assert (await client.delete(address, headers=staff)).status_code == 204
    assert (await client.delete(address, headers=staff)).json()["code"] == "tax_rate_not_found"
    assert await policy(runtime.database, shop, "ID") is None


async def test_bad_rates_are_refused_on_their_field(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    staff = await make_staff(runtime, shop)
    good = {"name": "PPN", "country": "ID", "percent": "11"}
    for change, status, field in (
        ({"percent": "101"}, 422, "percent"),
        ({"postcode": "9-1-1-*-*"}, 422, "postcode"),
        ({"region": "  "}, 422, "region"),
        ({"country": "Indonesia"}, 400, "country"),
        ({"percent": 11}, 400, "percent"),
    ):
        answer = await client.post(RATES, json=good | change, headers=staff)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field), answer.text
    other = await make_staff(runtime, await make_shop(runtime))
    assert (await client.post(RATES, json=good, headers=shop.headers)).status_code == 401
    made = (await client.post(RATES, json=good, headers=staff)).json()["id"]
    assert (await client.delete(f"{RATES}/{made}", headers=other)).status_code == 404


async def test_many_questions_at_once_load_once_and_failures_are_forgotten(database: Database) -> None:
    loads = 0

    async def load(_database: Database, company_id: UUID) -> int:
        nonlocal loads
        loads += 1
        await asyncio.sleep(0.01)
        if loads == 1:
            raise ConnectionError
        return loads

    recent, company = Recent("test", load), new_id()
    first = await asyncio.gather(*(recent.get(database, company) for _ in range(5)), return_exceptions=True)
    assert [type(answer) for answer in first] == [ConnectionError] * 5
    assert await asyncio.gather(*(recent.get(database, company) for _ in range(5))) == [2] * 5
    recent.forget(database, company)
    assert await recent.get(database, company) == 3
