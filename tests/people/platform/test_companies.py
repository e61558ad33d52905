"""The platform opens companies, and sees nothing else of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import assemble, observed, open_runtime
from support.colleagues import let_lapse, link_token, make_colleague
from support.people import new_email
from support.shops import Shop, make_shop

COMPANIES = "/api/platform/companies"


@pytest.fixture
async def alone(fresh_database: Database, settings: Settings) -> AsyncIterator[Runtime]:
    """A runtime alone on its database: only one company of an installation is the platform."""
    opened = open_runtime(settings, fresh_database, SystemClock())
    yield opened
    await opened.http.aclose()


@pytest.fixture
async def web(alone: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=observed(alone, assemble(alone)))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        yield opened


@pytest.fixture
async def platform(alone: Runtime) -> Shop:
    """The company that runs the installation."""
    made = await make_shop(alone)
    await alone.database.rows("UPDATE companies SET is_platform = (id = $1)", made.company_id)
    return made


def a_company(**more: Any) -> dict[str, Any]:
    return {"name": "Kedai Ana", "handle": "kedai-ana", "owner": new_email(), "currencies": ["IDR"]} | more


async def test_a_company_is_opened_and_its_owner_comes_by_mail(
    web: httpx.AsyncClient, alone: Runtime, platform: Shop
) -> None:
    clerk = await make_colleague(alone, platform, "platform")
    body = a_company(host="ana.example.com", locale="id", timeZone="Asia/Jakarta")
    answer = await web.post(COMPANIES, json=body, headers=clerk.headers)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    shop = Shop(UUID(made["id"]), UUID(made["siteId"]), {"x-company-id": made["id"]})
    token = await link_token(alone, shop, UUID(made["invitationId"]))
    accepted = await web.post(
        "/api/auth/accept-invitation",
        json={"token": token, "name": "Ana", "password": "a brand new secret"},
        headers=shop.headers,
    )
    assert (accepted.status_code, accepted.json()["role"]) == (200, "owner")
    found = (await web.get(COMPANIES, headers=clerk.headers)).json()["items"]
    assert [(one["handle"], one["hosts"], one["isPlatform"]) for one in found] == [
        ("kedai-ana", ["ana.example.com"], False),
        (found[1]["handle"], [], True),
    ]


async def test_nothing_else_of_it_is_seen(web: httpx.AsyncClient, alone: Runtime, platform: Shop) -> None:
    owner = await make_colleague(alone, platform)
    clerk = await make_colleague(alone, platform, "platform")
    made = (await web.post(COMPANIES, json=a_company(), headers=owner.headers)).json()
    there = {"x-company-id": made["id"]}
    for path in ("/api/admin/staff", "/api/admin/orders", "/api/admin/products", "/api/admin/invitations"):
        for headers in (owner.headers, clerk.headers):
            answer = await web.get(path, headers=headers | there)
            assert (answer.status_code, answer.json()["code"]) == (403, "company_mismatch")
        assert (await web.get(path, headers=clerk.headers)).status_code == 403  # nor of the own company
    found = (await web.get(COMPANIES, headers=clerk.headers)).json()["items"][0]
    assert set(found) == {"id", "name", "handle", "timeZone", "isPlatform", "hosts", "createdAt"}


async def test_no_other_company_does_this(web: httpx.AsyncClient, alone: Runtime, platform: Shop) -> None:
    assert platform.company_id
    other = await make_shop(alone)
    owner = await make_colleague(alone, other)
    stray = await make_colleague(alone, other, "platform")
    for headers in (owner.headers, stray.headers):
        for answer in (
            await web.get(COMPANIES, headers=headers),
            await web.post(COMPANIES, json=a_company(), headers=headers),
        ):
            assert (answer.status_code, answer.json()["code"]) == (403, "platform_only")
    assert await alone.database.value("SELECT count(*) FROM companies") == 2


@pytest.mark.parametrize("role", ["admin", "manager", "viewer"])
async def test_nor_do_others_of_the_platform(
    web: httpx.AsyncClient, alone: Runtime, platform: Shop, role: str
) -> None:
    person = await make_colleague(alone, platform, role)
    answer = await web.get(COMPANIES, headers=person.headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing")


async def test_opening_asks_again_and_repeats_its_answer(
    web: httpx.AsyncClient, alone: Runtime, platform: Shop
) -> None:
    clerk = await make_colleague(alone, platform, "platform")
    body, headers = a_company(), clerk.headers | {"idempotency-key": "open-1"}
    first, second = [await web.post(COMPANIES, json=body, headers=headers) for _ in range(2)]
    assert first.status_code == 201, first.text
    assert first.json() == second.json()
    taken = await web.post(COMPANIES, json=a_company(), headers=clerk.headers)
    assert (taken.status_code, taken.json()["code"]) == (409, "handle_taken")
    await let_lapse(alone, clerk)
    late = await web.post(COMPANIES, json=a_company(handle="late"), headers=clerk.headers)
    assert (late.status_code, late.json()["code"]) == (403, "step_up_required")


@pytest.mark.parametrize(
    "more",
    [
        {"owner": "nobody"},
        {"owner": "a@example.com\nBcc: b@example.com"},
        {"currencies": ["XXZ"]},
        {"currencies": ["IDR", "IDR"]},
        {"currencies": []},
        {"locale": "xx"},
        {"timeZone": "Mars/Olympus"},
        {"host": "https://ana.example.com/"},
        {"handle": "Kedai Ana"},
        {"name": "Kedai\nAna"},
        {"isPlatform": True},
        {"role": "owner"},
    ],
)
async def test_what_cannot_be_is_refused_whole(
    web: httpx.AsyncClient, alone: Runtime, platform: Shop, more: dict[str, Any]
) -> None:
    clerk = await make_colleague(alone, platform, "platform")
    answer = await web.post(COMPANIES, json=a_company(**more), headers=clerk.headers)
    assert answer.status_code in {400, 422}, answer.text
    assert await alone.database.value("SELECT count(*) FROM companies") == 1
