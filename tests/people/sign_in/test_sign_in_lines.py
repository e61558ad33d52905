"""The log tells of every try to come in, by ids and reasons alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from pasar.kernel.clock import FixedClock
from pasar.kernel.runtime import Runtime
from people.sign_in.test_codes import new_phone
from support.factors import STEP, challenged, make_guarded, show
from support.letters import code_to
from support.people import PASSWORD, make_person, new_email
from support.shops import Shop

WRONG = "not the right one 7"
Line = dict[str, Any]


@pytest.fixture
def lines() -> Iterator[list[Any]]:
    with capture_logs() as told:
        yield told


def named(lines: list[Any], *events: str) -> list[Line]:
    """The lines of these events, without what the log adds of itself."""
    return [{k: v for k, v in line.items() if k != "log_level"} for line in lines if line["event"] in events]


async def log_in(client: httpx.AsyncClient, shop: Shop, email: str, password: str) -> httpx.Response:
    return await client.post(
        "/api/auth/login", json={"email": email, "password": password}, headers=shop.headers
    )


async def test_a_success_names_the_sign_in(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, lines: list[Any]
) -> None:
    person = await make_person(runtime, shop)
    assert (await log_in(stranger, shop, person.email, PASSWORD)).status_code == 200
    row = await runtime.database.row("SELECT id FROM sign_ins WHERE user_id = $1", person.user_id)
    assert row is not None
    assert named(lines, "sign_in.began") == [
        {
            "event": "sign_in.began",
            "userId": str(person.user_id),
            "companyId": str(shop.company_id),
            "signInId": str(row["id"]),
            "kind": "tokens",
            "secondFactor": False,
        }
    ]


async def test_failures_say_why_and_the_fifth_that_the_account_is_locked(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, lines: list[Any]
) -> None:
    person, unknown = await make_person(runtime, shop), new_email()
    await log_in(stranger, shop, unknown, WRONG)
    for _ in range(6):
        await log_in(stranger, shop, person.email, WRONG)
    failed = [(line["reason"], line["userId"]) for line in named(lines, "sign_in.failed")]
    assert failed == [("no_account", None)] + [("wrong_password", str(person.user_id))] * 5
    assert named(lines, "sign_in.locked") == [{"event": "sign_in.locked", "userId": str(person.user_id)}]
    assert [line["limit"] for line in named(lines, "limit.reached")] == ["sign_in.account"]


async def test_a_closed_account_says_so_here_and_nowhere_else(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, lines: list[Any]
) -> None:
    person = await make_person(runtime, shop)
    await runtime.database.rows("UPDATE users SET is_active = false WHERE id = $1", person.user_id)
    answer = await log_in(stranger, shop, person.email, PASSWORD)
    assert answer.json()["code"] == "wrong_credentials"
    assert [line["reason"] for line in named(lines, "sign_in.failed")] == ["closed"]


async def test_codes_are_told_without_number_and_code(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, lines: list[Any]
) -> None:
    phone = new_phone()
    await stranger.post("/api/auth/sendOTP", json={"phone": phone}, headers=shop.headers)
    code = await code_to(runtime, shop, phone)
    wrong = "000000" if code != "000000" else "000001"
    for typed in (wrong, code):
        await stranger.post("/api/auth/verifyOTP", json={"phone": phone, "otp": typed}, headers=shop.headers)
    assert named(lines, "sign_in.failed") == [
        {"event": "sign_in.failed", "way": "code", "reason": "wrong_code"}
    ]
    assert len(named(lines, "sign_in.began")) == 1
    assert phone not in str(lines)
    assert code not in str(lines)


async def test_second_factors_are_told_shown_and_not(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, clock: FixedClock, lines: list[Any]
) -> None:
    guarded = await make_guarded(timed_client, timed, shop)
    clock.advance(STEP)
    challenge = await challenged(timed_client, shop, guarded.person.email)
    who, code = str(guarded.person.user_id), guarded.code(clock.now())
    wrong = "000000" if code != "000000" else "000001"
    assert (await show(timed_client, shop, challenge, code=wrong)).status_code == 401
    assert (await show(timed_client, shop, challenge, code=code)).status_code == 200
    events = ("sign_in.second_factor_asked", "second_factor.failed", "second_factor.shown")
    assert named(lines, *events) == [
        {"event": "sign_in.second_factor_asked", "userId": who},
        {"event": "second_factor.failed", "way": "totp", "userId": who},
        {"event": "second_factor.shown", "way": "totp", "userId": who},
    ]
    assert [line["secondFactor"] for line in named(lines, "sign_in.began")][-1] is True


async def test_signing_out_is_told(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, lines: list[Any]
) -> None:
    person = await make_person(runtime, shop)
    tokens = (await log_in(stranger, shop, person.email, PASSWORD)).json()
    await stranger.post("/api/auth/logout", json={"refreshToken": tokens["refreshToken"]})
    assert [(line["userId"], line["reason"]) for line in named(lines, "sign_in.ended")] == [
        (str(person.user_id), "signed_out")
    ]


async def test_nothing_that_was_typed_is_told(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, lines: list[Any]
) -> None:
    person = await make_person(runtime, shop)
    for email, password in ((person.email, WRONG), (new_email(), WRONG), (person.email, PASSWORD)):
        await log_in(stranger, shop, email, password)
        told = str(lines)
        assert "sign_in." in told
        assert email not in told
        assert password not in told
