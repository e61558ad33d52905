"""A company's days begin in its own zone: numbers and figures follow it; a site's zone is for showing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from pasar.kernel.clock import FixedClock
from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import assemble, observed, open_runtime
from support.goods import make_product
from support.office import staff_office
from support.people import make_staff
from support.selling import make_selling_shop, place
from support.shops import Shop

# 23:30 in UTC is half past six in the morning of the next day in Jakarta.
LATE = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


@pytest.fixture
async def late(settings: Settings, database: Database) -> AsyncIterator[Runtime]:
    """A runtime in which it is late in the evening, by UTC."""
    opened = open_runtime(settings, database, FixedClock(LATE))
    yield opened
    await opened.http.aclose()


@pytest.fixture
async def evening(late: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    """A client in that evening."""
    transport = httpx.ASGITransport(app=observed(late, assemble(late)))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        yield opened


async def in_zone(evening: httpx.AsyncClient, late: Runtime, zone: str) -> tuple[Shop, dict[str, str]]:
    shop = await make_selling_shop(late)
    staff = await make_staff(late, shop)
    told = await evening.patch("/api/admin/company", json={"timeZone": zone}, headers=staff)
    assert told.json()["timeZone"] == zone
    return shop, staff


@pytest.mark.parametrize(("zone", "day"), [("UTC", "20261120"), ("Asia/Jakarta", "20261121")])
async def test_an_orders_number_has_the_companys_day(
    evening: httpx.AsyncClient, late: Runtime, zone: str, day: str
) -> None:
    shop, _ = await in_zone(evening, late, zone)
    order = await place(evening, shop, await make_product(late, shop, stock=5))
    assert order["number"].startswith(f"ORD-{day}-")


async def test_a_sites_zone_changes_what_is_shown_and_not_what_is_counted(
    evening: httpx.AsyncClient, late: Runtime
) -> None:
    shop, staff = await in_zone(evening, late, "Asia/Jakarta")
    site = f"/api/admin/sites/{shop.site_id}"
    assert (
        await evening.patch(site, json={"timeZone": "America/New_York"}, headers=staff)
    ).status_code == 200
    assert (await evening.get("/api/site", headers=shop.headers)).json()["timeZone"] == "America/New_York"
    order = await place(evening, shop, await make_product(late, shop, stock=5))
    assert order["number"].startswith("ORD-20261121-")


async def test_the_overview_counts_in_the_companys_days(evening: httpx.AsyncClient, late: Runtime) -> None:
    shop, _ = await in_zone(evening, late, "Asia/Jakarta")
    await place(evening, shop, await make_product(late, shop, stock=5))
    assert isinstance(late.clock, FixedClock)
    late.clock.set(LATE + timedelta(hours=1))  # past midnight by UTC, and the same morning in Jakarta
    office = await staff_office(evening, late, shop)
    assert "1 order" in today(await office.see("/admin"))
    staff = await make_staff(late, shop)  # the hour has ended the first one's token
    change = await evening.patch("/api/admin/company", json={"timeZone": "UTC"}, headers=staff)
    assert change.status_code == 200
    assert "0 orders" in today(await office.see("/admin"))


def today(page: str) -> str:
    """The overview's tile of what was sold today."""
    return page.partition("placed=today")[2].partition("placed=")[0]
