"""Renewing and ending a sign-in."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pytest

from pasar.kernel.clock import FixedClock
from pasar.kernel.ids import new_token
from pasar.kernel.runtime import Runtime
from pasar.people.access.public import add_member
from pasar.people.sign_in.jobs import forget_what_is_over
from pasar.people.sign_in.person import SignedIn
from support.people import make_person, tokens_for
from support.shops import Shop, make_shop


async def refresh(
    client: httpx.AsyncClient, token: str, headers: dict[str, str] | None = None
) -> httpx.Response:
    return await client.post("/api/auth/refresh", json={"refreshToken": token}, headers=headers or {})


async def status_of_me(client: httpx.AsyncClient, access_token: str) -> int:
    return (await client.get("/api/auth/me", headers={"Authorization": f"Bearer {access_token}"})).status_code


async def test_each_refresh_gives_new_tokens(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    token = (await tokens_for(runtime, person := await make_person(runtime, shop))).refresh_token
    for _ in range(3):
        answer = await refresh(client, token)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert body["refreshToken"] != token
        assert body["user"]["customerId"] == str(person.customer_id)
        assert body["user"]["companyId"] == str(shop.company_id)
        assert await status_of_me(client, body["accessToken"]) == 200
        token = body["refreshToken"]


async def test_reuse_ends_the_whole_family(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, shop)
    stolen = (await tokens_for(runtime, person)).refresh_token
    elsewhere = await tokens_for(runtime, person)
    newer = (await refresh(client, stolen)).json()
    replayed = await refresh(client, stolen)
    assert (replayed.status_code, replayed.json()["code"]) == (401, "refresh_reused")
    assert (await refresh(client, newer["refreshToken"])).status_code == 401
    assert await status_of_me(client, newer["accessToken"]) == 401
    assert await status_of_me(client, elsewhere.access_token) == 200, (
        "another sign-in of the same person goes on"
    )


async def test_of_many_at_once_exactly_one_wins(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    token = (await tokens_for(runtime, await make_person(runtime, shop))).refresh_token
    answers = await asyncio.gather(*(refresh(client, token) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 7
    rows = await runtime.database.rows(
        "SELECT used_at FROM refresh_tokens WHERE family ="
        " (SELECT family FROM refresh_tokens WHERE token_hash = sha256($1::text::bytea))",
        token,
    )
    assert len(rows) == 2, "one successor, whoever won"


async def test_a_refresh_token_lives_for_thirty_days(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, clock: FixedClock
) -> None:
    person = await make_person(timed, shop)
    tokens = [(await tokens_for(timed, person)).refresh_token for _ in range(2)]
    clock.advance(timedelta(days=30, seconds=-1))
    assert (await refresh(timed_client, tokens[0])).status_code == 200
    clock.advance(timedelta(seconds=1))
    expired = await refresh(timed_client, tokens[1])
    assert (expired.status_code, expired.json()["code"]) == (401, "refresh_invalid")


async def test_a_sign_in_ends_after_ninety_days_however_often_it_is_renewed(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, clock: FixedClock
) -> None:
    token = (await tokens_for(timed, await make_person(timed, shop))).refresh_token
    for _ in range(3):
        clock.advance(timedelta(days=30, seconds=-1))
        renewed = await refresh(timed_client, token)
        assert renewed.status_code == 200
        token = renewed.json()["refreshToken"]
    clock.advance(timedelta(seconds=3))
    over = await refresh(timed_client, token)
    assert (over.status_code, over.json()["code"]) == (401, "refresh_invalid")


@pytest.mark.parametrize("token", ["", "unknown", "x" * 1000, "\u0000"])
async def test_unknown_tokens_are_refused(client: httpx.AsyncClient, token: str) -> None:
    answer = await refresh(client, token)
    assert (answer.status_code, answer.json()["code"]) == (401, "refresh_invalid")


async def test_an_access_token_is_no_refresh_token(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    tokens = await tokens_for(runtime, await make_person(runtime, shop))
    assert (await refresh(client, tokens.access_token)).status_code == 401
    assert await status_of_me(client, tokens.refresh_token) == 401


async def test_another_company_s_header_is_refused_and_uses_nothing(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    token = (await tokens_for(runtime, await make_person(runtime, shop))).refresh_token
    answer = await refresh(client, token, (await make_shop(runtime)).headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "company_mismatch")
    assert (await refresh(client, token, shop.headers)).status_code == 200


async def test_an_inactive_person_gets_no_more_tokens(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    token = (await tokens_for(runtime, person)).refresh_token
    await runtime.database.rows("UPDATE users SET is_active = false WHERE id = $1", person.user_id)
    assert (await refresh(client, token)).status_code == 401


async def test_staff_renew_while_they_are_staff(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, await make_shop(runtime))
    async with runtime.database.transaction() as session:
        await add_member(session, shop.company_id, person.user_id, "manager")
    as_staff = SignedIn(person.user_id, shop.company_id, "staff", "manager", person.name, person.email, None)
    first = await refresh(client, (await tokens_for(runtime, as_staff)).refresh_token)
    assert first.json()["user"]["role"] == "manager"
    await runtime.database.rows("DELETE FROM memberships WHERE user_id = $1", person.user_id)
    assert (await refresh(client, first.json()["refreshToken"])).status_code == 401


async def test_signing_out_ends_both_tokens_and_may_be_repeated(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    tokens = await tokens_for(runtime, await make_person(runtime, shop))
    for _ in range(2):
        answer = await client.post("/api/auth/logout", json={"refreshToken": tokens.refresh_token})
        assert (answer.status_code, answer.content) == (204, b"")
    assert (await refresh(client, tokens.refresh_token)).status_code == 401
    assert await status_of_me(client, tokens.access_token) == 401


async def test_signing_out_by_a_used_token_ends_its_successors(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    first = (await tokens_for(runtime, await make_person(runtime, shop))).refresh_token
    second = (await refresh(client, first)).json()["refreshToken"]
    assert (await client.post("/api/auth/logout", json={"refreshToken": first})).status_code == 204
    assert (await refresh(client, second)).status_code == 401


async def test_signing_out_by_an_unknown_token_is_no_error(client: httpx.AsyncClient) -> None:
    assert (await client.post("/api/auth/logout", json={"refreshToken": new_token()})).status_code == 204
    assert (await client.post("/api/auth/logout", json={})).status_code == 400


async def test_sign_out_racing_with_refresh_leaves_nobody_signed_in(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    for _ in range(5):
        token = (await tokens_for(runtime, await make_person(runtime, shop))).refresh_token
        renewed, _ = await asyncio.gather(
            refresh(client, token), client.post("/api/auth/logout", json={"refreshToken": token})
        )
        if renewed.status_code == 200:
            assert (await refresh(client, renewed.json()["refreshToken"])).status_code == 401
            assert await status_of_me(client, renewed.json()["accessToken"]) == 401


async def test_only_what_is_over_is_forgotten(timed: Runtime, shop: Shop, clock: FixedClock) -> None:
    person = await make_person(timed, shop)
    clock.set(clock.now() - timedelta(days=3000))
    await tokens_for(timed, person)
    clock.set(clock.now() + timedelta(days=3000))
    await tokens_for(timed, person)
    await forget_what_is_over(timed)
    count = "SELECT count(*) FROM refresh_tokens WHERE user_id = $1"
    assert await timed.database.value(count, person.user_id) == 1


VERIFY_FIRST = "UPDATE companies SET verify_first = true WHERE id = $1"


@pytest.mark.parametrize("proof", ["email_verified_at", "phone_verified_at"])
async def test_where_the_shop_verifies_first_an_unproved_address_waits(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, proof: str
) -> None:
    person = await make_person(runtime, shop)
    token = (await tokens_for(runtime, person)).refresh_token
    await runtime.database.rows(VERIFY_FIRST, shop.company_id)
    early = await refresh(client, token)
    assert (early.status_code, early.json()["code"]) == (401, "not_verified")
    if proof == "phone_verified_at":
        phone = f"+62812{person.user_id.int % 10**8:08d}"
        await runtime.database.rows("UPDATE users SET phone = $2 WHERE id = $1", person.user_id, phone)
    await runtime.database.rows(f"UPDATE users SET {proof} = now() WHERE id = $1", person.user_id)
    later = await refresh(client, token)
    assert later.status_code == 200, "it was not used up"


async def test_staff_renew_where_the_shop_verifies_first(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    async with runtime.database.transaction() as session:
        await add_member(session, shop.company_id, person.user_id, "owner")
    await runtime.database.rows(VERIFY_FIRST, shop.company_id)
    staff = SignedIn(person.user_id, shop.company_id, "staff", "owner", "", person.email, None)
    answer = await refresh(client, (await tokens_for(runtime, staff)).refresh_token, shop.headers)
    assert answer.status_code == 200, answer.text
