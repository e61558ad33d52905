"""Every page, at 360 px and for everybody: whole, quiet, narrow enough, and readable for all."""

from __future__ import annotations

from functools import cache
from importlib import resources
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page

from browser.conftest import PASSWORD, OpenPage, Served
from browser.steps import SIMPLE, add_simple, fill_checkout, place
from pasar.delivery.notifications.unsubscribing import unsubscribe_token
from pasar.kernel.ids import new_id
from support.letters import send_letters
from support.shops import Shop

pytestmark = pytest.mark.browser
NOBODY = "0" * 64
"""A token of no mail."""
OPEN = (
    "/",
    "/products",
    "/products?inStock=true&minPrice=10&vendor=Kiln+%26+Kin",
    "/products?minPrice=much",
    "/categories/kitchen-table",
    "/search?q=linnen",
    "/search?q=zzzqqqxxx",
    "/products/market-apron",
    "/products/night-carafe",
    "/cart",
    "/orders/find",
    "/sign-in",
    "/sign-in/code",
    "/register",
    "/forgot-password",
    f"/reset-password/{NOBODY}",
    "/verify-email",
    f"/verify-email/{NOBODY}",
    f"/invitations/{NOBODY}",
    "/dev/mail",
    "/nothing-here",
)
GONE = (f"/invitations/{NOBODY}", "/nothing-here")
"""Pages that say that there is nothing: their status is a 404, of which the browser complains."""
ACCOUNT = (
    "/account",
    "/account/photo",
    "/account/email",
    "/account/orders",
    "/account/addresses",
    "/account/addresses/new",
    "/account/security",
    "/account/password",
    "/account/sessions",
    "/account/privacy",
    "/account/privacy/erase",
    "/account/confirm",
)
MESSAGE = "SELECT id FROM messages WHERE company_id = $1 AND recipient = $2 LIMIT 1"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@cache
def axe() -> str:
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


async def serious_problems(page: Page) -> list[str]:
    """What axe finds serious or critical. Evaluated by the debugger, past the content security policy."""
    await page.evaluate(axe() + ";0")
    found = await page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
        RULES,
    )
    return [
        f"{problem['id']}: {node['html'][:160]}"
        for problem in found["violations"]
        if problem["impact"] in {"serious", "critical"}
        for node in problem["nodes"]
    ]


async def check(page: Page, path: str) -> None:
    """What holds for every page."""
    assert await page.title(), path
    assert await page.locator("h1").count() == 1, path
    assert await page.get_attribute("meta[name=description]", "content") is not None
    wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{path} scrolls sideways by {wide} px"
    assert await page.locator("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").count() == 0
    assert await serious_problems(page) == [], path


@pytest.mark.parametrize("path", OPEN)
async def test_open_pages_on_a_phone(served: Served, open_page: OpenPage, path: str) -> None:
    watched = await open_page(width=360, dark=OPEN.index(path) % 2 == 1)
    await watched.page.goto(served.at(path))
    await check(watched.page, path)
    if not await watched.page.locator(".error-summary").count():  # which takes the focus
        await watched.page.keyboard.press("Tab")
        assert await watched.page.evaluate("document.activeElement.className") == "skip"
    expected = ["404"] if path in GONE else []
    assert [text for text in watched.complaints if not any(code in text for code in expected)] == []


async def test_the_pages_of_a_purchase_on_a_phone(served: Served, open_page: OpenPage) -> None:
    """Cart, checkout, checkout with errors, confirmation and order."""
    watched = await open_page(width=360)
    page = watched.page
    await add_simple(page, served, path=SIMPLE)
    await check(page, "/cart")
    await page.goto(served.at("/checkout"))
    await check(page, "/checkout")
    await place(page)
    assert await page.locator(".error-summary").count() == 1
    await check(page, "/checkout with errors")
    await fill_checkout(page, "phone@example.com")
    await page.wait_for_timeout(400)
    await place(page)
    await check(page, "/orders/placed")
    await page.click("text=See my order")
    await page.wait_for_url("**/orders/view/*")
    await check(page, "/orders/view")
    watched.assert_quiet()


@pytest.mark.parametrize(("dark", "language"), [(True, "en-US"), (False, "id-ID")])
async def test_the_pages_of_an_account_on_a_phone(
    served: Served, open_page: OpenPage, dark: bool, language: str
) -> None:
    """Signed in: every page of the account, and one order with its five steps."""
    watched = await open_page(width=360, dark=dark, language=language)
    page = watched.page
    await page.goto(served.at("/account/orders"))
    await page.wait_for_url("**/sign-in?back=*")
    await page.fill("#f-email", served.demo.shopper_email)
    await page.fill("#f-password", PASSWORD)
    await page.click("main button[data-kind=primary]")
    await page.wait_for_url("**/account/orders?*")
    await check(page, "/account/orders")
    await page.locator(".order-list a").first.click()
    await page.wait_for_url("**/account/orders/ORD-*")
    await check(page, "/account/orders/…")
    for path in ACCOUNT:
        await page.goto(served.at(path))
        assert urlsplit(page.url).path == path
        assert await page.get_attribute("html", "lang") == language[:2]
        await check(page, path)
    watched.assert_quiet()


async def test_the_steps_of_those_who_are_not_signed_in(served: Served, open_page: OpenPage) -> None:
    """A letter on its way, a code to enter, a wrong one, a link that is over, and no more offers."""
    watched = await open_page(width=360, dark=True, language="id-ID")
    page = watched.page
    await page.goto(served.at("/forgot-password"))
    await page.fill("#f-email", served.demo.shopper_email)
    await page.click("form[action='/forgot-password'] button")
    await page.wait_for_selector("a[href='/forgot-password']")
    await check(page, "/forgot-password, sent")
    await page.goto(served.at("/sign-in/code"))
    await page.fill("#f-phone", f"+62812{new_id().int % 10**7:07}")
    await page.click("form[action='/sign-in/code'] button")
    await page.wait_for_selector("#f-code")
    await check(page, "/sign-in/code/enter")
    await page.fill("#f-code", "000000")
    await page.click("form[action='/sign-in/code/enter'] button")
    await page.wait_for_selector(".error-summary")
    await check(page, "/sign-in/code/enter with a wrong code")
    await page.goto(served.at(f"/verify-email/{NOBODY}"))
    await page.click("main button[data-kind=primary]")
    await page.wait_for_selector(".error-summary")
    await check(page, "/verify-email with a link that is over")
    shop = Shop(served.demo.company_id, served.demo.site_id)
    await send_letters(served.runtime, shop)
    message_id = await served.runtime.database.value(MESSAGE, shop.company_id, served.demo.shopper_email)
    token = unsubscribe_token(served.runtime, shop.company_id, message_id)
    await page.goto(served.at(f"/unsubscribe/{token}"))
    await check(page, "/unsubscribe")
    await page.click("main button[data-kind=primary]")
    await page.wait_for_selector("main p a[href='/']")
    await check(page, "/unsubscribe, done")
    watched.assert_quiet()


async def test_a_phone_sees_another_price_for_another_choice(served: Served, open_page: OpenPage) -> None:
    """The script's variant picker: price and stock follow the radios, and what is chosen is what is added."""
    watched = await open_page(width=360)
    page = watched.page
    await page.goto(served.at("/products/mango-wood-board"))
    before = await page.inner_text("[data-price]")
    await page.check(".options fieldset >> nth=0 >> input >> nth=-1", force=True)
    dearer = await page.inner_text("[data-price]")
    assert dearer != before
    await page.click("[data-add]")
    await page.wait_for_url("**/cart?*")
    assert await page.inner_text(".line-price") == dearer
    watched.assert_quiet()


async def test_shipping_and_total_follow_the_country(served: Served, open_page: OpenPage) -> None:
    """With script nobody presses "Update"; what is typed and where the focus is stay."""
    watched = await open_page()
    page = watched.page
    await add_simple(page, served)
    await page.goto(served.at("/checkout"))
    await page.fill("#f-ship_line1", "5 Main Street")
    await page.focus("#f-ship_country")
    await page.select_option("#f-ship_country", "ID")
    await page.wait_for_selector("#shipping-ways >> text=$12.00")
    assert await page.inner_text("label[for=f-ship_region]") == "Province"
    assert await page.input_value("#f-ship_line1") == "5 Main Street"
    assert await page.evaluate("document.activeElement.id") == "f-ship_country"
    total = await page.inner_text("#checkout-summary [data-total] dd")
    assert total in await page.inner_text(".place p")
    watched.assert_quiet()


async def test_a_suggestion_leads_to_its_product(served: Served, open_page: OpenPage) -> None:
    """The combobox under the search field, by keyboard."""
    watched = await open_page()
    page = watched.page
    await page.goto(served.at("/"))
    await page.locator("#search").press_sequentially("dawn m")
    await page.wait_for_selector("#suggestions [role=option] >> text=Dawn Mug")
    await page.keyboard.press("ArrowUp")  # from the field to the last one: products stand below words
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/products/dawn-mug")
    watched.assert_quiet()
