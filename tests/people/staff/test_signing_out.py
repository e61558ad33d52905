"""A colleague is signed out everywhere at this company, and nobody by whoever may do less."""

from __future__ import annotations

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from pasar.people.access.public import add_member
from support.colleagues import let_lapse, make_colleague
from support.office import staff_office
from support.people import PASSWORD
from support.shops import Shop, make_shop

ME = "/api/auth/me"
OPEN = "SELECT count(*) FROM sign_ins WHERE user_id = $1 AND revoked_at IS NULL"
NOTED = """
SELECT actor_id, after::text FROM audit_entries
 WHERE company_id = $1 AND action = 'staff.signed_out' AND object_id = $2
"""


def sessions(user_id: object) -> str:
    return f"/api/admin/staff/{user_id}/sessions"


async def test_tokens_and_browsers_here_end_and_they_may_come_back(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner, lost = await make_colleague(runtime, shop), await make_colleague(runtime, shop, "orders")
    there = await make_shop(runtime)
    async with runtime.database.transaction() as session:
        await add_member(session, there.company_id, lost.user_id, "viewer")
    login = {"email": lost.email, "password": PASSWORD}
    signed_in = (await client.post("/api/auth/login", json=login, headers=shop.headers)).json()
    assert await runtime.database.value(OPEN, lost.user_id) == 2

    answer = await client.delete(sessions(lost.user_id), headers=owner.headers)

    assert answer.status_code == 204, answer.text
    assert await runtime.database.value(OPEN, lost.user_id) == 0
    bearer = shop.headers | {"Authorization": f"Bearer {signed_in['accessToken']}"}
    for headers in (lost.headers, bearer, bearer | there.headers):
        assert (await client.get(ME, headers=headers)).status_code == 401
    refresh = {"refreshToken": signed_in["refreshToken"]}
    assert (await client.post("/api/auth/refresh", json=refresh)).status_code == 401
    rows = await runtime.database.rows(NOTED, shop.company_id, str(lost.user_id))
    assert [(row[0], row[1]) for row in rows] == [(owner.user_id, '{"signIns": 2}')]
    assert (await client.post("/api/auth/login", json=login, headers=shop.headers)).status_code == 200


async def test_on_the_page_and_a_browser_at_another_shop_stays(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    office, colleague = await staff_office(client, runtime, shop), await staff_office(client, runtime, shop)
    found = "SELECT user_id FROM page_sessions WHERE company_id = $1 ORDER BY created_at DESC LIMIT 1"
    user_id = await runtime.database.value(found, shop.company_id)
    email = await runtime.database.value("SELECT email FROM users WHERE id = $1", user_id)
    elsewhere = await make_shop(runtime)
    visiting = await _visitor(client, elsewhere, email)
    page = f"/admin/staff/{user_id}"
    assert f'href="{page}/sign-out"' in await office.see(page)
    assert "They can sign in again" in await office.see(f"{page}/sign-out")

    assert await office.done(f"{page}/sign-out") == f"{page}?notice=staff-signed-out"

    await colleague.see("/admin", 303)
    assert (await visiting.get("/account", headers=elsewhere.headers)).status_code == 200
    await office.see("/admin")
    office.language = "id"
    assert "Keluarkan" in await office.see(f"{page}/sign-out")
    for one in (office.client, colleague.client, visiting):
        await one.aclose()


async def _visitor(client: httpx.AsyncClient, shop: Shop, email: str) -> httpx.AsyncClient:
    """A browser that is signed in as `email` at another shop."""
    own = httpx.AsyncClient(transport=client._transport, base_url="http://localhost")
    page = (await own.get("/sign-in", headers=shop.headers)).text
    token = page.partition('name="_csrf_token" value="')[2][:64]
    form = {"_csrf_token": token, "email": email, "password": PASSWORD, "back": ""}
    assert (await own.post("/sign-in", data=form, headers=shop.headers)).status_code == 303
    return own


@pytest.mark.parametrize("role", ["owner", "admin"])
async def test_nobody_is_signed_out_by_whoever_may_do_less(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, role: str
) -> None:
    owner = await make_colleague(runtime, shop)
    body = {"name": "Recruiters", "permissions": ["staff:read", "staff:write"]}
    made = (await client.post("/api/admin/roles", json=body, headers=owner.headers)).json()
    recruiter, higher = (
        await make_colleague(runtime, shop, "supplier"),
        await make_colleague(runtime, shop, role),
    )
    given = {"customRoleId": made["customRoleId"]}
    path = f"/api/admin/staff/{recruiter.user_id}"
    assert (await client.patch(path, json=given, headers=owner.headers)).status_code == 200

    refused = await client.delete(sessions(higher.user_id), headers=recruiter.headers)

    assert (refused.status_code, refused.json()["code"]) == (403, "beyond_own_rights")
    assert (await client.get(ME, headers=higher.headers)).status_code == 200


async def test_who_may_not_and_who_must_confirm_first(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner, viewer = await make_colleague(runtime, shop), await make_colleague(runtime, shop, "viewer")
    stranger = await make_colleague(runtime, await make_shop(runtime))

    for headers, status in ((viewer.headers, 403), (stranger.headers, 404), (shop.headers, 401)):
        answer = await client.delete(sessions(owner.user_id), headers=headers)
        assert answer.status_code == status, answer.text
    await let_lapse(runtime, owner)
    answer = await client.delete(sessions(viewer.user_id), headers=owner.headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")
    assert (await client.get(ME, headers=viewer.headers)).status_code == 200


async def test_oneself_is_signed_out_as_well(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    owner = await make_colleague(runtime, shop)

    assert (await client.delete(sessions(owner.user_id), headers=owner.headers)).status_code == 204
    assert (await client.get(ME, headers=owner.headers)).status_code == 401
