"""What a company demands: nobody locks themselves out, and only who has just proved to be there asks."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from litestar import Litestar

from pasar.kernel.db.database import Database
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.companies.public import create_company
from pasar.roles.assembling import observed
from support.office import staff_office
from support.people import make_customer, make_staff
from support.shops import Shop, make_shop

PATH = "/api/admin/company/security"
NOT_LATELY = """
UPDATE sign_ins SET confirmed_at = now() - interval '16 minutes'
 WHERE user_id IN (SELECT user_id FROM memberships WHERE company_id = $1)
"""
WITH_FACTOR = """
UPDATE sign_ins SET second_factor_at = now()
 WHERE user_id IN (SELECT user_id FROM memberships WHERE company_id = $1)
"""


def at_address(app: Litestar, runtime: Runtime, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app=observed(runtime, app), client=(address, 4000))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://localhost")


async def test_only_listed_networks_may_work_and_the_caller_stays_inside(
    app: Litestar, runtime: Runtime, shop: Shop
) -> None:
    staff = await make_staff(runtime, shop)
    async with (
        at_address(app, runtime, "203.0.113.7") as office,
        at_address(app, runtime, "198.51.100.9") as cafe,
    ):
        outside = await office.patch(PATH, json={"admittedFrom": ["198.51.100.0/24"]}, headers=staff)
        assert (outside.status_code, outside.json()["code"]) == (409, "would_lock_you_out"), outside.text
        assert outside.json()["errors"][0]["field"] == "admittedFrom"
        inside = await office.patch(PATH, json={"admittedFrom": ["203.0.113.9/24"]}, headers=staff)
        assert inside.status_code == 200, inside.text
        assert inside.json()["admittedFrom"] == ["203.0.113.0/24"]
        refused = await cafe.get("/api/admin/orders", headers=staff)
        assert (refused.status_code, refused.json()["code"]) == (403, "address_not_admitted")
        assert (await office.get("/api/admin/orders", headers=staff)).status_code == 200
        opened = await office.patch(PATH, json={"admittedFrom": []}, headers=staff)
        assert opened.json()["admittedFrom"] == []
        assert (await cafe.get("/api/admin/orders", headers=staff)).status_code == 200


async def test_customers_shop_from_everywhere(app: Litestar, runtime: Runtime, shop: Shop) -> None:
    staff = await make_staff(runtime, shop)
    _, customer = await make_customer(runtime, shop)
    async with (
        at_address(app, runtime, "203.0.113.7") as office,
        at_address(app, runtime, "198.51.100.9") as cafe,
    ):
        assert (
            await office.patch(PATH, json={"admittedFrom": ["203.0.113.7"]}, headers=staff)
        ).status_code == 200
        assert (await cafe.get("/api/cart", headers=customer)).status_code == 200


async def test_who_demands_a_second_factor_has_one(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    staff = await make_staff(runtime, shop)
    early = await client.patch(PATH, json={"requireSecondFactor": True}, headers=staff)
    assert (early.status_code, early.json()["code"]) == (409, "second_factor_first"), early.text
    await runtime.database.rows(WITH_FACTOR, shop.company_id)
    done = await client.patch(PATH, json={"requireSecondFactor": True}, headers=staff)
    assert (done.status_code, done.json()["requireSecondFactor"]) == (200, True), done.text
    colleague = await make_staff(runtime, shop, "manager")
    refused = await client.get("/api/admin/orders", headers=colleague)
    assert (refused.status_code, refused.json()["code"]) == (403, "second_factor_required")


async def test_it_takes_who_has_just_proved_to_be_there(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    staff = await make_staff(runtime, shop)
    await runtime.database.rows(NOT_LATELY, shop.company_id)
    answer = await client.patch(PATH, json={"verifyFirst": True}, headers=staff)
    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")
    told = await client.get("/api/admin/company", headers=staff)
    assert told.json()["verifyFirst"] is False


async def test_the_plain_settings_do_not_take_them(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    staff = await make_staff(runtime, shop)
    for body in (
        {"verifyFirst": True},
        {"admittedFrom": []},
        {"requireSecondFactor": False},
        {"isPlatform": True},
    ):
        answer = await client.patch("/api/admin/company", json=body, headers=staff)
        assert answer.status_code == 400, answer.text


BAD: list[tuple[Any, int]] = [
    ({"admittedFrom": ["10.0.0.0/33"]}, 422),
    ({"admittedFrom": ["everywhere"]}, 422),
    ({"admittedFrom": [f"10.0.{number}.0/24" for number in range(51)]}, 422),
    ({"admittedFrom": ["10.0.0.0/8"] * 201}, 400),
    ({"admittedFrom": "10.0.0.0/8"}, 400),
    ({"admittedFrom": [None]}, 400),
    ({"requireSecondFactor": "yes"}, 400),
    ({"isPlatform": True}, 400),
]


@pytest.mark.parametrize(("body", "status"), BAD, ids=str)
async def test_nonsense_changes_nothing(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, body: Any, status: int
) -> None:
    staff = await make_staff(runtime, shop)
    before = (await client.get("/api/admin/company", headers=staff)).json()
    answer = await client.patch(PATH, json=body, headers=staff)
    assert answer.status_code == status, answer.text
    assert (await client.get("/api/admin/company", headers=staff)).json() == before


async def test_it_holds_for_this_company_alone(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    staff = await make_staff(runtime, shop)
    other = await make_shop(runtime)
    others = await make_staff(runtime, other)
    assert (await client.patch(PATH, json={"verifyFirst": True}, headers=staff)).status_code == 200
    assert (await client.get("/api/admin/company", headers=others)).json()["verifyFirst"] is False
    crossed = await client.patch(PATH, json={"verifyFirst": True}, headers=staff | other.headers)
    assert (crossed.status_code, crossed.json()["code"]) == (403, "company_mismatch")


async def test_the_page_says_what_the_rules_say(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    office = await staff_office(client, runtime, shop)
    shown = await office.see("/admin/settings/security")
    assert "second factor" in shown
    alone = await office.send("/admin/settings/security", {"requireSecondFactor": "1"})
    assert alone.status_code == 422
    assert "Set up a second factor for yourself" in alone.text
    outside = await office.send("/admin/settings/security", {"admittedFrom": "198.51.100.0/24"})
    assert outside.status_code == 422
    assert "198.51.100.0/24</textarea>" in outside.text, "what was typed is kept"
    where = await office.done(
        "/admin/settings/security", {"admittedFrom": "127.0.0.0/8\n2001:db8::/32", "verifyFirst": "1"}
    )
    assert where == "/admin/settings/security?notice=saved"
    assert "127.0.0.0/8\n2001:db8::/32</textarea>" in await office.see("/admin/settings/security")


async def test_the_first_company_runs_the_installation(fresh_database: Database) -> None:
    async with fresh_database.transaction() as session:
        first = await create_company(session, handle=f"a-{new_id().hex}", name="First", time_zone="UTC")
        await create_company(session, handle=f"b-{new_id().hex}", name="Second", time_zone="UTC")
    rows = await fresh_database.rows("SELECT id FROM companies WHERE is_platform")
    assert [row[0] for row in rows] == [first]
