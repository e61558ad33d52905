"""Signing in with a password, and what happens to those who guess."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel import limits
from pasar.kernel.clock import FixedClock
from pasar.kernel.db.database import fetch
from pasar.kernel.runtime import Runtime
from pasar.people.access.public import add_member
from pasar.people.sign_in import passwords
from support.people import PASSWORD, make_person, new_email
from support.shops import Shop, make_shop


async def login(
    client: httpx.AsyncClient, shop: Shop, email: str, password: str = PASSWORD
) -> httpx.Response:
    body = {"email": email, "password": password}
    return await client.post("/api/auth/login", json=body, headers=shop.headers)


async def test_a_customer_signs_in(stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, shop)
    answer = await login(stranger, shop, f" {person.email.upper()} ")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert set(body) == {"accessToken", "refreshToken", "token", "tokenType", "expiresIn", "user"}
    assert body["user"] == {
        "id": str(person.user_id),
        "email": person.email,
        "name": "Budi Buyer",
        "role": "customer",
        "companyId": str(shop.company_id),
        "customerId": str(person.customer_id),
    }


async def test_tokens_and_passwords_are_stored_as_hashes_only(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    refresh_token = (await login(stranger, shop, person.email)).json()["refreshToken"]
    rows = await runtime.database.rows(
        "SELECT t::text FROM refresh_tokens t WHERE user_id = $1", person.user_id
    )
    assert len(rows) == 1
    assert refresh_token not in rows[0][0]
    user = await runtime.database.value("SELECT u::text FROM users u WHERE id = $1", person.user_id)
    assert PASSWORD not in user


async def test_staff_sign_in_as_staff_of_their_company_and_as_customers_elsewhere(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, await make_shop(runtime))
    async with runtime.database.transaction() as session:
        await add_member(session, shop.company_id, person.user_id, "manager")
    at_work = (await login(stranger, shop, person.email)).json()["user"]
    assert at_work["role"] == "manager"
    assert "customerId" not in at_work
    elsewhere = (await login(stranger, await make_shop(runtime), person.email)).json()["user"]
    assert elsewhere["role"] == "customer"
    assert elsewhere["customerId"]


async def test_staff_who_shopped_before_keep_their_customer_record(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    async with runtime.database.transaction() as session:
        await add_member(session, shop.company_id, person.user_id, "owner")
    user = (await login(stranger, shop, person.email)).json()["user"]
    assert (user["role"], user["customerId"]) == ("owner", str(person.customer_id))


def without_request_id(answer: httpx.Response) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name != "requestId"}


async def test_wrong_password_unknown_and_inactive_account_answer_alike(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person, inactive = await make_person(runtime, shop), await make_person(runtime, shop)
    await runtime.database.rows("UPDATE users SET is_active = false WHERE id = $1", inactive.user_id)
    answers = [
        await login(stranger, shop, person.email, "wrong password"),
        await login(stranger, shop, new_email()),
        await login(stranger, shop, inactive.email),
        await login(stranger, shop, "not an e-mail"),
        await login(stranger, shop, "nul\u0000@example.com"),
    ]
    assert [answer.status_code for answer in answers] == [401] * 5
    assert answers[0].json()["code"] == "wrong_credentials"
    assert all(without_request_id(answer) == without_request_id(answers[0]) for answer in answers)


def listening(method: Callable[..., Awaitable[Any]], heard: list[str]) -> Callable[..., Awaitable[Any]]:
    """The same method of the same database, which also says what it was asked."""

    async def asked(statement: str, *arguments: object) -> Any:
        heard.append(statement)
        return await method(statement, *arguments)

    return asked


async def test_known_and_unknown_accounts_take_the_same_work(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One argon2 hash of the same parameters and the same statements, whoever is asked for."""
    person = await make_person(runtime, shop)
    await runtime.database.rows(
        "UPDATE users SET password_hash = $2 WHERE id = $1",
        person.user_id,
        await passwords.hash_password("something else"),
    )
    work: list[str] = []
    real = passwords._hashing.verify

    def counted(password: str, stored: str) -> bool:
        work.append(stored.rsplit("$", 2)[0])
        return real(password, stored)

    monkeypatch.setattr(passwords._hashing, "verify", counted)
    heard: list[str] = []
    for method in ("rows", "row", "value"):
        monkeypatch.setattr(runtime.database, method, listening(getattr(runtime.database, method), heard))

    async def in_transaction(session: AsyncSession, statement: str, arguments: Sequence[object] = ()) -> Any:
        heard.append(statement)
        return await fetch(session, statement, arguments)

    monkeypatch.setattr(limits, "fetch", in_transaction)
    spoken = []
    for email in (person.email, new_email()):
        heard.clear()
        assert (await login(stranger, shop, email)).status_code == 401
        spoken.append([statement for statement in heard if "FROM sites" not in statement])
    assert len(work) == 2
    assert work[0] == work[1]
    assert spoken[0] == spoken[1]
    assert len(spoken[0]) == 7, (
        "look the account up, what its shop demands, count; lock two subjects, count again, note one more"
    )


async def test_five_failures_close_an_account_known_or_not(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, clock: FixedClock
) -> None:
    person = await make_person(timed, shop)
    for email in (person.email, new_email()):
        for _ in range(5):
            assert (await login(timed_client, shop, email, "wrong password")).status_code == 401
        refused = await login(timed_client, shop, email.upper())
        assert refused.status_code == 429
        assert refused.json()["code"] == "too_many_failures"
        assert 0 < int(refused.headers["retry-after"]) <= 15 * 60 + 1
    clock.advance(timedelta(minutes=15, seconds=1))
    assert (await login(timed_client, shop, person.email)).status_code == 200


async def test_guesses_sent_together_count_as_if_one_after_the_other(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    answers = await asyncio.gather(
        *(login(stranger, shop, person.email, f"guess {n} of many") for n in range(12))
    )
    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(401), statuses.count(429)) == (5, 7)


async def test_success_forgets_an_account_s_failures(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    for _ in range(2):
        for _ in range(4):
            assert (await login(stranger, shop, person.email, "wrong password")).status_code == 401
        assert (await login(stranger, shop, person.email)).status_code == 200


async def test_twenty_failures_close_an_address_for_every_account(
    stranger: httpx.AsyncClient, client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    others = [await make_person(runtime, shop) for _ in range(4)]
    for other in others:
        for _ in range(5):
            assert (await login(stranger, shop, other.email, "wrong password")).status_code == 401
    assert (await login(stranger, shop, person.email)).status_code == 429
    assert (await login(client, shop, person.email)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "a@example.com"},
        {"email": "a@example.com", "password": "x", "role": "owner"},
        {"email": None},
    ],
)
async def test_what_cannot_be_read_is_refused(stranger: httpx.AsyncClient, shop: Shop, body: Any) -> None:
    assert (await stranger.post("/api/auth/login", json=body, headers=shop.headers)).status_code == 400


async def test_a_company_must_be_known(stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, shop)
    nobody = Shop(person.user_id, person.user_id, {"x-company-id": str(person.user_id)})
    answer = await login(stranger, nobody, person.email)
    assert (answer.status_code, answer.json()["code"]) == (400, "company_required")
