"""Signing in by a provider of OpenID Connect: there, back, and every way back that must not work."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from pasar.kernel.clock import FixedClock
from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database
from pasar.kernel.ids import new_id
from pasar.people.access.public import add_member
from pasar.people.sign_in.openid import documents
from pasar.people.sign_in.openid.attempts import LIFE
from pasar.roles.assembling import assemble, observed, open_runtime
from support.openid_browser import COOKIE, Browser, account, another, identities, local, says, users
from support.openid_issuer import Issuer
from support.people import new_email
from support.shops import make_shop


async def test_a_new_person_gets_an_account_and_comes_in_again(browser: Browser, issuer: Issuer) -> None:
    email = new_email()
    says(issuer, email)
    assert "Continue with Local ID" in (await browser.get("/sign-in?back=/cart")).text
    assert "Continue with Local ID" in (await browser.get("/register")).text
    answer = await browser.sign_in(issuer, "/cart")
    assert (answer.status_code, answer.headers["location"]) == (303, "/cart?notice=signed-in")
    assert await browser.who() == email
    row = await browser.runtime.database.row(
        "SELECT id, name, password_hash, email_verified_at FROM users WHERE email = $1", email
    )
    assert row is not None
    assert (row["name"], row["password_hash"]) == ("Siti", None)
    assert row["email_verified_at"] is not None

    issuer.person |= {"email": new_email()}  # the subject counts from here on, not the address
    again = another(browser)
    assert (await again.sign_in(issuer)).headers["location"] == "/account?notice=signed-in"
    assert await again.who() == email
    assert await identities(browser.runtime, row["id"]) == 1


async def test_the_cookie_changes_and_the_guest_s_no_longer_counts(browser: Browser, issuer: Issuer) -> None:
    says(issuer, new_email())
    await browser.get("/sign-in")
    before = browser.cookie
    await browser.sign_in(issuer)
    assert browser.cookie != before
    fixed = another(browser)
    fixed.cookies[COOKIE] = before
    assert await fixed.who() is None


async def test_a_verified_e_mail_links_an_account_that_verified_it_too(
    browser: Browser, issuer: Issuer
) -> None:
    email = new_email()
    user_id = await account(browser.runtime, email, verified=True)
    says(issuer, email.upper())
    await browser.sign_in(issuer)
    assert await browser.who() == email
    assert await identities(browser.runtime, user_id) == 1
    told = await browser.runtime.database.value(
        "SELECT data FROM events WHERE company_id = $1 AND type = 'user.sign_in_way_changed'",
        browser.shop.company_id,
    )
    assert told == f'{{"change": "connected", "userId": "{user_id}"}}'


async def test_an_account_that_nobody_verified_is_not_handed_over(browser: Browser, issuer: Issuer) -> None:
    """Whoever registered a foreign address first would share the account with its owner."""
    email = new_email()
    user_id = await account(browser.runtime, email, verified=False)
    says(issuer, email)
    answer = await browser.sign_in(issuer)
    assert answer.status_code == 409
    assert "connect Local ID under Account" in answer.text
    assert await browser.who() is None
    assert await identities(browser.runtime, user_id) == 0


@pytest.mark.parametrize("verified", [False, None, "false", "yes", 1, []])
async def test_an_unverified_e_mail_neither_links_nor_opens_nor_tells(
    browser: Browser, issuer: Issuer, verified: object
) -> None:
    known, unknown = new_email(), new_email()
    user_id = await account(browser.runtime, known, verified=True)
    pages = []
    for email in (known, unknown, ""):
        says(issuer, email, verified=verified)
        answer = await browser.sign_in(issuer)
        assert answer.status_code == 422
        assert await browser.who() is None
        main = answer.text.split("<main")[1]
        pages.append(main.split("csrf")[0])
    assert len(set(pages)) == 1, "the answer tells nothing of who has an account"
    assert await identities(browser.runtime, user_id) == 0
    assert await users(browser.runtime, unknown) == 0


async def test_new_keys_are_fetched_once_they_are_named_and_not_at_every_nonsense(
    browser: Browser, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(issuer, new_email())
    assert (await browser.sign_in(issuer)).status_code == 303
    for _ in range(3):
        assert (await another(browser).sign_in(issuer)).status_code == 303
    assert (issuer.asked["/keys"], issuer.asked["/.well-known/openid-configuration"]) == (1, 1)

    issuer.rotate("second", "RS256")
    stale = await another(browser).sign_in(issuer)
    assert stale.status_code == 422, "asked for less than a minute ago: nobody makes us ask all the time"
    assert issuer.asked["/keys"] == 1
    monkeypatch.setattr(documents, "ASK_AGAIN_SECONDS", 0.0)
    assert (await another(browser).sign_in(issuer)).status_code == 303
    assert issuer.asked["/keys"] == 2


async def test_a_way_back_works_once(browser: Browser, issuer: Issuer) -> None:
    says(issuer, new_email())
    address = local(issuer.authorize(await browser.begin()))
    assert (await browser.get(address)).status_code == 303
    replayed = await browser.get(address)
    assert replayed.status_code == 422
    assert "works once" in replayed.text
    assert issuer.asked["/token"] == 1, "the code is not even tried"


async def test_of_many_at_once_one_comes_in(browser: Browser, issuer: Issuer) -> None:
    says(issuer, new_email())
    address = local(issuer.authorize(await browser.begin()))
    copies = [replace(browser, cookies=dict(browser.cookies)) for _ in range(5)]
    answers = await asyncio.gather(*(copy.get(address) for copy in copies))
    assert sorted(answer.status_code for answer in answers) == [303] + [422] * 4


async def test_a_way_back_works_in_the_browser_that_began_only(browser: Browser, issuer: Issuer) -> None:
    """Else a link could sign somebody in to the account of whoever made it."""
    says(issuer, new_email())
    address = local(issuer.authorize(await browser.begin()))
    victim = another(browser)
    for _ in range(2):  # without a cookie, then with one of its own
        assert (await victim.get(address)).status_code == 422
        await victim.get("/sign-in")
    assert await victim.who() is None
    assert (await browser.get(address)).status_code == 303, "and nobody took it from whom it belongs to"


async def test_a_state_that_nobody_gave_out_is_refused(browser: Browser, issuer: Issuer) -> None:
    says(issuer, new_email())
    await browser.begin()
    for query in (
        "",
        "?code=x",
        "?state=",
        "?code=x&state=" + "0" * 64,
        "?code=x&state=%00",
        "?state=x&error=x",
    ):
        answer = await browser.get(f"/sign-in/with/local/callback{query}")
        assert answer.status_code == 422, query
    assert issuer.asked["/token"] == 0


async def test_a_code_of_somebody_else_s_attempt_fails_by_pkce(browser: Browser, issuer: Issuer) -> None:
    says(issuer, new_email())
    stolen = parse_qs(urlsplit(issuer.authorize(await another(browser).begin())).query)["code"][0]
    own = parse_qs(urlsplit(issuer.authorize(await browser.begin())).query)["state"][0]
    answer = await browser.get(f"/sign-in/with/local/callback?code={stolen}&state={own}")
    assert answer.status_code == 503
    assert issuer.refused == ["another verifier"]
    assert await browser.who() is None


async def test_a_code_of_another_issuer_is_not_sent_to_this_one(browser: Browser, issuer: Issuer) -> None:
    says(issuer, new_email())
    address = local(issuer.authorize(await browser.begin()))
    assert (await browser.get(address + "&iss=https://evil.example.com")).status_code == 422
    assert issuer.asked["/token"] == 0


async def test_a_way_back_is_over_after_ten_minutes(
    settings: Settings, database: Database, issuer: Issuer, clock: FixedClock
) -> None:
    runtime = open_runtime(replace(settings, openid=(issuer.provider(),)), database, clock)
    transport = httpx.ASGITransport(app=observed(runtime, assemble(runtime)))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client, runtime.http:
        browser = Browser(client, runtime, await make_shop(runtime))
        address = local(issuer.authorize(await browser.begin()))
        clock.advance(LIFE)
        assert (await browser.get(address)).status_code == 422
    assert timedelta(minutes=1) < LIFE <= timedelta(minutes=10)


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example.com/",
        "//evil.example.com",
        "/%5Cevil.example.com",
        "javascript:alert(1)",
        "/%09/evil.example.com",
        "%0d%0aSet-Cookie:x=1",
    ],
)
async def test_nobody_is_led_elsewhere_afterwards(browser: Browser, issuer: Issuer, back: str) -> None:
    says(issuer, new_email())
    answer = await browser.sign_in(issuer, back)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account?notice=signed-in")


async def test_who_changes_their_mind_there_is_back_at_the_sign_in(browser: Browser, issuer: Issuer) -> None:
    state = parse_qs(urlsplit(await browser.begin("/cart")).query)["state"][0]
    answer = await browser.get(f"/sign-in/with/local/callback?error=access_denied&state={state}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?back=%2Fcart")


@pytest.mark.parametrize("down", ["/.well-known/openid-configuration", "/keys", "/token"])
async def test_a_provider_that_is_away_is_said_so(browser: Browser, issuer: Issuer, down: str) -> None:
    says(issuer, new_email())
    issuer.down = {down}
    if down.startswith("/.well"):
        answer = await browser.get("/sign-in/with/local")
    else:
        answer = await browser.sign_in(issuer)
    assert answer.status_code == 503
    assert "does not answer just now" in answer.text
    issuer.down = set()
    assert (await browser.sign_in(issuer)).status_code == 303


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://accounts.example.com"},
        {"token_endpoint": "http://example.com/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "file:///etc/passwd"},
        {"token_endpoint": None},
        {"jwks_uri": 7},
        {"token_endpoint": "https://user@example.com/token"},
    ],
)
async def test_a_document_that_sends_secrets_elsewhere_is_not_followed(
    browser: Browser, issuer: Issuer, document: dict[str, Any]
) -> None:
    issuer.document = document
    assert (await browser.get("/sign-in/with/local")).status_code == 503


async def test_what_a_provider_says_of_the_e_mail_at_userinfo_counts(
    browser: Browser, issuer: Issuer
) -> None:
    email, subject = new_email(), new_id().hex
    issuer.person = {"sub": subject}
    issuer.userinfo = {"sub": subject, "email": email, "email_verified": True, "name": "Ana"}
    issuer.by_form = True
    assert (await browser.sign_in(issuer)).status_code == 303
    assert await browser.who() == email


async def test_userinfo_of_somebody_else_is_refused(browser: Browser, issuer: Issuer) -> None:
    issuer.person = {"sub": new_id().hex}
    issuer.userinfo = {"sub": new_id().hex, "email": new_email(), "email_verified": True}
    assert (await browser.sign_in(issuer)).status_code == 422


async def test_closed_accounts_stay_closed(browser: Browser, issuer: Issuer) -> None:
    email = new_email()
    user_id = await account(browser.runtime, email, verified=True)
    says(issuer, email)
    await browser.sign_in(issuer)
    await browser.runtime.database.rows("UPDATE users SET is_active = false WHERE id = $1", user_id)
    answer = await another(browser).sign_in(issuer)
    assert answer.status_code == 422
    assert "closed" in answer.text


async def test_who_was_erased_is_nobody_s_identity(browser: Browser, issuer: Issuer) -> None:
    email = new_email()
    user_id = await account(browser.runtime, email, verified=True)
    says(issuer, email)
    await browser.sign_in(issuer)
    await browser.runtime.database.rows("UPDATE users SET erased_at = now() WHERE id = $1", user_id)
    assert await identities(browser.runtime, user_id) == 0
    assert await browser.who() is None


async def test_staff_come_in_as_staff(browser: Browser, issuer: Issuer) -> None:
    email = new_email()
    user_id = await account(browser.runtime, email, verified=True)
    async with browser.runtime.database.transaction() as session:
        await add_member(session, browser.shop.company_id, user_id, "owner")
    says(issuer, email)
    assert (await browser.sign_in(issuer)).headers["location"] == "/admin?notice=signed-in"


async def test_a_second_factor_is_asked_for_as_after_a_password(browser: Browser, issuer: Issuer) -> None:
    email = new_email()
    user_id = await account(browser.runtime, email, verified=True)
    await browser.runtime.database.rows(
        "INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, name, rp_id, transports)"
        " VALUES ($1, $2, $3, $4, 0, 'Laptop', 'localhost', '{}')",
        new_id(),
        user_id,
        new_id().bytes,
        b"key",
    )
    says(issuer, email)
    answer = await browser.sign_in(issuer, "/cart")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in/second-factor")
    assert await browser.who() is None
    assert await identities(browser.runtime, user_id) == 1


async def test_a_provider_that_is_not_configured_is_not_there(
    browser: Browser, client: httpx.AsyncClient
) -> None:
    assert (await browser.get("/sign-in/with/google")).status_code == 404
    assert (await browser.get("/sign-in/with/google/callback?state=x")).status_code == 404
    plain = await client.get("/sign-in", headers=browser.shop.headers)
    assert "Continue with" not in plain.text


async def test_nothing_that_could_finish_a_sign_in_is_stored(browser: Browser) -> None:
    query = parse_qs(urlsplit(await browser.begin()).query)
    row = await browser.runtime.database.row(
        "SELECT a::text AS said FROM openid_attempts a ORDER BY expires_at DESC LIMIT 1"
    )
    assert row is not None
    for name in ("state", "nonce", "code_challenge"):
        assert query[name][0] not in row["said"]
    assert browser.cookie not in row["said"]
