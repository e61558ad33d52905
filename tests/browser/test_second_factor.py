"""Second factors in real Chromium: passkeys by its virtual authenticator, an app's codes without script."""

from __future__ import annotations

import re
from typing import Any

import pyotp
import pytest
from playwright.async_api import CDPSession, Page

from browser.conftest import OpenPage, Served, Watched
from browser.steps import headline
from browser.test_pages import check
from pasar.people.sign_in.person import SignedIn
from support.people import PASSWORD, make_person
from support.shops import Shop

pytestmark = pytest.mark.browser


async def someone(served: Served) -> SignedIn:
    """A customer of the demo."""
    site = await served.runtime.sites.by_host("localhost") or await served.runtime.sites.fallback()
    assert site is not None
    return await make_person(served.runtime, Shop(site.company_id, site.id))


async def give_password(page: Page, served: Served, email: str) -> None:
    await page.goto(served.at("/sign-in"))
    await page.fill("#f-email", email)
    await page.fill("#f-password", PASSWORD)
    await page.click("form[action='/sign-in'] button")
    await page.wait_for_load_state()


class Authenticator:
    """Chromium's virtual authenticator: a platform one, with a finger that is recognised, or not."""

    def __init__(self, session: CDPSession, name: str) -> None:
        self.session = session
        self.name = name

    @classmethod
    async def plug_in(cls, watched: Watched) -> Authenticator:
        session = await watched.page.context.new_cdp_session(watched.page)
        await session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        added = await session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        return cls(session, added["authenticatorId"])

    async def recognise(self, finger: bool) -> None:
        told = {"authenticatorId": self.name, "isUserVerified": finger}
        await self.session.send("WebAuthn.setUserVerified", told)

    async def credentials(self) -> list[dict[str, Any]]:
        found = await self.session.send("WebAuthn.getCredentials", {"authenticatorId": self.name})
        return list(found["credentials"])

    async def turn_back(self) -> None:
        """Make the one credential's counter what it was long ago, as a copy's would be."""
        (credential,) = await self.credentials()
        assert credential["signCount"] > 1
        told = {"authenticatorId": self.name, "credentialId": credential["credentialId"]}
        await self.session.send("WebAuthn.removeCredential", told)
        former = {"authenticatorId": self.name, "credential": credential | {"signCount": 0}}
        await self.session.send("WebAuthn.addCredential", former)


async def sign_out(page: Page, served: Served) -> None:
    await page.goto(served.at("/account"))
    await page.click("form[action='/sign-out'] button")
    await page.wait_for_load_state()


async def test_a_passkey_from_first_to_last(served: Served, open_page: OpenPage) -> None:
    """Made, used as second factor, used alone; refused without a finger and when its counter runs back."""
    watched = await open_page(width=360)
    page, person = watched.page, await someone(served)
    authenticator = await Authenticator.plug_in(watched)
    await give_password(page, served, person.email)
    await page.goto(served.at("/account/security"))
    await check(page, "/account/security")
    await page.fill("#f-name", "My phone")
    await page.click("form[data-passkey=create] button")
    await page.wait_for_selector("[data-recovery-codes]")
    await check(page, "recovery codes")
    assert await page.locator("[data-recovery-codes] code").count() == 10
    (credential,) = await authenticator.credentials()
    assert credential["isResidentCredential"] is True
    assert credential["rpId"] == "localhost"

    await sign_out(page, served)
    await give_password(page, served, person.email)
    assert await headline(page) == "One more step"
    await check(page, "/sign-in/second-factor")
    async with page.expect_navigation(url="**/account?*"):
        await page.click("form[data-passkey=get] button")

    await sign_out(page, served)
    await page.goto(served.at("/sign-in"))
    async with page.expect_navigation(url="**/account?*"):
        await page.click("form[data-passkey=get] button")

    await sign_out(page, served)
    await authenticator.recognise(False)
    await page.goto(served.at("/sign-in"))
    await page.click("form[data-passkey=get] button")
    await page.wait_for_selector("[data-said]:not([hidden])")
    assert "did not work" in await page.inner_text("[data-said]")
    await page.goto(served.at("/account"))
    assert "/sign-in" in page.url, "and nobody is in"

    await authenticator.recognise(True)
    await authenticator.turn_back()
    await page.goto(served.at("/sign-in"))
    async with page.expect_navigation(url="**/sign-in?*"):
        await page.click("form[data-passkey=get] button")
    assert "does not open an account" in await page.inner_text(".notice")
    noted = "SELECT regressed_at IS NOT NULL FROM passkeys WHERE user_id = $1"
    assert await served.runtime.database.value(noted, person.user_id) is True
    watched.assert_quiet()


async def test_confirming_by_a_passkey_and_what_it_says_of_a_copy(
    served: Served, open_page: OpenPage
) -> None:
    watched = await open_page()
    page, person = watched.page, await someone(served)
    await Authenticator.plug_in(watched)
    await give_password(page, served, person.email)
    await page.goto(served.at("/account/security"))
    await page.click("form[data-passkey=create] button")
    await page.wait_for_selector("[data-recovery-codes]")
    await served.runtime.database.rows(
        "UPDATE sign_ins SET confirmed_at = NULL WHERE user_id = $1", person.user_id
    )
    await served.runtime.database.rows(
        "UPDATE passkeys SET regressed_at = now() WHERE user_id = $1", person.user_id
    )
    await page.goto(served.at("/account/security"))
    assert "there may be a copy" in await page.inner_text("main")
    await check(page, "/account/security")
    await page.get_by_role("link", name="Remove").click()
    await page.click("form button[data-kind=danger]")
    await page.wait_for_url("**/account/confirm?*")
    await check(page, "/account/confirm")
    async with page.expect_navigation(url="**/remove"):
        await page.click("form[data-passkey=get] button")
    await page.click("form button[data-kind=danger]")
    await page.wait_for_url("**/account/security?notice=factor-removed")
    watched.assert_quiet()


async def test_an_app_s_codes_without_script(served: Served, open_page: OpenPage) -> None:
    """Set up, signed in with, recovered by a kept code, turned off: nothing of it needs script."""
    watched = await open_page(script=False, width=360)
    page, person = watched.page, await someone(served)
    await give_password(page, served, person.email)
    await page.goto(served.at("/account/security"))
    assert await page.locator("form[data-passkey]").first.is_hidden()
    assert "Set up an authenticator app instead" in await page.inner_text("main")
    await page.click("text=Set up an authenticator app >> nth=0")
    await page.wait_for_url("**/account/security/totp")
    assert await page.locator("svg.segno").is_visible()
    shown = await page.locator("code").first.inner_text()
    secret = re.sub(r"\s", "", shown)
    totp = pyotp.TOTP(secret)
    await page.fill("#f-code", totp.now())
    await page.click("text=Turn on")
    codes = await page.locator("[data-recovery-codes] code").all_inner_texts()
    assert len(codes) == 10

    await page.goto(served.at("/account"))
    await page.click("form[action='/sign-out'] button")
    await give_password(page, served, person.email)
    assert await headline(page) == "One more step"
    await page.fill("#f-code", totp.now())  # the step that is used up
    await page.click("form[action='/sign-in/second-factor'] button >> nth=0")
    assert "was used before" in await page.inner_text(".error-summary")
    await page.click("summary")
    await page.fill("#f-recovery_code", codes[0].lower())
    await page.click("details button")
    await page.wait_for_url("**/account?*")
    await page.goto(served.at("/account/security"))
    assert "9 codes are left" in await page.inner_text("main")
    await page.click("text=Turn off")
    await page.click("form button[data-kind=danger]")
    await page.wait_for_url("**/account/security?notice=factor-removed")
    watched.assert_quiet()
