"""Wherever a password is chosen, the ones that are guessed first are refused, with what to do about it."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from pasar.kernel.clock import FixedClock
from pasar.kernel.runtime import Runtime
from support.colleagues import link_token, make_colleague
from support.letters import token_to
from support.office import Office, shopper_office
from support.people import PASSWORD, bearer, make_person, new_email, tokens_for
from support.shops import Shop

# What everybody uses; our own names; the shop's; the person's (Budi Buyer); with what people put around it.
COMMON = ["password1", "qwertyuiop", "iloveyou", "Pasar2026!", "testshop", "Test Shop 1", "buyer1990!"]


def refusal(answer: httpx.Response) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(one["field"], one["code"]) for one in answer.json()["errors"]]


async def post(client: httpx.AsyncClient, shop: Shop, path: str, **body: str) -> httpx.Response:
    return await client.post(f"/api/auth/{path}", json=body, headers=shop.headers)


@pytest.mark.parametrize("password", COMMON)
async def test_registering(stranger: httpx.AsyncClient, shop: Shop, password: str) -> None:
    answer = await post(stranger, shop, "register", email=new_email(), password=password, name="Budi Buyer")
    assert refusal(answer) == [("password", "too_common")]


async def test_what_stands_before_the_at_is_guessed_too(stranger: httpx.AsyncClient, shop: Shop) -> None:
    body = {"email": "kucing.oren@example.com", "name": "Ann", "password": "kucing.oren99"}
    assert refusal(await post(stranger, shop, "register", **body)) == [("password", "too_common")]


@pytest.mark.parametrize("password", COMMON)
async def test_resetting_leaves_the_link_to_try_again(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, password: str
) -> None:
    person = await make_person(runtime, shop)
    await post(stranger, shop, "forgot-password", email=person.email)
    token = await token_to(runtime, shop, person.email)
    refused = await post(stranger, shop, "reset-password", token=token, newPassword=password)
    assert refusal(refused) == [("newPassword", "too_common")]
    done = await post(stranger, shop, "reset-password", token=token, newPassword="another long password")
    assert done.status_code == 200, done.text


@pytest.mark.parametrize("password", COMMON)
async def test_changing(stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, password: str) -> None:
    person = await make_person(runtime, shop)
    headers = shop.headers | bearer(await tokens_for(runtime, person))
    body = {"currentPassword": PASSWORD, "newPassword": password}
    answer = await stranger.post("/api/auth/change-password", json=body, headers=headers)
    assert refusal(answer) == [("newPassword", "too_common")]
    assert (await post(stranger, shop, "login", email=person.email, password=PASSWORD)).status_code == 200


@pytest.mark.parametrize("password", COMMON)
async def test_accepting_an_invitation(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, password: str
) -> None:
    owner = await make_colleague(runtime, shop)
    body = {"email": new_email(), "role": "viewer"}
    invitation = await stranger.post("/api/admin/invitations", json=body, headers=owner.headers)
    token = await link_token(runtime, shop, invitation.json()["id"])
    answer = await post(
        stranger, shop, "accept-invitation", token=token, name="Budi Buyer", password=password
    )
    assert refusal(answer) == [("password", "too_common")]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "among the first that anybody tries"), ("id", "termasuk yang pertama dicoba orang")],
)
async def test_pages_say_it_beside_the_field(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, language: str,
    words: str,
) -> None:  # fmt: skip
    visitor = Office(stranger, shop, language)
    fields = {"name": "Ann", "email": new_email(), "password": "password1", "back": ""}
    registering = await visitor.send("/register", fields)
    assert (registering.status_code, words in registering.text) == (422, True)

    person = await shopper_office(client, runtime, shop)
    person.language = language
    changing = await person.send(
        "/account/password", {"current_password": PASSWORD, "new_password": "password1"}
    )
    assert (changing.status_code, words in changing.text) == (422, True)
    await person.client.aclose()


LONG_AND_ODD = "  Ünïcödé pässword 🐈 of any signs; ' -- <b> " + "x" * 150 + " "


async def test_any_signs_count_exactly_and_none_is_demanded(stranger: httpx.AsyncClient, shop: Shop) -> None:
    for password in ("onlyletterssixteen", "83746192857463", LONG_AND_ODD):
        email = new_email()
        made = await post(stranger, shop, "register", email=email, password=password, name="Ann")
        assert made.status_code == 201, made.text
        assert (await post(stranger, shop, "login", email=email, password=password)).status_code == 200
    for other in (LONG_AND_ODD.strip(), LONG_AND_ODD.upper(), LONG_AND_ODD[:72]):
        answer = await post(stranger, shop, "login", email=email, password=other)
        assert answer.status_code == 401


async def test_a_password_stays_good_for_years(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, clock: FixedClock
) -> None:
    person = await make_person(timed, shop)
    clock.advance(timedelta(days=3650))
    answer = await post(timed_client, shop, "login", email=person.email, password=PASSWORD)
    assert answer.status_code == 200


FIELD = re.compile(r"<input\b[^>]*\bname=\"[a-z_]*password\"[^>]*>")


async def test_fields_hide_what_is_typed_and_let_password_managers_work(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    visitor, person = Office(stranger, shop), await shopper_office(client, runtime, shop)
    pages = [await visitor.see(path) for path in ("/sign-in", "/register", "/reset-password/x")]
    pages += [await person.see(path) for path in ("/account/password", "/account/email", "/account/confirm")]
    fields = [field for text in pages for field in FIELD.findall(text)]
    assert len(fields) >= 7
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(?:current|new)-password"', field), field
        assert "onpaste" not in field
        assert "maxlength" not in field
    await person.client.aclose()
