"""An e-mail is proved by the link of a mail: once, for a day, and only while it is the account's."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from pasar.kernel.clock import FixedClock
from pasar.kernel.ids import new_token
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.proofs import use_link
from pasar.people.sign_in.proofs.request_proof import Asking
from pasar.people.sign_in.verifying import PER_RECIPIENT, ask_for_email_change
from support.letters import letters_to, token_to
from support.people import PASSWORD, bearer, make_person, new_email, tokens_for
from support.shops import Shop, make_shop

VERIFIED = "SELECT email_verified_at FROM users WHERE email = $1"


async def post(client: httpx.AsyncClient, shop: Shop, path: str, **body: str) -> httpx.Response:
    return await client.post(f"/api/auth/{path}", json=body, headers=shop.headers)


async def registered(client: httpx.AsyncClient, shop: Shop) -> str:
    email = new_email()
    answer = await post(client, shop, "register", email=email, password="long enough words", name="Ann")
    assert answer.status_code == 201, answer.text
    return email


async def test_registering_sends_a_link_that_verifies_once(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    email = await registered(stranger, shop)
    token = await token_to(runtime, shop, email)
    assert await runtime.database.value(VERIFIED, email) is None, "reading the mail is not enough"

    done = await post(stranger, shop, "verify-email", token=token)
    again = await post(stranger, shop, "verify-email", token=token)

    assert done.status_code == 200, done.text
    assert (again.status_code, again.json()["code"]) == (422, "link_over")
    assert await runtime.database.value(VERIFIED, email) is not None


async def test_signing_in_works_before_and_shows_the_state(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    email = await registered(stranger, shop)
    answer = await post(stranger, shop, "login", email=email, password="long enough words")
    me = {"Authorization": f"Bearer {answer.json()['accessToken']}"}
    before = (await stranger.get("/api/auth/me", headers=me)).json()
    await post(stranger, shop, "verify-email", token=await token_to(runtime, shop, email))
    after = (await stranger.get("/api/auth/me", headers=me)).json()

    assert (before["emailVerified"], after["emailVerified"], after["phoneVerified"]) == (False, True, False)


async def test_signup_is_register(stranger: httpx.AsyncClient, shop: Shop) -> None:
    answer = await post(
        stranger, shop, "signup", email=new_email(), password="long enough words", firstName="A", lastName="B"
    )
    assert (answer.status_code, answer.json()["user"]["name"]) == (201, "A B")


async def test_a_link_ends_after_a_day(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, clock: FixedClock
) -> None:
    email = await registered(timed_client, shop)
    token = await token_to(timed, shop, email)
    clock.advance(timedelta(hours=24, seconds=1))
    assert (await post(timed_client, shop, "verify-email", token=token)).status_code == 422
    assert await timed.database.value(VERIFIED, email) is None


async def test_the_newest_link_works_after_it_was_sent_again(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    email = await registered(stranger, shop)
    assert (await post(stranger, shop, "resend-verification", email=email.upper())).status_code == 202
    token = await token_to(runtime, shop, email)
    assert len(await letters_to(runtime, shop, email)) == 2
    assert (await post(stranger, shop, "verify-email", token=token)).status_code == 200


async def test_sending_again_says_the_same_to_everybody_and_writes_to_the_waiting_only(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    email = await registered(stranger, shop)
    await post(stranger, shop, "verify-email", token=await token_to(runtime, shop, email))
    unknown = new_email()
    answers = [
        await post(stranger, shop, "resend-verification", email=one)
        for one in (email, unknown, "no address", "nul\0@example.com")
    ]
    assert {(one.status_code, one.text) for one in answers} == {(202, answers[0].text)}
    assert len(await letters_to(runtime, shop, email)) == 1
    assert await letters_to(runtime, shop, unknown) == []


async def test_nobody_fills_another_s_mailbox(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    email = await registered(stranger, shop)
    for _ in range(PER_RECIPIENT.most + 3):
        assert (await post(stranger, shop, "resend-verification", email=email)).status_code == 202
    assert len(await letters_to(runtime, shop, email)) == 1 + PER_RECIPIENT.most


async def test_a_link_of_another_kind_verifies_nothing(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    email = (await make_person(runtime, shop)).email
    await post(stranger, shop, "forgot-password", email=email)
    token = await token_to(runtime, shop, email)
    assert (await post(stranger, shop, "verify-email", token=token)).status_code == 422
    assert await runtime.database.value(VERIFIED, email) is None


@pytest.mark.parametrize("token", ["", "x", "0" * 64, "\0", "😀" * 200, "' OR 1=1 --"])
async def test_what_is_no_link_is_over(stranger: httpx.AsyncClient, shop: Shop, token: str) -> None:
    answer = await post(stranger, shop, "verify-email", token=token)
    assert (answer.status_code, answer.json()["code"]) == (422, "link_over")


async def test_guessing_links_is_limited_by_address(stranger: httpx.AsyncClient, shop: Shop) -> None:
    statuses = [
        (await post(stranger, shop, "verify-email", token=new_token())).status_code
        for _ in range(use_link.PER_ADDRESS.most + 1)
    ]
    assert statuses == [422] * 20 + [429]


@pytest.mark.parametrize("body", [{}, {"token": None}, {"token": 1}, {"token": "x" * 1001}, []])
async def test_what_cannot_be_read_is_refused(stranger: httpx.AsyncClient, shop: Shop, body: object) -> None:
    answer = await stranger.post("/api/auth/verify-email", json=body, headers=shop.headers)
    assert answer.status_code == 400


async def test_another_e_mail_counts_once_it_is_proved_and_the_former_is_told(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person, wanted = await make_person(runtime, shop), new_email()
    site = await runtime.sites.of_company(shop.company_id)
    assert site is not None
    asking = Asking(site, "id")
    await ask_for_email_change(runtime, asking, person.user_id, wanted, PASSWORD, "")
    headers = bearer(await tokens_for(runtime, person))
    assert (await stranger.get("/api/auth/me", headers=headers)).json()["email"] == person.email

    token = await token_to(runtime, shop, wanted)
    assert (await post(stranger, shop, "verify-email", token=token)).status_code == 200

    me = (await stranger.get("/api/auth/me", headers=headers)).json()
    assert (me["email"], me["emailVerified"]) == (wanted, True)
    (told,) = await letters_to(runtime, shop, person.email)
    assert "diganti" in told.subject or "diubah" in told.subject, told.subject
    assert (await post(stranger, shop, "login", email=wanted, password=PASSWORD)).status_code == 200
    assert (await post(stranger, shop, "login", email=person.email, password=PASSWORD)).status_code == 401
    kept = await runtime.database.value("SELECT email FROM customers WHERE user_id = $1", person.user_id)
    assert kept == wanted


async def test_an_e_mail_that_got_an_account_meanwhile_is_not_taken_over(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person, wanted = await make_person(runtime, shop), new_email()
    site = await runtime.sites.of_company(shop.company_id)
    assert site is not None
    await ask_for_email_change(runtime, Asking(site, "en"), person.user_id, wanted, PASSWORD, "")
    token = await token_to(runtime, shop, wanted)
    await make_person(runtime, await make_shop(runtime), wanted)

    answer = await post(stranger, shop, "verify-email", token=token)

    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")
    kept = await runtime.database.value("SELECT email FROM users WHERE id = $1", person.user_id)
    assert kept == person.email
