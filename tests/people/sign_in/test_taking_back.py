"""Whoever reads the mail of an address takes its account back: nothing that another planted there stays.

An attacker may register somebody else's address before they do, or know a password that has leaked.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from pasar.kernel.errors import Unauthorised
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.person import SignedIn
from pasar.people.sign_in.proofs.request_proof import Asking
from pasar.people.sign_in.second_factor.actions.add_passkey import add_passkey as add_key
from pasar.people.sign_in.second_factor.actions.telling import Changer
from pasar.people.sign_in.second_factor.ceremony import NewCredential
from pasar.people.sign_in.verifying import ask_for_email_change
from pasar.people.users.public import verify_phone
from support.factors import add_passkey, make_guarded
from support.letters import letters_to, token_to
from support.people import PASSWORD, bearer, make_person, new_email, tokens_for
from support.shops import Shop

NEW = "another long password"
CONNECT = """
INSERT INTO identities (id, user_id, issuer, subject, created_at, last_used_at)
VALUES ($1, $2, 'https://issuer.example.net', $3, now(), now())
"""
PLANTED = """
SELECT (SELECT count(*) FROM passkeys WHERE user_id = $1)
     + (SELECT count(*) FROM totp_secrets WHERE user_id = $1)
     + (SELECT count(*) FROM recovery_codes WHERE user_id = $1)
     + (SELECT count(*) FROM identities WHERE user_id = $1)
     + (SELECT count(*) FROM users WHERE id = $1 AND phone_verified_at IS NOT NULL)
     + (SELECT count(*) FROM sign_ins WHERE user_id = $1 AND revoked_at IS NULL)
"""
PROVED = "UPDATE users SET email_verified_at = now() WHERE id = $1"


async def post(client: httpx.AsyncClient, shop: Shop, path: str, **body: Any) -> httpx.Response:
    return await client.post(f"/api/auth/{path}", json=body, headers=shop.headers)


async def reset(client: httpx.AsyncClient, runtime: Runtime, shop: Shop, email: str) -> None:
    assert (await post(client, shop, "forgot-password", email=email)).status_code == 202
    token = await token_to(runtime, shop, email)
    answer = await post(client, shop, "reset-password", token=token, newPassword=NEW)
    assert answer.status_code == 200, answer.text


async def change(client: httpx.AsyncClient, runtime: Runtime, person: SignedIn) -> None:
    headers = bearer(await tokens_for(runtime, person))
    body = {"currentPassword": PASSWORD, "newPassword": NEW}
    assert (await client.post("/api/auth/change-password", json=body, headers=headers)).status_code == 200


async def plant_phone(runtime: Runtime, shop: Shop, person: SignedIn) -> None:
    phone = f"+62812{new_id().int % 10**8:08d}"
    async with runtime.database.transaction() as session:
        await verify_phone(session, shop.company_id, person.user_id, phone, runtime.clock.now())


async def ask_change(runtime: Runtime, shop: Shop, person: SignedIn) -> str:
    """An address of the attacker's that is to become the account's."""
    wanted = new_email()
    site = await runtime.sites.of_company(shop.company_id)
    assert site is not None
    await ask_for_email_change(runtime, Asking(site, "en"), person.user_id, wanted, PASSWORD, "")
    return wanted


async def news_to(runtime: Runtime, shop: Shop, email: str) -> str:
    """What the newest letter that tells of a changed password says, in one line."""
    letters = await letters_to(runtime, shop, email)
    return " ".join(next(one.text for one in letters if "was changed" in one.subject).split())


async def test_a_planted_phone_no_longer_signs_in(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    await plant_phone(runtime, shop, person)
    await reset(stranger, runtime, shop, person.email)
    assert await runtime.database.value(PLANTED, person.user_id) == 0
    told = await news_to(runtime, shop, person.email)
    assert "gone, for your safety: a phone that signs in." in told


@pytest.mark.parametrize(("way", "proved"), [("reset", False), ("reset", True), ("change", True)])
async def test_a_link_to_another_address_ends_with_the_password(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, way: str, proved: bool
) -> None:
    person = await make_person(runtime, shop)
    if proved:
        await runtime.database.rows(PROVED, person.user_id)
    token = await token_to(runtime, shop, await ask_change(runtime, shop, person))
    if way == "reset":
        await reset(stranger, runtime, shop, person.email)
    else:
        await change(stranger, runtime, person)
    refused = await post(stranger, shop, "verify-email", token=token)
    assert (refused.status_code, refused.json()["code"]) == (422, "link_over")
    assert (await post(stranger, shop, "login", email=person.email, password=NEW)).status_code == 200


async def test_a_link_that_waits_to_be_sent_is_never_sent(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    wanted = await ask_change(runtime, shop, person)
    await change(stranger, runtime, person)
    assert await letters_to(runtime, shop, wanted) == []


async def test_a_planted_passkey_signs_in_no_more(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    passkey, added = await add_passkey(client, shop.headers | bearer(await tokens_for(runtime, person)))
    assert added.status_code == 201, added.text
    await reset(client, runtime, shop, person.email)
    asked = (await client.post("/api/auth/passkey-options", headers=shop.headers)).json()["publicKey"]
    answer = await post(client, shop, "passkey", passkey=passkey.sign(asked))
    assert (answer.status_code, answer.json()["code"]) == (401, "passkey_refused")
    owner = await post(client, shop, "login", email=person.email, password=NEW)
    assert owner.status_code == 200, "nor is a second factor asked that its owner does not have"


async def test_an_app_its_codes_and_an_identity_go_too(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    guarded = await make_guarded(client, runtime, shop)
    user_id = guarded.person.user_id
    await runtime.database.rows(CONNECT, new_id(), user_id, str(new_id()))
    await reset(client, runtime, shop, guarded.person.email)
    assert await runtime.database.value(PLANTED, user_id) == 0
    told = await news_to(runtime, shop, guarded.person.email)
    assert "an authenticator app, an account of another provider." in told
    assert "Beside the password" not in told


async def test_of_a_proved_account_nothing_goes_but_the_mail_names_what_is_there(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    guarded = await make_guarded(client, runtime, shop)
    person = guarded.person
    await runtime.database.rows(PROVED, person.user_id)
    await runtime.database.rows(CONNECT, new_id(), person.user_id, str(new_id()))
    await plant_phone(runtime, shop, person)
    before = await runtime.database.value(PLANTED, person.user_id)
    await reset(client, runtime, shop, person.email)
    assert await runtime.database.value(PLANTED, person.user_id) == before - 1, "only the sign-in ended"
    told = await news_to(runtime, shop, person.email)
    ways = "a phone that signs in, an authenticator app, an account of another provider"
    assert f"Beside the password, your account has: {ways}." in told
    assert "for your safety" not in told


async def test_a_newcomer_who_verifies_stays_signed_in_and_keeps_what_was_set_up(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    email = new_email()
    opened = await post(client, shop, "register", email=email, password=PASSWORD, name="Ann")
    headers = shop.headers | {"Authorization": f"Bearer {opened.json()['accessToken']}"}
    (letter,) = await letters_to(runtime, shop, email)
    assert "do not open it" in " ".join(letter.text.split())
    _, added = await add_passkey(client, headers)
    assert added.status_code == 201
    token = letter.text.partition("/verify-email/")[2][:64]
    assert (await post(client, shop, "verify-email", token=token)).status_code == 200
    assert (await client.get("/api/auth/me", headers=headers)).json()["emailVerified"] is True
    assert len((await client.get("/api/auth/factors/passkeys", headers=headers)).json()) == 1


async def test_a_factor_that_is_being_added_does_not_slip_in_behind_a_reset(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    """The request was let in while the sign-in still was one."""
    person = await make_person(runtime, shop)
    await tokens_for(runtime, person)
    sign_in = "SELECT id FROM sign_ins WHERE user_id = $1"
    sign_in_id = await runtime.database.value(sign_in, person.user_id)
    await reset(client, runtime, shop, person.email)
    changer = Changer(person.user_id, sign_in_id, shop.company_id)
    made = NewCredential(new_id().bytes, b"key", 0, [])
    with pytest.raises(Unauthorised):
        async with runtime.database.transaction() as session:
            await add_key(session, changer, made, rp_id="localhost", name="Mine", at=runtime.clock.now())
    assert await runtime.database.value(PLANTED, person.user_id) == 0
