"""The same in a browser without script: forms, redirects, cookies, and nothing in an address."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pyotp
import pytest

from pasar.kernel.clock import FixedClock
from pasar.kernel.runtime import Runtime
from pasar.people.access.public import add_member
from support.factors import STEP, Guarded, make_guarded
from support.office import Office
from support.people import PASSWORD, make_person
from support.shops import Shop

COOKIE, CHALLENGE = "pasar_session", "pasar_factor"


def a_browser(client: httpx.AsyncClient, shop: Shop, language: str = "en") -> Office:
    """A browser that has been nowhere."""
    own = httpx.AsyncClient(transport=client._transport, base_url="http://localhost")
    return Office(own, shop, language)


@pytest.fixture
async def guarded(timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, clock: FixedClock) -> Guarded:
    made = await make_guarded(timed_client, timed, shop)
    clock.advance(STEP)
    return made


@pytest.fixture
async def browser(timed_client: httpx.AsyncClient, shop: Shop) -> AsyncIterator[Office]:
    made = a_browser(timed_client, shop)
    yield made
    await made.client.aclose()


async def give_password(browser: Office, email: str, back: str = "") -> str:
    return await browser.done("/sign-in", {"email": email, "password": PASSWORD, "back": back})


async def enter(browser: Office, guarded: Guarded, clock: FixedClock) -> None:
    """Sign in with both factors."""
    await give_password(browser, guarded.person.email)
    await browser.done("/sign-in/second-factor", {"code": guarded.code(clock.now())})
    clock.advance(STEP)


async def test_the_way_in(browser: Office, guarded: Guarded, clock: FixedClock) -> None:
    await browser.see("/cart")
    as_guest = browser.client.cookies[COOKIE]

    path = await give_password(browser, guarded.person.email, "/cart")

    assert path == "/sign-in/second-factor?back=%2Fcart"
    challenge = browser.client.cookies[CHALLENGE]
    assert challenge not in path
    assert browser.client.cookies[COOKIE] == as_guest, "nothing has started"
    assert (await browser.client.get("/account", headers=browser.shop.headers)).status_code == 303
    shown = await browser.see(path)
    assert challenge not in shown
    assert 'autocomplete="one-time-code"' in shown

    assert await browser.done(
        "/sign-in/second-factor", {"code": guarded.code(clock.now()), "back": "/cart"}
    ) == ("/cart?notice=signed-in")
    assert browser.client.cookies[COOKIE] != as_guest
    assert CHALLENGE not in browser.client.cookies
    assert guarded.person.email in await browser.see("/account")


async def test_the_challenge_s_cookie_is_for_the_server_alone(browser: Office, guarded: Guarded) -> None:
    answer = await browser.send("/sign-in", {"email": guarded.person.email, "password": PASSWORD, "back": ""})
    (set_cookie,) = [one for one in answer.headers.get_list("set-cookie") if one.startswith(CHALLENGE)]
    assert "HttpOnly" in set_cookie
    assert "SameSite=lax" in set_cookie
    assert "Max-Age=600" in set_cookie


async def test_who_fixed_the_session_gets_nowhere(
    timed_client: httpx.AsyncClient, shop: Shop, browser: Office, guarded: Guarded, clock: FixedClock
) -> None:
    """An attacker who planted the browser's cookie neither sees the question nor comes in by its answer."""
    attacker = a_browser(timed_client, shop)
    await attacker.see("/cart")
    planted = attacker.client.cookies[COOKIE]
    browser.client.cookies.update(attacker.client.cookies)
    await give_password(browser, guarded.person.email)
    asked = await attacker.client.get("/sign-in/second-factor", headers=shop.headers)
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in")
    code = guarded.code(clock.now())
    assert (await attacker.done("/sign-in/second-factor", {"code": code})).startswith("/sign-in?")
    await browser.done("/sign-in/second-factor", {"code": code})
    assert browser.client.cookies[COOKIE] != planted
    assert (await attacker.client.get("/account", headers=shop.headers)).status_code == 303


async def test_a_wrong_code_is_said_beside_its_field(
    timed_client: httpx.AsyncClient, shop: Shop, guarded: Guarded
) -> None:
    browser = a_browser(timed_client, shop, "id")
    await give_password(browser, guarded.person.email)
    for name in ("code", "recovery_code"):
        answer = await browser.send("/sign-in/second-factor", {name: "000000"})
        assert answer.status_code == 422
        assert f'id="f-{name}-error"' in answer.text
        assert "sudah dipakai" in answer.text
    for _ in range(3):
        await browser.send("/sign-in/second-factor", {"code": "000000"})
    assert (
        await browser.done("/sign-in/second-factor", {"code": "000000"}) == "/sign-in?notice=challenge-over"
    )


async def test_back_leads_to_our_own_pages_only(browser: Office, guarded: Guarded, clock: FixedClock) -> None:
    for back in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"):
        path = await give_password(browser, guarded.person.email, back)
        assert path == "/sign-in/second-factor"
    fields = {"code": guarded.code(clock.now()), "back": "//evil.example"}
    assert await browser.done("/sign-in/second-factor", fields) == "/account?notice=signed-in"
    clock.advance(STEP)
    fields = {"code": guarded.code(clock.now()), "back": "https://evil.example"}
    assert await browser.done("/account/confirm", fields) == "/account"


async def test_setting_up_an_app_without_script(
    browser: Office, timed: Runtime, shop: Shop, clock: FixedClock
) -> None:
    person = await make_person(timed, shop)
    await give_password(browser, person.email)
    assert "Set up an authenticator app" in await browser.see("/account/security")
    assert await browser.done("/account/security/totp") == "/account/security/totp"
    answer = await browser.client.get("/account/security/totp", headers=shop.headers)
    assert answer.headers["cache-control"] == "no-store"
    assert "<svg" in answer.text
    found = re.search(r"<code>([A-Z2-7 ]{30,})</code>", answer.text)
    assert found
    totp = pyotp.TOTP(found[1].replace(" ", ""))
    wrong = await browser.send("/account/security/totp/confirm", {"code": "12345"})
    assert wrong.status_code == 422
    assert 'id="f-code-error"' in wrong.text
    codes = await browser.send("/account/security/totp/confirm", {"code": totp.at(clock.now())})
    assert (codes.status_code, codes.headers["cache-control"]) == (200, "no-store")
    given = re.findall(r"<code>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){3})</code>", codes.text)
    assert len(given) == 10
    after = await browser.see("/account/security")
    assert "10 codes are left" in after
    assert not any(code in after for code in given)
    fresh = await browser.send("/account/security/recovery-codes")
    assert fresh.headers["cache-control"] == "no-store"
    assert not any(code in fresh.text for code in given)


async def test_removing_asks_first(browser: Office, guarded: Guarded, clock: FixedClock) -> None:
    await enter(browser, guarded, clock)
    assert "Turn the authenticator app off?" in await browser.see("/account/security/totp/remove")
    assert "since" in await browser.see("/account/security"), "asking removes nothing"
    path = await browser.done("/account/security/totp/remove", {"confirmed": "1"})
    assert path == "/account/security?notice=factor-removed"
    assert (await browser.send("/account/security/totp/remove")).status_code == 404


async def test_what_matters_asks_again_and_then_goes_on(
    browser: Office, guarded: Guarded, clock: FixedClock
) -> None:
    await enter(browser, guarded, clock)
    clock.advance(timedelta(minutes=15))
    page = await browser.client.get("/account/security/totp", headers=browser.shop.headers)
    assert page.headers["location"] == "/account/confirm?back=%2Faccount%2Fsecurity%2Ftotp"
    referer = {"referer": "http://localhost/account/security?x=1"}
    browser.shop.headers.update(referer)
    path = await browser.done("/account/security/totp/remove")
    assert path == "/account/confirm?back=%2Faccount%2Fsecurity%3Fx%3D1", "the page that the form stood on"
    browser.shop.headers["referer"] = "http://evil.example/account"
    assert await browser.done("/account/security/totp/remove") == "/account/confirm?back=%2Faccount"
    assert "Authenticator app" in await browser.see("/account/security"), "nothing was removed"
    shown = await browser.see(path)
    assert 'name="code"' in shown
    assert 'name="password"' not in shown
    assert (await browser.send("/account/confirm", {"code": "000000"})).status_code == 422
    assert (await browser.send("/account/confirm", {"password": PASSWORD})).status_code == 422
    fields = {"code": guarded.code(clock.now()), "back": "/account/security/totp/remove"}
    assert await browser.done("/account/confirm", fields) == "/account/security/totp/remove"
    assert await browser.done("/account/security/totp/remove") == "/account/security?notice=factor-removed"


async def test_without_a_factor_the_password_confirms(browser: Office, timed: Runtime, shop: Shop) -> None:
    person = await make_person(timed, shop)
    await give_password(browser, person.email)
    assert 'name="password"' in await browser.see("/account/confirm?back=/account/security")
    wrong = await browser.send("/account/confirm", {"password": "wrong"})
    assert wrong.status_code == 422
    assert 'id="f-password-error"' in wrong.text
    fields = {"password": PASSWORD, "back": "/account/security"}
    assert await browser.done("/account/confirm", fields) == "/account/security"


async def test_staff_whose_company_demands_a_factor_are_led_to_it(
    browser: Office, timed: Runtime, shop: Shop
) -> None:
    person = await make_person(timed, shop)
    async with timed.database.transaction() as session:
        await add_member(session, shop.company_id, person.user_id, "owner")
    await give_password(browser, person.email)
    await timed.database.rows(
        "UPDATE companies SET require_second_factor = true WHERE id = $1", shop.company_id
    )
    answer = await browser.client.get("/admin/orders", headers=shop.headers)
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/account/security?notice=factor-demanded",
    )
    assert "Your company asks its staff" in await browser.see("/account/security?notice=factor-demanded")


@pytest.mark.parametrize(
    "path",
    ["/account/security", "/account/confirm", "/account/security/totp", "/account/security/recovery-codes"],
)
async def test_guests_sign_in_first(browser: Office, path: str) -> None:
    answer = await browser.client.get(path, headers=browser.shop.headers)
    assert answer.headers["location"].startswith("/sign-in?back=")


@pytest.mark.parametrize(
    "path", ["/sign-in/second-factor/passkey-options", "/sign-in/passkey", "/account/confirm"]
)
async def test_forms_carry_their_token(browser: Office, guarded: Guarded, path: str) -> None:
    await give_password(browser, guarded.person.email)
    answer = await browser.client.post(path, headers=browser.shop.headers, data={"code": "1"})
    assert answer.status_code == 403
