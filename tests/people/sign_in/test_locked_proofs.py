"""Whoever fails behind the password leaves an entry in the audit log, and the owner is written to."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from pasar.delivery.notifications.account_news import NEWS_SUBSCRIBERS
from pasar.kernel.clock import FixedClock
from pasar.kernel.events.relay import Relay
from pasar.kernel.runtime import Runtime
from support.audit import entries_of
from support.factors import STEP, Guarded, challenged, make_guarded, refused, show
from support.letters import letters_to
from support.people import PASSWORD, bearer, make_person, tokens_for
from support.shops import Shop

UP = "/api/auth/step-up"
CHANGE = "/api/auth/change-password"


@pytest.fixture
async def guarded(timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, clock: FixedClock) -> Guarded:
    made = await make_guarded(timed_client, timed, shop)
    clock.advance(STEP)  # the code that confirmed the app is used up
    return made


async def locked(runtime: Runtime, shop: Shop, action: str) -> list[dict[str, Any]]:
    """The audit log's entries of a lock."""
    return [entry for entry in await entries_of(runtime, shop.company_id) if entry["action"] == action]


async def warnings_to(runtime: Runtime, shop: Shop, email: str) -> list[str]:
    """The subjects of the mails that warn of somebody at the account, the newest first."""
    await Relay(runtime, NEWS_SUBSCRIBERS).drain()
    subjects = [letter.subject for letter in await letters_to(runtime, shop, email)]
    return [subject for subject in subjects if subject.startswith("Somebody may")]


async def fail_at_sign_in(client: httpx.AsyncClient, shop: Shop, guarded: Guarded) -> tuple[int, str]:
    challenge = await challenged(client, shop, guarded.person.email)
    return refused(await show(client, shop, challenge, code="000000"))


async def test_five_wrong_second_factors_are_noted_and_told_once_in_a_window(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, guarded: Guarded, clock: FixedClock
) -> None:
    for _ in range(4):
        assert await fail_at_sign_in(timed_client, shop, guarded) == (401, "wrong_code")
        clock.advance(timedelta(minutes=3))
    assert await locked(timed, shop, "second_factor.locked") == []
    assert await fail_at_sign_in(timed_client, shop, guarded) == (401, "wrong_code")
    assert await fail_at_sign_in(timed_client, shop, guarded) == (429, "too_many_failures")
    (entry,) = await locked(timed, shop, "second_factor.locked")
    assert (entry["object_type"], entry["object_id"]) == ("account", str(guarded.person.user_id))
    assert entry["address"].startswith("2001:db8:"), "where an attack came from is kept"
    expected = [f"Somebody may know your password for {await shop_name(timed, shop)}"]
    assert await warnings_to(timed, shop, guarded.person.email) == expected

    clock.advance(timedelta(minutes=3))  # the first failure is forgotten, so that one more locks again
    assert await fail_at_sign_in(timed_client, shop, guarded) == (401, "wrong_code")
    assert len(await locked(timed, shop, "second_factor.locked")) == 2
    assert await warnings_to(timed, shop, guarded.person.email) == expected, "no second mail in this window"


async def shop_name(runtime: Runtime, shop: Shop) -> str:
    """What the site is called."""
    return str(await runtime.database.value("SELECT name FROM sites WHERE id = $1", shop.site_id))


async def test_a_fifth_try_that_fits_warns_nobody(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, guarded: Guarded, clock: FixedClock
) -> None:
    for _ in range(4):
        assert await fail_at_sign_in(timed_client, shop, guarded) == (401, "wrong_code")
    challenge = await challenged(timed_client, shop, guarded.person.email)
    assert (await show(timed_client, shop, challenge, code=guarded.code(clock.now()))).status_code == 200
    assert await locked(timed, shop, "second_factor.locked") == []
    assert await warnings_to(timed, shop, guarded.person.email) == []


@pytest.mark.parametrize(
    ("path", "body"),
    [(UP, {"password": "wrong"}), (CHANGE, {"currentPassword": "wrong", "newPassword": "quite another 77"})],
)
async def test_wrong_passwords_of_who_is_signed_in_are_noted_and_told(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, path: str, body: dict[str, str]
) -> None:
    person = await make_person(timed, shop)
    headers = shop.headers | bearer(await tokens_for(timed, person))
    tries = [timed_client.post(path, headers=headers, json=body) for _ in range(9)]
    answers = sorted(answer.status_code for answer in await asyncio.gather(*tries))
    assert answers == [422] * 5 + [429] * 4, "sent together, they count as if one after the other"
    (entry,) = await locked(timed, shop, "step_up.locked")
    assert (entry["actor_kind"], entry["object_id"]) == ("customer", str(person.user_id))
    assert await locked(timed, shop, "sign_in.locked") == []
    (subject,) = await warnings_to(timed, shop, person.email)
    assert subject.startswith("Somebody may be using your account")


async def test_step_up_by_a_factor_has_tries_of_its_own(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, guarded: Guarded, clock: FixedClock
) -> None:
    for _ in range(5):
        await fail_at_sign_in(timed_client, shop, guarded)
    assert await fail_at_sign_in(timed_client, shop, guarded) == (429, "too_many_failures")
    good = {"code": guarded.code(clock.now())}
    assert (await timed_client.post(UP, headers=guarded.headers, json=good)).status_code == 204
    clock.advance(STEP)
    for _ in range(5):
        answer = await timed_client.post(UP, headers=guarded.headers, json={"code": "000000"})
        assert refused(answer) == (422, "wrong_code")
    good = {"code": guarded.code(clock.now())}
    shut = await timed_client.post(UP, headers=guarded.headers, json=good)
    assert refused(shut) == (429, "too_many_failures")
    assert len(await locked(timed, shop, "step_up.locked")) == 1


async def test_strangers_keep_nobody_from_changing_the_password(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop
) -> None:
    person = await make_person(timed, shop)
    headers = shop.headers | bearer(await tokens_for(timed, person))
    body = {"email": person.email, "password": "wrong"}
    for _ in range(6):
        answer = await timed_client.post("/api/auth/login", json=body, headers=shop.headers)
    assert answer.status_code == 429
    change = {"currentPassword": PASSWORD, "newPassword": "quite another phrase 7"}
    answer = await timed_client.post(CHANGE, headers=headers, json=change)
    assert answer.is_success, answer.text
