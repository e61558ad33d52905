"""Strangers who fail at sign-in do not keep somebody who is signed in from proving to be there."""

from __future__ import annotations

import httpx

from pasar.kernel.runtime import Runtime
from support.people import PASSWORD, bearer, make_person, tokens_for
from support.shops import Shop


async def test_the_own_password_is_tried_apart_from_sign_in(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    own = shop.headers | bearer(await tokens_for(runtime, person))
    wrong = {"email": person.email, "password": "not it, surely"}
    for _ in range(5):
        assert (await client.post("/api/auth/login", json=wrong, headers=shop.headers)).status_code == 401
    locked = wrong | {"password": PASSWORD}
    assert (await client.post("/api/auth/login", json=locked, headers=shop.headers)).status_code == 429
    step_up = "/api/auth/step-up"
    confirmed = await client.post(step_up, json={"password": PASSWORD}, headers=own)
    assert confirmed.status_code < 300, confirmed.text
    for _ in range(5):
        answer = await client.post(step_up, json={"password": "wrong one"}, headers=own)
        assert answer.status_code == 422, answer.text
    over = await client.post(step_up, json={"password": PASSWORD}, headers=own)
    assert over.status_code == 429, "its own tries are counted all the same"
