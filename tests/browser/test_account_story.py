"""A newcomer's way through an account, and a colleague's into the back office, in real Chromium.

Everything but the passkey runs without script. Mails are read where a developer reads them: /dev/mail.
"""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from urllib.parse import urlsplit

import pyotp
import pytest
from playwright.async_api import Page, expect

from browser.conftest import OpenPage, Served
from browser.steps import headline
from browser.test_second_factor import Authenticator, sign_out
from pasar.delivery.notifications.staff_mails import STAFF_MAIL_SUBSCRIBERS
from pasar.kernel.events.relay import Relay
from pasar.people.privacy.exporting import make_export
from support.colleagues import make_colleague
from support.letters import send_letters
from support.people import PASSWORD as STAFF_PASSWORD
from support.people import new_email
from support.shops import Shop

pytestmark = pytest.mark.browser
PASSWORD = "a sentence that nobody else thinks of"
STEP = 30
"""Seconds that a code of an authenticator app lives."""
HOME_ADDRESS = {
    "label": "Home",
    "name": "Nina New",
    "line1": "12 Hidden Lane",
    "city": "Portland",
    "postalCode": "97201",
    "region": "Oregon",
}


def demo_shop(served: Served) -> Shop:
    return Shop(served.demo.company_id, served.demo.site_id, {"x-company-id": str(served.demo.company_id)})


async def press(page: Page, form: str) -> None:
    """Send the form with that address by its (first) button, and wait for the answer."""
    async with page.expect_navigation():
        await page.locator(f"form[action='{form}'] button").first.click()


async def register(page: Page, served: Served, email: str) -> None:
    await page.goto(served.at("/sign-in"))
    await page.click("text=Open an account")
    await page.fill("#f-name", "Nina New")
    await page.fill("#f-email", email)
    await page.fill("#f-password", PASSWORD)
    await press(page, "/register")


async def give_password(
    page: Page, served: Served, email: str, password: str = PASSWORD, back: str = "/sign-in"
) -> None:
    """Sign in by the form, to which `back` leads whoever is not signed in."""
    await page.goto(served.at(back))
    await page.fill("#f-email", email)
    await page.fill("#f-password", password)
    await press(page, "/sign-in")


async def open_link_of_mail(page: Page, served: Served, email: str, subject: str) -> None:
    """Do the worker's part, then find the newest mail in the development mailbox and follow its link."""
    await Relay(served.runtime, STAFF_MAIL_SUBSCRIBERS).drain()
    await send_letters(served.runtime, demo_shop(served))
    await page.goto(served.at("/dev/mail"))
    await page.fill("#f-to", email)
    await page.click("main form button")
    await page.locator("main a", has_text=subject).first.click()
    link = re.search(r"http://localhost:\d+/\S+", await page.inner_text(".mail-text"))
    assert link, "the mail leads back to the shop"
    await page.goto(served.at(urlsplit(link[0]).path))


async def test_a_newcomer_opens_an_account_and_protects_it(served: Served, open_page: OpenPage) -> None:
    """Register, verify, an app's codes with codes to recover, a passkey, and in again by each."""
    watched, email = await open_page(script=False, width=360), new_email()
    page = watched.page
    await register(page, served, email)
    assert await headline(page) == "Your account"
    await expect(page.locator(".notice")).to_contain_text("Welcome. Your account is open.")
    await expect(page.locator("main")).to_contain_text("Not verified")
    await open_link_of_mail(page, served, email, "erify")
    await press(page, urlsplit(page.url).path)
    await expect(page.locator(".notice")).to_have_text(re.compile("Your e-mail is verified"))
    await expect(page.locator("main")).not_to_contain_text("Not verified")

    await page.click(".tabs >> text=Security")
    await press(page, "/account/security/totp")
    totp = pyotp.TOTP(re.sub(r"\s", "", await page.locator("main code").first.inner_text()))
    await page.fill("#f-code", totp.now())
    await press(page, "/account/security/totp/confirm")
    codes = await page.locator("[data-recovery-codes] code").all_inner_texts()
    assert len(set(codes)) == 10
    await page.click("text=I have kept them")
    await expect(page.locator("main")).to_contain_text("10 codes are left")
    watched.assert_quiet()

    second = await open_page(width=360)
    page, _ = second.page, await Authenticator.plug_in(second)
    await give_password(page, served, email)
    assert await headline(page) == "One more step"
    await page.goto(served.at("/account"))
    assert await headline(page) == "Sign in", "the password alone opens nothing"
    await give_password(page, served, email)
    await page.fill("#f-code", totp.at(time.time() + STEP))  # the code of this half minute is used up
    await press(page, "/sign-in/second-factor")
    await page.goto(served.at("/account/security"))
    await page.fill("#f-name", "Nina's phone")
    await page.click("form[data-passkey=create] button")
    await expect(page.locator('form[aria-label="Nina\'s phone"]')).to_be_visible()
    await sign_out(page, served)
    await give_password(page, served, email)
    async with page.expect_navigation(url="**/account?*"):
        await page.click("form[data-passkey=get] button")
    assert await headline(page) == "Your account"
    second.assert_quiet()


async def test_a_colleague_with_a_limited_role_is_let_in_and_refused(
    served: Served, open_page: OpenPage
) -> None:
    """Invited for the catalogue: products open; orders and staff stay shut, over the API as well."""
    owner = await make_colleague(served.runtime, demo_shop(served))
    email, office = new_email(), (await open_page(script=False)).page
    await give_password(office, served, owner.email, STAFF_PASSWORD, "/admin/staff")
    await office.click("text=Invite a colleague")
    await office.fill("#f-email", email)
    await office.select_option("#f-role", label="Catalogue")
    await press(office, "/admin/staff/invite")
    await expect(office.locator("main")).to_contain_text(email)

    page = (await open_page(script=False, width=360)).page
    await open_link_of_mail(page, served, email, "Work with")
    await expect(page.locator("main")).to_contain_text("Catalogue")
    await page.fill("#f-name", "Citra Catalogue")
    await page.fill("#f-password", PASSWORD)
    await press(page, urlsplit(page.url).path)
    await give_password(page, served, email, back="/admin/products")
    assert await headline(page) == "Products"
    menu = await page.locator(".admin-nav a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert "/admin/products" in menu
    assert not {"/admin/orders", "/admin/staff", "/admin/api-keys", "/admin/audit"} & set(menu)
    for path in ("/admin/orders", "/admin/staff", "/admin/roles", "/admin/api-keys", "/admin/audit"):
        answer = await page.goto(served.at(path))
        assert answer is not None
        assert (answer.status, await headline(page)) == (403, "This door is closed"), path

    api, company = page.request, {"x-company-id": str(served.demo.company_id)}
    told = await api.post(
        served.at("/api/auth/login"), data={"email": email, "password": PASSWORD}, headers=company
    )
    headers = company | {"Authorization": f"Bearer {(await told.json())['accessToken']}"}
    for path, status in {"products": 200, "orders": 403, "staff": 403, "audit": 403}.items():
        told = await api.get(served.at(f"/api/admin/{path}"), headers=headers)
        assert told.status == status, path

    await office.goto(served.at("/admin/staff?q=" + email))
    await office.click("text=Citra Catalogue")
    await office.click("text=Let go…")
    await office.click("main button[data-kind=danger]")
    await page.goto(served.at("/admin/products"))
    assert await headline(page) != "Products", "who is let go is outside at once"


async def test_a_device_elsewhere_is_signed_out(served: Served, open_page: OpenPage) -> None:
    """Two browsers of one person: each is listed, and one ends the other."""
    page, email = (await open_page(script=False, width=360)).page, new_email()
    await register(page, served, email)
    elsewhere = (await open_page(script=False)).page
    await give_password(elsewhere, served, email, back="/account/orders")
    assert await headline(elsewhere) == "Your orders"

    await page.click(".tabs >> text=Devices")
    devices = page.locator(".order-list li")
    await expect(devices).to_have_count(2)
    await expect(devices.first).to_contain_text("This device")
    await devices.nth(1).get_by_role("button", name="Sign out there").click()
    await expect(page.locator(".notice")).to_contain_text("That device is signed out.")
    await expect(devices).to_have_count(1)
    await elsewhere.reload()
    assert await headline(elsewhere) == "Sign in"
    await page.goto(served.at("/account"))
    assert await headline(page) == "Your account", "who ended it stays"


async def test_the_data_is_taken_along_and_the_account_erased(served: Served, open_page: OpenPage) -> None:
    """A file of everything, then nothing: no way in, and whoever registers the address finds it empty."""
    page, email = (await open_page(script=False, width=360)).page, new_email()
    await register(page, served, email)
    await page.goto(served.at("/account/addresses/new"))
    await page.select_option("#f-country", "US")
    for name, text in HOME_ADDRESS.items():
        await page.fill(f"#f-{name}", text)
    await page.click("button[value=save]")
    await expect(page.locator("main")).to_contain_text("12 Hidden Lane")

    await page.click(".tabs >> text=Privacy")
    await press(page, "/account/privacy/export")
    await expect(page.locator("main")).to_contain_text("parts are gathered")
    await work_on_exports(served, email)
    await page.reload()
    async with page.expect_download() as coming:
        await page.click("text=Download the file")
    file = zipfile.ZipFile(io.BytesIO((await (await coming.value).path()).read_bytes()))
    index = json.loads(file.read("index.json"))
    assert {one["file"] for one in index["files"]} == set(file.namelist()) - {"index.json"}
    told = json.loads(file.read("account.json"))
    assert told["account"][0]["email"] == email
    assert "12 Hidden Lane" in json.dumps(told["addresses"])

    await page.click("text=Erase my account…")
    await page.check("#f-confirmed")
    await press(page, "/account/privacy/erase")
    await expect(page.locator(".notice")).to_contain_text("Your account is erased.")
    await give_password(page, served, email)
    assert await headline(page) == "Sign in"
    await expect(page.locator(".error-summary")).to_contain_text("not right")
    for table in ("users", "customers"):
        left = await served.runtime.database.value(f"SELECT count(*) FROM {table} WHERE email = $1", email)
        assert left == 0, table
    lanes = "SELECT count(*) FROM addresses WHERE line1 = $1"
    assert await served.runtime.database.value(lanes, HOME_ADDRESS["line1"]) == 0

    await register(page, served, email)
    await page.goto(served.at("/account/addresses"))
    await expect(page.locator("main")).to_contain_text("No addresses yet")


async def work_on_exports(served: Served, email: str) -> None:
    """Do what the worker does with the person's file."""
    asked = "SELECT e.id FROM personal_exports e JOIN users u ON u.id = e.user_id WHERE u.email = $1"
    for (export_id,) in await served.runtime.database.rows(asked, email):
        await make_export(served.runtime, {"export_id": str(export_id)})
