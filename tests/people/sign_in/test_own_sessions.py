"""Where one is signed in: what one sees, ends, and what one cannot see of others."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from pasar.kernel.clock import FixedClock
from pasar.kernel.http.csrf import csrf_token
from pasar.kernel.ids import new_id, new_token
from pasar.kernel.runtime import Runtime
from pasar.people.access.public import add_member
from pasar.people.sign_in.actions.revoke_sign_in import revoke_all
from pasar.people.sign_in.authenticator import SignInAuthenticator
from pasar.people.sign_in.last_seen import EVERY
from pasar.people.sign_in.person import Device, SignedIn
from pasar.people.sign_in.signing_in import start_pages, start_tokens
from support.people import PASSWORD, bearer, make_person, make_staff
from support.shops import Shop, make_shop

SESSIONS = "/api/auth/sessions"
PHONE = Device(
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) Version/17.1 Safari/604.1", "192.0.2.7"
)
DESK = Device("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "192.0.2.8")


async def tokens_on(runtime: Runtime, person: SignedIn, device: Device) -> dict[str, str]:
    async with runtime.database.transaction() as session:
        return bearer((await start_tokens(runtime, device)(session, person)).tokens)


async def pages_on(runtime: Runtime, shop: Shop, person: SignedIn, device: Device) -> str:
    site = await runtime.sites.of_company(shop.company_id)
    assert site is not None
    async with runtime.database.transaction() as session:
        return (await start_pages(runtime, site, None, device)(session, person)).cookie


async def listed(client: httpx.AsyncClient, headers: dict[str, str]) -> list[dict[str, Any]]:
    answer = await client.get(SESSIONS, headers=headers)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    assert answer.json()["total"] == len(items)
    return items


async def test_one_s_devices_are_listed_and_the_present_one_is_marked(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    phone = await tokens_on(runtime, person, PHONE)
    await pages_on(runtime, shop, person, DESK)
    await tokens_on(runtime, await make_person(runtime, shop), DESK)  # somebody else
    items = await listed(client, phone)
    by_system = {item["system"]: item for item in items}
    assert by_system.keys() == {"iPhone", "Linux"}
    assert by_system["iPhone"] | {"id": 0, "createdAt": 0, "lastSeenAt": 0} == {
        "id": 0,
        "kind": "tokens",
        "browser": "Safari",
        "system": "iPhone",
        "address": "192.0.2.7",
        "createdAt": 0,
        "lastSeenAt": 0,
        "current": True,
        "secondFactor": False,
    }
    desk = by_system["Linux"]
    assert (desk["kind"], desk["browser"], desk["current"]) == ("pages", "Firefox", False)


async def test_signing_out_elsewhere_ends_tokens_and_cookies_there(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    here, there = [await tokens_on(runtime, person, device) for device in (PHONE, DESK)]
    for item in await listed(client, here):
        if not item["current"]:
            assert (await client.delete(f"{SESSIONS}/{item['id']}", headers=here)).status_code == 204
            again = await client.delete(f"{SESSIONS}/{item['id']}", headers=here)
            assert (again.status_code, again.json()["code"]) == (404, "session_not_found")
    assert (await client.get("/api/auth/me", headers=there)).status_code == 401
    assert [item["current"] for item in await listed(client, here)] == [True]


async def test_everywhere_else_means_but_here(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    here, there = [await tokens_on(runtime, person, device) for device in (PHONE, DESK)]
    cookie = await pages_on(runtime, shop, person, DESK)
    bystander = await tokens_on(runtime, await make_person(runtime, shop), DESK)
    answer = await client.delete(SESSIONS, headers=here)
    assert (answer.status_code, answer.json()) == (200, {"ended": 2})
    assert (await client.delete(SESSIONS, headers=here)).json() == {"ended": 0}
    statuses = [
        (await client.get("/api/auth/me", headers=headers)).status_code
        for headers in (here, there, bystander)
    ]
    assert statuses == [200, 401, 200]
    gone = await client.get("/account", headers={**shop.headers, "cookie": f"pasar_session={cookie}"})
    assert gone.status_code == 303


async def test_another_s_session_is_answered_like_one_that_is_not_there(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    mine = await tokens_on(runtime, await make_person(runtime, shop), PHONE)
    theirs = await tokens_on(runtime, await make_person(runtime, shop), DESK)
    elsewhere = await tokens_on(runtime, await make_person(runtime, await make_shop(runtime)), DESK)
    ids = [(await listed(client, headers))[0]["id"] for headers in (theirs, elsewhere)]
    answers = [
        await client.delete(f"{SESSIONS}/{session_id}", headers=mine) for session_id in (*ids, str(new_id()))
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text.replace(answer.json()["requestId"], "") for answer in answers}) == 1
    assert (await client.get("/api/auth/me", headers=theirs)).status_code == 200


async def test_staff_have_a_list_too_and_guests_have_none(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    headers = await make_staff(runtime, shop)
    assert [item["current"] for item in await listed(client, headers)] == [True]
    for method, path in (("GET", SESSIONS), ("DELETE", SESSIONS), ("DELETE", f"{SESSIONS}/{new_id()}")):
        answer = await client.request(method, path, headers=shop.headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_required")


async def test_what_can_no_longer_be_used_is_not_listed(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, clock: FixedClock
) -> None:
    person = await make_person(timed, shop)
    await tokens_on(timed, person, DESK)
    await pages_on(timed, shop, person, DESK)
    clock.advance(timedelta(days=30))
    here = await tokens_on(timed, person, PHONE)
    assert [item["system"] for item in await listed(timed_client, here)] == ["iPhone"]


async def test_use_is_noted_every_five_minutes_and_not_while_somebody_waits(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, clock: FixedClock
) -> None:
    person = await make_person(timed, shop)
    cookie = await pages_on(timed, shop, person, DESK)
    began = clock.now()
    seen = "SELECT last_seen_at FROM sign_ins WHERE user_id = $1"
    authenticator = timed.authenticator
    assert isinstance(authenticator, SignInAuthenticator)
    for step, expected in (
        (EVERY - timedelta(seconds=1), began),
        (EVERY, None),
        (timedelta(seconds=1), None),
    ):
        clock.set(began + step if expected else clock.now() + timedelta(seconds=1))
        await timed_client.get("/account", headers={**shop.headers, "cookie": f"pasar_session={cookie}"})
        await authenticator.last_seen.written()
        noted = await timed.database.value(seen, person.user_id)
        assert noted == (expected or began + EVERY)


FACTS = "SELECT data FROM events WHERE company_id = $1 AND type = 'user.signed_in_elsewhere'"


async def test_a_new_device_is_told_by_ids_alone_and_a_known_one_is_not(runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, shop)
    await tokens_on(runtime, person, PHONE)
    assert await runtime.database.rows(FACTS, shop.company_id) == [], "the first of all is no news"
    await tokens_on(runtime, person, PHONE)
    newer = Device(PHONE.agent.replace("17.1", "18.2").replace("17_1", "18_2"), "198.51.100.9")
    await pages_on(runtime, shop, person, newer)
    assert await runtime.database.rows(FACTS, shop.company_id) == [], "an update, and another network"
    await pages_on(runtime, shop, person, DESK)
    facts = await runtime.database.rows(FACTS, shop.company_id)
    newest = await runtime.database.value(
        "SELECT id FROM sign_ins WHERE user_id = $1 ORDER BY id DESC", person.user_id
    )
    assert [row[0] for row in facts] == [f'{{"userId": "{person.user_id}", "signInId": "{newest}"}}']
    async with runtime.database.transaction() as session:
        await revoke_all(session, person.user_id, "revoked", runtime.clock.now())
    await tokens_on(runtime, person, DESK)
    assert len(await runtime.database.rows(FACTS, shop.company_id)) == 1, "who signed out comes back"


async def test_a_new_device_of_staff_is_told_at_the_company(runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, await make_shop(runtime))
    async with runtime.database.transaction() as session:
        await add_member(session, shop.company_id, person.user_id, "manager")
    staff = SignedIn(person.user_id, shop.company_id, "staff", "manager", person.name, person.email, None)
    for device in (DESK, PHONE):
        await tokens_on(runtime, staff, device)
    assert len(await runtime.database.rows(FACTS, shop.company_id)) == 1


class Browser:
    """A browser that is signed in, and keeps to what its pages offer."""

    def __init__(self, client: httpx.AsyncClient, runtime: Runtime, shop: Shop, cookie: str) -> None:
        self.client, self.runtime, self.cookie = client, runtime, cookie
        self.headers = {**shop.headers, "cookie": f"pasar_session={cookie}"}

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path, headers=self.headers)

    async def post(self, path: str, token: str | None = None) -> httpx.Response:
        form = {"_csrf_token": csrf_token(self.runtime, self.cookie) if token is None else token}
        return await self.client.post(path, data=form, headers=self.headers)


async def test_the_page_shows_devices_and_signs_them_out(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    browser = Browser(client, runtime, shop, await pages_on(runtime, shop, person, DESK))
    there = await tokens_on(runtime, person, PHONE)
    page = (await browser.get("/account/sessions")).text
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert page.index("Firefox on Linux") < page.index("This device") < page.index("Safari on iPhone")
    paths = re.findall(r'action="(/account/sessions/[^"]+/end)"', page)
    assert len(paths) == 1, "one does not sign the present device out by mistake"
    ended = await browser.post(paths[0])
    assert (ended.status_code, ended.headers["location"]) == (303, "/account/sessions?notice=session-ended")
    assert (await client.get("/api/auth/me", headers=there)).status_code == 401
    again = await browser.post(paths[0])
    assert again.headers["location"] == "/account/sessions?notice=session-over"
    assert "Safari on iPhone" not in (await browser.get("/account/sessions")).text


async def test_the_page_signs_out_everywhere_else(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    browser = Browser(client, runtime, shop, await pages_on(runtime, shop, person, DESK))
    there = await tokens_on(runtime, person, PHONE)
    assert (await browser.post("/account/sessions/end-others")).status_code == 303
    assert (await client.get("/api/auth/me", headers=there)).status_code == 401
    assert (await browser.get("/account/sessions")).status_code == 200


@pytest.mark.parametrize("path", ["/account/sessions/end-others", "/account/sessions/{}/end"])
async def test_nobody_else_s_page_can_sign_one_out(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, path: str
) -> None:
    person = await make_person(runtime, shop)
    browser = Browser(client, runtime, shop, await pages_on(runtime, shop, person, DESK))
    there = await tokens_on(runtime, person, PHONE)
    session_id: UUID = await runtime.database.value(
        "SELECT id FROM sign_ins WHERE user_id = $1 AND kind = 'tokens'", person.user_id
    )
    for forged in ("", "0" * 64, csrf_token(runtime, new_token())):
        assert (await browser.post(path.format(session_id), forged)).status_code == 403
    assert (await client.get("/api/auth/me", headers=there)).status_code == 200


async def test_guests_are_sent_to_sign_in(client: httpx.AsyncClient, shop: Shop) -> None:
    answer = await client.get("/account/sessions", headers=shop.headers)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?back=")


async def test_signing_in_notes_the_browser_and_the_address(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    headers = {**shop.headers, "user-agent": DESK.agent}
    body = {"email": person.email, "password": PASSWORD}
    signed_in = (await stranger.post("/api/auth/login", json=body, headers=headers)).json()
    [item] = await listed(stranger, {"Authorization": f"Bearer {signed_in['accessToken']}"})
    assert (item["browser"], item["system"]) == ("Firefox", "Linux")
    assert item["address"].startswith("2001:db8:")
