"""Forgotten and changed passwords: one link, one hour, and every other sign-in ends."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from pasar.kernel.clock import FixedClock
from pasar.kernel.runtime import Runtime
from support.letters import letters_to, token_to
from support.people import PASSWORD, bearer, make_person, new_email, tokens_for
from support.shops import Shop

NEW = "another long password"


async def post(client: httpx.AsyncClient, shop: Shop, path: str, **body: str) -> httpx.Response:
    return await client.post(f"/api/auth/{path}", json=body, headers=shop.headers)


async def asked(client: httpx.AsyncClient, runtime: Runtime, shop: Shop, email: str) -> str:
    assert (await post(client, shop, "forgot-password", email=email)).status_code == 202
    return await token_to(runtime, shop, email)


async def test_a_link_changes_the_password_once_and_ends_every_sign_in(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    tokens = await tokens_for(runtime, person)
    token = await asked(stranger, runtime, shop, person.email)

    done = await post(stranger, shop, "reset-password", token=token, newPassword=NEW)
    again = await post(stranger, shop, "reset-password", token=token, newPassword="yet another one")

    assert done.status_code == 200, done.text
    assert "accessToken" not in done.text, "nobody is signed in by it"
    assert (again.status_code, again.json()["code"]) == (422, "link_over")
    refresh = await stranger.post("/api/auth/refresh", json={"refreshToken": tokens.refresh_token})
    assert refresh.status_code == 401
    assert (await stranger.get("/api/auth/me", headers=bearer(tokens))).status_code == 401
    assert (await post(stranger, shop, "login", email=person.email, password=PASSWORD)).status_code == 401
    signed_in = await post(stranger, shop, "login", email=person.email, password=NEW)
    assert signed_in.status_code == 200
    me = await stranger.get(
        "/api/auth/me", headers={"Authorization": f"Bearer {signed_in.json()['accessToken']}"}
    )
    assert me.json()["emailVerified"] is True, "the link proved the address"
    assert "changed" in (await letters_to(runtime, shop, person.email))[0].subject


async def test_one_of_many_at_once_uses_the_link(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    token = await asked(stranger, runtime, shop, person.email)
    answers = await asyncio.gather(
        *(post(stranger, shop, "reset-password", token=token, newPassword=f"{NEW} {n}") for n in range(8))
    )
    assert sorted(one.status_code for one in answers) == [200] + [422] * 7


async def test_a_used_link_ends_the_others(stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, shop)
    first = await asked(stranger, runtime, shop, person.email)
    second = await asked(stranger, runtime, shop, person.email)
    assert first != second
    assert (await post(stranger, shop, "reset-password", token=second, newPassword=NEW)).status_code == 200
    assert (await post(stranger, shop, "reset-password", token=first, newPassword=NEW)).status_code == 422


async def test_a_link_ends_after_an_hour(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, clock: FixedClock
) -> None:
    person = await make_person(timed, shop)
    token = await asked(timed_client, timed, shop, person.email)
    clock.advance(timedelta(hours=1, seconds=1))
    answer = await post(timed_client, shop, "reset-password", token=token, newPassword=NEW)
    assert answer.status_code == 422
    assert (await post(timed_client, shop, "login", email=person.email, password=PASSWORD)).status_code == 200


async def test_a_link_changes_only_the_password_of_its_own_account(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person, other = await make_person(runtime, shop), await make_person(runtime, shop)
    token = await asked(stranger, runtime, shop, person.email)
    for extra in ({"email": other.email}, {"userId": str(other.user_id)}, {"role": "owner"}):
        body = {"token": token, "newPassword": NEW} | extra
        answer = await stranger.post("/api/auth/reset-password", json=body, headers=shop.headers)
        assert answer.status_code == 400, "the body is closed"
    await post(stranger, shop, "reset-password", token=token, newPassword=NEW)
    assert (await post(stranger, shop, "login", email=other.email, password=PASSWORD)).status_code == 200


async def test_a_link_to_a_former_address_opens_nothing(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    token = await asked(stranger, runtime, shop, person.email)
    await runtime.database.rows("UPDATE users SET email = $2 WHERE id = $1", person.user_id, new_email())
    assert (await post(stranger, shop, "reset-password", token=token, newPassword=NEW)).status_code == 422


async def test_a_lockout_ends_with_a_new_password(
    stranger: httpx.AsyncClient, client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    for _ in range(5):
        await post(stranger, shop, "login", email=person.email, password="wrong password")
    assert (await post(client, shop, "login", email=person.email, password=PASSWORD)).status_code == 429
    token = await asked(stranger, runtime, shop, person.email)
    await post(stranger, shop, "reset-password", token=token, newPassword=NEW)
    assert (await post(client, shop, "login", email=person.email, password=NEW)).status_code == 200


@pytest.mark.parametrize("new", ["short", "x" * 257])
async def test_a_bad_new_password_leaves_the_link_to_try_again(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, new: str
) -> None:
    person = await make_person(runtime, shop)
    token = await asked(stranger, runtime, shop, person.email)
    refused = await post(stranger, shop, "reset-password", token=token, newPassword=new)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "newPassword")
    assert (await post(stranger, shop, "reset-password", token=token, newPassword=NEW)).status_code == 200


async def test_forgetting_says_the_same_to_everybody(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person, closed = await make_person(runtime, shop), await make_person(runtime, shop)
    await runtime.database.rows("UPDATE users SET is_active = false WHERE id = $1", closed.user_id)
    unknown = new_email()
    answers = [
        await post(stranger, shop, "forgot-password", email=email)
        for email in (person.email, unknown, closed.email, "nobody", "nul\0@example.com", "x" * 900)
    ]
    assert {(one.status_code, one.text) for one in answers} == {(202, answers[0].text)}
    for email in (unknown, closed.email):
        assert await letters_to(runtime, shop, email) == []


async def change(
    client: httpx.AsyncClient, headers: dict[str, str], current: str, new: str = NEW
) -> httpx.Response:
    body = {"currentPassword": current, "newPassword": new}
    return await client.post("/api/auth/change-password", json=body, headers=headers)


async def test_changing_ends_every_other_sign_in(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    here, elsewhere = await tokens_for(runtime, person), await tokens_for(runtime, person)
    token = await asked(stranger, runtime, shop, person.email)

    answer = await change(stranger, bearer(here), PASSWORD)

    assert answer.status_code == 200, answer.text
    assert (await stranger.get("/api/auth/me", headers=bearer(here))).status_code == 200
    assert (await stranger.get("/api/auth/me", headers=bearer(elsewhere))).status_code == 401
    assert (await post(stranger, shop, "login", email=person.email, password=NEW)).status_code == 200
    reset = await post(stranger, shop, "reset-password", token=token, newPassword="yet another one")
    assert reset.status_code == 422, "a link from before the change is over"
    assert "changed" in (await letters_to(runtime, shop, person.email))[0].subject


async def test_changing_needs_the_present_password_and_guessing_it_is_limited(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    headers = bearer(await tokens_for(runtime, person))
    refused = await change(stranger, headers, "wrong password")
    assert (refused.status_code, refused.json()["code"]) == (422, "wrong_password")
    for _ in range(4):
        await change(stranger, headers, "wrong password")
    assert (await change(stranger, headers, PASSWORD)).status_code == 429
    login = await post(stranger, shop, "login", email=person.email, password=PASSWORD)
    assert login.status_code == 200, "tries here and at sign-in are counted apart"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x"}])
async def test_changing_is_for_people_who_are_signed_in(
    stranger: httpx.AsyncClient, shop: Shop, headers: dict[str, Any]
) -> None:
    assert (await change(stranger, shop.headers | headers, PASSWORD)).status_code == 401
