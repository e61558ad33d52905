"""What somebody tries who wants another's session: fixing it, forging its forms, replaying its tokens."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from http.cookies import SimpleCookie

import httpx
import pytest

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Environment, Settings
from pasar.kernel.db.database import Database
from pasar.kernel.http.csrf import csrf_token
from pasar.kernel.http.guards import SECURE_COOKIE
from pasar.kernel.ids import new_token
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import assemble, observed, open_runtime
from support.people import PASSWORD, make_person, tokens_for
from support.shops import Shop, make_shop

COOKIE = "pasar_session"
TOKEN = re.compile(r'name="_csrf_token" value="([0-9a-f]{64})"')


def cookie_in(answer: httpx.Response, name: str = COOKIE) -> str:
    """The value of the cookie that an answer sets."""
    for header in answer.headers.get_list("set-cookie"):
        jar = SimpleCookie(header)
        if name in jar:
            return jar[name].value
    raise AssertionError(f"no {name} in {answer.headers}")


async def send(
    client: httpx.AsyncClient, shop: Shop, method: str, path: str, cookie: str, **more: str
) -> httpx.Response:
    headers = {**shop.headers, "cookie": f"{COOKIE}={cookie}"}
    answer = await client.request(method, path, headers=headers, data=more or None)
    client.cookies.clear()
    return answer


async def sign_in(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, email: str, cookie: str
) -> httpx.Response:
    form = {"email": email, "password": PASSWORD, "_csrf_token": csrf_token(runtime, cookie)}
    return await send(client, shop, "POST", "/sign-in", cookie, **form)


async def test_a_cookie_known_before_is_worth_nothing_after_the_sign_in(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    fixed = new_token()
    answer = await sign_in(stranger, runtime, shop, person.email, fixed)
    assert answer.status_code == 303
    own = cookie_in(answer)
    assert own != fixed
    assert (await send(stranger, shop, "GET", "/account", own)).status_code == 200
    assert (await send(stranger, shop, "GET", "/account", fixed)).status_code == 303
    again = cookie_in(await sign_in(stranger, runtime, shop, person.email, own))
    assert again != own
    assert (await send(stranger, shop, "GET", "/account", own)).status_code == 303, "the former one has ended"


async def test_signing_out_ends_the_session_and_gives_an_empty_one(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    own = cookie_in(await sign_in(stranger, runtime, shop, person.email, new_token()))
    answer = await send(stranger, shop, "POST", "/sign-out", own, _csrf_token=csrf_token(runtime, own))
    assert cookie_in(answer) != own
    for cookie in (own, cookie_in(answer)):
        assert (await send(stranger, shop, "GET", "/account", cookie)).status_code == 303


async def test_a_form_s_token_is_of_its_own_session(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    before = new_token()
    own = cookie_in(await sign_in(stranger, runtime, shop, person.email, before))
    other = cookie_in(
        await sign_in(stranger, runtime, shop, (await make_person(runtime, shop)).email, new_token())
    )
    page = await send(stranger, shop, "GET", "/account", own)
    shown = TOKEN.search(page.text)
    assert shown is not None
    assert shown[1] == csrf_token(runtime, own)
    forged = ["", "0" * 64, "é", csrf_token(runtime, before), csrf_token(runtime, other), own]
    for token in forged:
        answer = await send(
            stranger, shop, "POST", "/account", own, name="Mallory", phone="", _csrf_token=token
        )
        assert answer.status_code == 403
    answer = await send(stranger, shop, "POST", "/account", own, name="Mallory", phone="")
    assert answer.status_code == 403
    name = await runtime.database.value("SELECT name FROM users WHERE id = $1", person.user_id)
    assert name == person.name


async def test_nobody_is_signed_in_by_a_form_of_another_page(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    """Login CSRF: a foreign page would sign the victim in to the attacker's account."""
    person = await make_person(runtime, shop)
    form = {"email": person.email, "password": PASSWORD}
    for cookie, token in ((new_token(), ""), (new_token(), csrf_token(runtime, new_token()))):
        answer = await send(stranger, shop, "POST", "/sign-in", cookie, **form, _csrf_token=token)
        assert answer.status_code == 403
    bare = await stranger.post("/sign-in", data=form, headers=shop.headers)
    assert bare.status_code == 403


@pytest.mark.parametrize(
    "cookie",
    ["", "x", "0" * 63, "0" * 65, "G" * 64, "'; DROP TABLE users; --", "0" * 64 + ".en.en", "%00" * 64],
)
async def test_a_cookie_of_another_shape_is_no_session(
    stranger: httpx.AsyncClient, shop: Shop, cookie: str
) -> None:
    assert (await send(stranger, shop, "GET", "/account", cookie)).status_code == 303


@pytest.fixture
async def production(
    settings: Settings, database: Database
) -> AsyncIterator[tuple[httpx.AsyncClient, Runtime]]:
    """The application as it is in production, by TLS."""
    hard = replace(settings, environment=Environment.PRODUCTION)
    runtime = open_runtime(hard, database, SystemClock())
    peer = (f"2001:db8:{secrets.token_hex(2)}::1", 4000)
    transport = httpx.ASGITransport(app=observed(runtime, assemble(runtime)), client=peer)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="https://shop.example.com") as client:
        yield client, runtime
    await runtime.http.aclose()


async def test_in_production_the_cookie_is_the_host_s_own_and_out_of_reach(
    production: tuple[httpx.AsyncClient, Runtime],
) -> None:
    client, runtime = production
    shop = await make_shop(runtime)
    person = await make_person(runtime, shop)
    first = await client.get("/sign-in", headers=shop.headers)
    before = cookie_in(first, SECURE_COOKIE)
    client.cookies.clear()
    form = {"email": person.email, "password": PASSWORD, "_csrf_token": csrf_token(runtime, before)}
    headers = {**shop.headers, "cookie": f"{SECURE_COOKIE}={before}"}
    signed_in = await client.post("/sign-in", data=form, headers=headers)
    assert signed_in.status_code == 303
    for answer in (first, signed_in):
        for header in answer.headers.get_list("set-cookie"):
            said = [part.strip().lower() for part in header.split(";")]
            assert said[0].startswith("__host-")
            assert {"secure", "httponly", "samesite=lax", "path=/"} <= set(said)
            assert not [part for part in said if part.startswith("domain")], "__Host- allows none"
    client.cookies.clear()
    own = cookie_in(signed_in, SECURE_COOKIE)
    for name, expected in ((SECURE_COOKIE, 200), (COOKIE, 303)):
        answer = await client.get("/account", headers={**shop.headers, "cookie": f"{name}={own}"})
        assert answer.status_code == expected, "only the prefixed one counts: others, a neighbour could set"


async def refreshed(client: httpx.AsyncClient, token: str) -> httpx.Response:
    return await client.post("/api/auth/refresh", json={"refreshToken": token})


async def test_a_family_that_was_revoked_stays_so_whatever_is_tried(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    tokens = await tokens_for(runtime, await make_person(runtime, shop))
    chain = [tokens.refresh_token]
    for _ in range(3):
        chain.append((await refreshed(stranger, chain[-1])).json()["refreshToken"])
    replayed = await refreshed(stranger, chain[1])
    assert replayed.json()["code"] == "refresh_reused"
    for _ in range(2):
        answers = await asyncio.gather(*(refreshed(stranger, token) for token in chain))
        assert {answer.status_code for answer in answers} == {401}
    open_ones = await runtime.database.value(
        "SELECT count(*) FROM refresh_tokens t JOIN sign_ins s ON s.id = t.family"
        " WHERE s.revoked_at IS NULL AND t.token_hash = sha256($1::text::bytea)",
        chain[-1],
    )
    assert open_ones == 0


async def test_a_thief_who_renews_while_the_family_ends_gets_nothing_that_lasts(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    for _ in range(5):
        first = (await tokens_for(runtime, await make_person(runtime, shop))).refresh_token
        second = (await refreshed(stranger, first)).json()["refreshToken"]
        answers = await asyncio.gather(refreshed(stranger, second), refreshed(stranger, first))
        for answer in answers:
            if answer.status_code == 200:
                assert (await refreshed(stranger, answer.json()["refreshToken"])).status_code == 401
                headers = {"Authorization": f"Bearer {answer.json()['accessToken']}"}
                assert (await stranger.get("/api/auth/me", headers=headers)).status_code == 401
