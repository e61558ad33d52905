"""The pages of sign-in, walked as a browser without script does."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from people.conftest import client_of
from people.sign_in.test_codes import new_phone
from support.letters import code_to, letters_to, token_to
from support.office import Office, shopper_office
from support.people import PASSWORD, make_person, new_email
from support.shops import Shop

HEADING = re.compile(r"<h1[ >]")
ANYWHERE = ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb"]


@pytest.fixture
async def browser(stranger: httpx.AsyncClient, shop: Shop) -> Office:
    """A browser of nobody, from an address of its own."""
    return Office(stranger, shop)


@pytest.fixture
async def signed_in(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> AsyncIterator[Office]:
    """A shopper's browser."""
    office = await shopper_office(client, runtime, shop)
    yield office
    await office.client.aclose()


async def email_of(runtime: Runtime, shop: Shop) -> str:
    """The only customer's address."""
    return str(
        await runtime.database.value("SELECT email FROM customers WHERE company_id = $1", shop.company_id)
    )


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize(
    "path",
    ["/sign-in", "/sign-in/code", "/register", "/verify-email", "/verify-email/x", "/forgot-password",
     "/reset-password/x"],
)  # fmt: skip
async def test_each_page_has_one_heading_and_no_script_of_its_own(
    browser: Office, path: str, language: str
) -> None:
    browser.language = language
    page = await browser.see(path)
    assert len(HEADING.findall(page)) == 1
    assert f'lang="{language}"' in page
    assert " style=" not in page
    assert " onclick=" not in page


@pytest.mark.parametrize("path", ["/account", "/account/password", "/account/email"])
async def test_the_account_is_for_who_is_signed_in(browser: Office, signed_in: Office, path: str) -> None:
    answer = await browser.client.get(path, headers=browser.shop.headers)
    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/sign-in")
    assert len(HEADING.findall(await signed_in.see(path))) == 1


async def test_signing_in_leads_back_to_a_page_of_any_script(
    browser: Office, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    fields = {"email": person.email, "password": PASSWORD, "back": "/é漢?q=ü"}
    answer = await browser.send("/sign-in", fields)
    assert (answer.status_code, "set-cookie" in answer.headers) == (303, True)
    assert answer.headers["location"].startswith("/%C3%A9%E6%BC%A2?q=%C3%BC")


async def test_registering_verifying_and_the_profile(browser: Office, runtime: Runtime, shop: Shop) -> None:
    email = new_email()
    fields = {"name": "Ann", "email": email, "password": "long enough words", "back": ""}
    assert await browser.done("/register", fields) == "/account?notice=registered"
    assert "Not verified" in await browser.see("/account")

    token = await token_to(runtime, shop, email)
    page = await browser.see(f"/verify-email/{token}")
    assert "Not verified" in await browser.see("/account"), "looking at the link verifies nothing"
    assert f'action="/verify-email/{token}"' in page
    assert await browser.done(f"/verify-email/{token}") == "/account?notice=email-verified"
    assert "Not verified" not in await browser.see("/account")
    again = await browser.send(f"/verify-email/{token}")
    assert (again.status_code, "Send a new link" in again.text) == (422, True)


async def test_the_mail_is_sent_again_from_the_profile(
    signed_in: Office, runtime: Runtime, shop: Shop
) -> None:
    assert await signed_in.done("/account/verify-email") == "/account?notice=mail-sent"
    (letter,) = await letters_to(runtime, shop, await email_of(runtime, shop))
    assert "/verify-email/" in letter.text


async def test_where_the_shop_verifies_first_the_page_tells_nobody_anything(
    browser: Office, runtime: Runtime, shop: Shop
) -> None:
    await runtime.database.rows("UPDATE companies SET verify_first = true WHERE id = $1", shop.company_id)
    known = (await make_person(runtime, shop)).email
    pages = []
    for email in (known, new_email()):
        fields = {"name": "Ann", "email": email, "password": "long enough words", "back": ""}
        answer = await browser.send("/register", fields)
        pages.append((answer.status_code, re.sub(r"[0-9a-f-]{32,}", "", answer.text.replace(email, ""))))
        assert "Look into your mailbox" in answer.text
    assert pages[0] == pages[1]
    assert (await browser.client.get("/account", headers=shop.headers)).status_code == 303


async def test_forgetting_and_choosing_a_new_password(browser: Office, runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, shop)
    told = await browser.send("/forgot-password", {"email": person.email})
    assert (told.status_code, "Look into your mailbox" in told.text) == (200, True)
    token = await token_to(runtime, shop, person.email)
    short = await browser.send(f"/reset-password/{token}", {"new_password": "short"})
    assert (short.status_code, "at least 8 characters" in short.text) == (422, True)
    done = await browser.done(f"/reset-password/{token}", {"new_password": "another long password"})
    assert done == "/sign-in?notice=password-reset"
    over = await browser.send(f"/reset-password/{token}", {"new_password": "yet another one"})
    assert (over.status_code, "Ask for a new link" in over.text) == (422, True)
    fields = {"email": person.email, "password": "another long password", "back": "/cart"}
    assert await browser.done("/sign-in", fields) == "/cart?notice=signed-in"


async def test_changing_the_password(signed_in: Office) -> None:
    wrong = await signed_in.send(
        "/account/password", {"current_password": "wrong password", "new_password": "another long one"}
    )
    assert (wrong.status_code, "not your present password" in wrong.text) == (422, True)
    fields = {"current_password": PASSWORD, "new_password": "another long one"}
    assert await signed_in.done("/account/password", fields) == "/account/password?notice=password-changed"
    await signed_in.see("/account")


async def test_changing_the_e_mail(signed_in: Office, runtime: Runtime, shop: Shop) -> None:
    former, wanted = await email_of(runtime, shop), new_email()
    refused = await signed_in.send("/account/email", {"email": wanted, "current_password": "wrong password"})
    assert refused.status_code == 422
    told = await signed_in.send("/account/email", {"email": wanted, "current_password": PASSWORD})
    assert told.status_code == 200
    assert former in await signed_in.see("/account")
    token = await token_to(runtime, shop, wanted)
    await signed_in.done(f"/verify-email/{token}")
    assert wanted in await signed_in.see("/account")
    assert len(await letters_to(runtime, shop, former)) == 1


async def test_signing_in_by_a_code(browser: Office, runtime: Runtime, shop: Shop) -> None:
    phone = new_phone()
    page = await browser.send("/sign-in/code", {"phone": phone, "back": "/cart"})
    assert (page.status_code, "Enter the code" in page.text) == (200, True)
    fields = {"phone": phone, "back": "/cart", "name": "Siti"}
    wrong = await browser.send("/sign-in/code/enter", fields | {"code": "abc"})
    assert (wrong.status_code, "The code is wrong" in wrong.text) == (422, True)
    code = await code_to(runtime, shop, phone)
    assert await browser.done("/sign-in/code/enter", fields | {"code": code}) == "/cart?notice=signed-in"
    account = await browser.see("/account")
    assert phone in account
    assert "Add an e-mail" in account


async def test_proving_one_s_own_phone(signed_in: Office, runtime: Runtime, shop: Shop) -> None:
    phone = new_phone()
    await signed_in.done("/account", {"name": "Budi", "phone": phone})
    assert "Verify by a code" in await signed_in.see("/account")
    assert (await signed_in.send("/account/phone")).status_code == 200
    code = await code_to(runtime, shop, phone)
    done = await signed_in.done("/account/phone/code", {"phone": phone, "code": code})
    assert done == "/account?notice=phone-verified"
    fields = {"email": phone, "password": PASSWORD, "back": ""}
    assert (await signed_in.send("/sign-in", fields)).status_code == 303


@pytest.mark.parametrize("back", ANYWHERE)
async def test_nobody_is_sent_elsewhere(browser: Office, runtime: Runtime, shop: Shop, back: str) -> None:
    person = await make_person(runtime, shop)
    page = await browser.client.get("/sign-in", params={"back": back}, headers=shop.headers)
    assert '<input type="hidden" name="back" value="">' in page.text
    fields = {"email": person.email, "password": PASSWORD, "back": back}
    assert (await browser.done("/sign-in", fields)).startswith("/account?")
    phone = new_phone()
    await browser.send("/sign-in/code", {"phone": phone, "back": back})
    fields = {"phone": phone, "back": back, "code": await code_to(runtime, shop, phone)}
    assert (await browser.done("/sign-in/code/enter", fields)).startswith("/account?")


@pytest.mark.parametrize(
    "path",
    ["/sign-in", "/sign-in/code", "/sign-in/code/enter", "/register", "/verify-email", "/verify-email/x",
     "/forgot-password", "/reset-password/x", "/account", "/account/password", "/account/email",
     "/account/phone", "/account/phone/code", "/account/verify-email"],
)  # fmt: skip
async def test_forms_from_elsewhere_are_refused(signed_in: Office, shop: Shop, path: str) -> None:
    for token in ({}, {"_csrf_token": "0" * 64}):
        answer = await signed_in.client.post(path, data=token, headers=shop.headers)
        assert answer.status_code in {400, 403}, path


async def test_a_session_that_somebody_planted_gains_nothing(
    browser: Office, runtime: Runtime, shop: Shop
) -> None:
    """Fixation: the cookie from before signing in by a code stays a guest's."""
    await browser.see("/cart")
    planted = dict(browser.client.cookies)
    phone = new_phone()
    await browser.send("/sign-in/code", {"phone": phone, "back": ""})
    await browser.done(
        "/sign-in/code/enter", {"phone": phone, "back": "", "code": await code_to(runtime, shop, phone)}
    )
    async with client_of(browser.client._transport.app, runtime) as thief:  # type: ignore[attr-defined]  # httpx's ASGI transport
        thief.cookies.update(planted)
        assert (await thief.get("/account", headers=shop.headers)).status_code == 303
