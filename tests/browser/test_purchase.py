"""A guest buys: without script, by keyboard alone, in a hurry, and while the shop changes under the cart."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from browser.conftest import OpenPage, Served
from browser.steps import SIMPLE, add_simple, fill_checkout, headline, place
from pasar.kernel.ids import new_id

pytestmark = pytest.mark.browser
ORDERS = "SELECT count(*) FROM orders WHERE company_id = $1 AND email = $2"


async def orders_of(served: Served, email: str) -> int:
    return await served.runtime.database.value(ORDERS, served.demo.company_id, email)


async def test_the_whole_purchase_without_script(served: Served, open_page: OpenPage) -> None:
    """Choose an option, see its price, add, change, check out with a mistake, order, find the order again."""
    page = (await open_page(script=False)).page
    email = f"noscript-{new_id().hex}@example.com"
    await page.goto(served.at("/"))
    await page.click("text=See everything")
    await page.fill("#search", "mango wood board")  # other tests fill the shop: the list may be long by now
    await page.press("#search", "Enter")
    await page.click("main a[href='/products/mango-wood-board']")
    before = await page.inner_text("[data-price]")
    await page.check(".options fieldset >> nth=0 >> input >> nth=-1", force=True)
    await page.click("button[name=show]")
    assert await page.inner_text("[data-price]") != before
    dearer = await page.inner_text("[data-price]")
    await page.fill("#f-quantity", "2")
    await page.click("[data-add]")
    assert await headline(page) == "Your cart"
    await expect(page.locator(".line")).to_contain_text(f"{dearer} each")

    await page.fill(".line input[name=quantity]", "1")
    await page.click(".line >> text=Update")
    await expect(page.locator(".line-price")).to_have_text(dearer)
    await page.click("text=Go to checkout")
    await fill_checkout(page, email, ship_postal_code="1")
    await place(page)
    await expect(page.locator(".error-summary")).to_contain_text("ZIP code")
    assert await page.input_value("#f-ship_line1") == "5 Main Street", "nothing typed is lost"
    assert await page.is_checked("input[value=bank_transfer]")

    await page.fill("#f-ship_postal_code", "97201")
    await page.check("#f-shipping_method >> text=Express")
    await page.click("button[value=update]")
    total = await page.inner_text("#checkout-summary [data-total] dd")
    await expect(page.locator(".place p")).to_contain_text(total)
    await place(page)
    assert await headline(page) == "Thank you, your order is with us"
    await expect(page.locator(".summary [data-total] dd")).to_have_text(total)
    number = await page.inner_text(".facts >> text=/ORD-/")
    await page.click("text=See my order")
    await expect(page.locator(".timeline li")).to_have_count(5)

    await page.goto(served.at("/cart"))
    await expect(page.locator("main")).to_contain_text("Your cart is empty")
    await page.goto(served.at("/orders/find"))
    await page.fill("#f-number", number)
    await page.fill("#f-email", "somebody@example.com")
    await page.click("text=Find my order")
    wrong_email = await page.inner_text(".error-summary")
    await page.fill("#f-number", "ORD-20260101-ZZZZZ")
    await page.fill("#f-email", email)
    await page.click("text=Find my order")
    assert await page.inner_text(".error-summary") == wrong_email, "nobody learns which of the two was wrong"
    await page.fill("#f-number", number.lower())
    await page.click("text=Find my order")
    assert number in await headline(page)


async def tab_to(page: Page, selector: str, most: int = 120) -> None:
    """Press Tab until the element is focused."""
    for _ in range(most):
        await page.keyboard.press("Tab")
        if await page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
    raise AssertionError(f"Tab never reaches {selector}")


async def test_the_purchase_by_keyboard_alone(served: Served, open_page: OpenPage) -> None:
    """Every step by Tab, space, arrows and Enter; the mouse stays where it is."""
    page, press = (watched := await open_page()).page, watched.page.keyboard
    email = f"keyboard-{new_id().hex}@example.com"
    await page.goto(served.at("/search?q=ripple+serving+bowl"))
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip", "the way past the menu is first"
    await press.press("Enter")
    await tab_to(page, f"a[href='{SIMPLE}']")
    await press.press("Enter")
    await page.wait_for_url(f"**{SIMPLE}")
    await tab_to(page, "[data-add]")
    await press.press("Enter")
    await page.wait_for_url("**/cart?*")
    await tab_to(page, "a[href='/checkout']")
    await press.press("Enter")
    await page.wait_for_url("**/checkout")
    for name, text in (
        ("email", email),
        ("ship_name", "Ann Lee"),
        ("ship_line1", "5 Main Street"),
        ("ship_postal_code", "97201"),
        ("ship_city", "Portland"),
        ("ship_region", "OR"),
    ):
        await tab_to(page, f"#f-{name}")
        await press.type(text)
    await page.wait_for_timeout(400)  # the total follows the address
    await tab_to(page, "input[name=payment_method]")
    await press.press("Space")
    await tab_to(page, "button[value=place]")
    async with page.expect_navigation():
        await press.press("Enter")
    assert await headline(page) == "Thank you, your order is with us"
    assert await orders_of(served, email) == 1
    watched.assert_quiet()


async def test_a_double_click_makes_one_order(served: Served, open_page: OpenPage) -> None:
    """Without script nothing in the browser holds the second click back."""
    page = (await open_page(script=False)).page
    email = f"twice-{new_id().hex}@example.com"
    await add_simple(page, served)
    await page.goto(served.at("/checkout"))
    await fill_checkout(page, email)
    await page.dblclick("button[value=place]")
    await expect(page.locator("h1")).to_have_text("Thank you, your order is with us")
    assert await orders_of(served, email) == 1


async def test_the_same_form_ten_times_at_once_makes_one_order(served: Served, open_page: OpenPage) -> None:
    """The hidden key and the cart's generation let one through; all hear of the same order."""
    page = (await open_page()).page
    email = f"ten-{new_id().hex}@example.com"
    await add_simple(page, served)
    await page.goto(served.at("/checkout"))
    await fill_checkout(page, email)
    await page.wait_for_timeout(400)
    form = await page.evaluate("() => [...new FormData(document.querySelector('[data-checkout]'))]")
    body = dict(form) | {"do": "place"}
    answers = await asyncio.gather(
        *(page.request.post(served.at("/checkout"), form=body, max_redirects=0) for _ in range(10))
    )
    assert {answer.status for answer in answers} == {303}
    places = {urlsplit(answer.headers["location"]).path for answer in answers}
    assert len(places) == 1
    assert places.pop().startswith("/orders/placed/")
    assert await orders_of(served, email) == 1
