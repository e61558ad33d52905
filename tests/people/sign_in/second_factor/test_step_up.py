"""Step-up: a sign-in is confirmed by what its person has, for a quarter of an hour; guesses are limited."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from pasar.kernel.clock import FixedClock
from pasar.kernel.runtime import Runtime
from support.authenticators import NO_PASSKEY, SoftPasskey
from support.factors import STEP, add_passkey, make_guarded, refused
from support.people import PASSWORD, bearer, make_customer, make_person, tokens_for
from support.shops import Shop

UP = "/api/auth/step-up"
GUARDED = "/api/auth/factors/totp"


async def test_by_the_password_for_who_has_no_factor(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, clock: FixedClock
) -> None:
    person = await make_person(timed, shop)
    headers = shop.headers | bearer(await tokens_for(timed, person))
    clock.advance(timedelta(minutes=14))
    assert (await timed_client.post(GUARDED, headers=headers)).status_code == 201, "signing in confirms"
    clock.advance(timedelta(seconds=50))
    assert (await timed_client.post(UP, headers=headers, json={"password": PASSWORD})).status_code == 204
    # The access token lives as long as a confirmation: what is asked is the sign-in's own time.
    confirmed = "SELECT confirmed_at FROM sign_ins WHERE user_id = $1"
    assert await timed.database.value(confirmed, person.user_id) == clock.now()


async def test_a_wrong_password_confirms_nothing_and_counts(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop
) -> None:
    _, headers = await make_customer(timed, shop)
    for _ in range(5):
        answer = await timed_client.post(UP, headers=headers, json={"password": "wrong"})
        assert refused(answer) == (422, "wrong_password")
    answer = await timed_client.post(UP, headers=headers, json={"password": PASSWORD})
    assert refused(answer) == (429, "too_many_failures")


async def test_the_password_is_not_enough_for_who_has_a_factor(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, clock: FixedClock
) -> None:
    guarded = await make_guarded(timed_client, timed, shop)
    answer = await timed_client.post(UP, headers=guarded.headers, json={"password": PASSWORD})
    assert refused(answer) == (422, "factor_required")
    clock.advance(STEP)
    code = guarded.code(clock.now())
    assert (await timed_client.post(UP, headers=guarded.headers, json={"code": code})).status_code == 204
    again = await timed_client.post(UP, headers=guarded.headers, json={"code": code})
    assert refused(again) == (422, "wrong_code"), "a step is used once, here as well"


async def test_a_recovery_code_confirms_once(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    guarded = await make_guarded(client, runtime, shop)
    body = {"recoveryCode": guarded.codes[0]}
    assert (await client.post(UP, headers=guarded.headers, json=body)).status_code == 204
    assert refused(await client.post(UP, headers=guarded.headers, json=body)) == (422, "wrong_code")


async def test_code_guessing_is_limited(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    guarded = await make_guarded(client, runtime, shop)
    for _ in range(5):
        answer = await client.post(UP, headers=guarded.headers, json={"code": "000000"})
        assert refused(answer) == (422, "wrong_code")
    shut = await client.post(UP, headers=guarded.headers, json={"recoveryCode": guarded.codes[0]})
    assert refused(shut) == (429, "too_many_failures")


async def test_a_passkey_confirms_the_sign_in_that_asked(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    one, other = [shop.headers | bearer(await tokens_for(runtime, person)) for _ in range(2)]
    passkey, _ = await add_passkey(client, one)

    async def asked(headers: dict[str, str]) -> dict[str, object]:
        answer = await client.post(f"{UP}/passkey-options", headers=headers)
        found: dict[str, object] = answer.json()["publicKey"]
        return found

    for_one = passkey.sign(await asked(one))
    assert refused(await client.post(UP, headers=other, json={"passkey": for_one})) == (422, "wrong_code")
    for_other = passkey.sign(await asked(other))
    assert (await client.post(UP, headers=other, json={"passkey": for_other})).status_code == 204


async def test_another_persons_passkey_confirms_nothing(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    guarded = await make_guarded(client, runtime, shop)
    _, theirs = await make_customer(runtime, shop)
    thief, _ = await add_passkey(client, theirs, SoftPasskey())
    asked = (await client.post(f"{UP}/passkey-options", headers=guarded.headers)).json()["publicKey"]
    answer = await client.post(UP, headers=guarded.headers, json={"passkey": thief.sign(asked)})
    assert refused(answer) == (422, "wrong_code")


@pytest.mark.parametrize(
    "body", [{}, {"password": PASSWORD, "code": "123456"}, {"code": "1", "passkey": NO_PASSKEY}]
)
async def test_one_proof(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, body: dict[str, object]
) -> None:
    guarded = await make_guarded(client, runtime, shop)
    answer = await client.post(UP, headers=guarded.headers, json=body)
    assert refused(answer) == (422, "one_proof_required")


async def test_an_old_sign_in_that_shows_the_factor_has_shown_it(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    guarded = await make_guarded(client, runtime, shop)
    old = shop.headers | bearer(await tokens_for(runtime, guarded.person))
    without = "SELECT count(*) FROM sign_ins WHERE user_id = $1 AND second_factor_at IS NULL"
    assert await runtime.database.value(without, guarded.person.user_id) == 1
    body = {"recoveryCode": guarded.codes[5]}
    assert (await client.post(UP, headers=old, json=body)).status_code == 204
    assert await runtime.database.value(without, guarded.person.user_id) == 0


async def test_guests_confirm_nothing(client: httpx.AsyncClient, shop: Shop) -> None:
    answer = await client.post(UP, headers=shop.headers, json={"password": PASSWORD})
    assert answer.status_code == 401


async def test_who_has_no_password_signs_in_again(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    headers = shop.headers | bearer(await tokens_for(runtime, person))
    await runtime.database.rows("UPDATE users SET password_hash = NULL WHERE id = $1", person.user_id)
    answer = await client.post(UP, headers=headers, json={"password": PASSWORD})
    assert refused(answer) == (409, "sign_in_again")
