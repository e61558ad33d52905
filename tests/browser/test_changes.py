"""The shop changes under the buyer's hands: sold out, dearer, signed in meanwhile."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import expect

from browser.conftest import HOSTS_REMEMBERED, OpenPage, Served
from browser.steps import add_simple, fill_checkout, headline, place
from pasar.kernel.db.database import fetch
from pasar.kernel.ids import new_id
from support.goods import MadeProduct, make_product
from support.selling import make_selling_shop

pytestmark = pytest.mark.browser


async def small_shop(served: Served) -> tuple[str, MadeProduct]:
    """A shop of its own at a host of its own, with one product at 12.00 and ten on hand."""
    shop = await make_selling_shop(served.runtime)
    host = f"small-{new_id().hex[-8:]}.localhost"
    product = await make_product(served.runtime, shop, title="Bowl")
    async with served.runtime.database.transaction() as session:
        await fetch(session, "UPDATE sites SET host = $2 WHERE id = $1", (shop.site_id, host))
    await asyncio.sleep(HOSTS_REMEMBERED)
    return host, product


async def change(served: Served, statement: str, product: MadeProduct, value: int) -> None:
    async with served.runtime.database.transaction() as session:
        assert await fetch(session, statement + " RETURNING 1", (product.variant_ids[0], value))


async def test_what_sells_out_meanwhile_is_said_in_the_cart(served: Served, open_page: OpenPage) -> None:
    """The checkout sends the buyer back to the cart, which says what to do about it."""
    page = (await open_page(script=False)).page
    host, product = await small_shop(served)
    await page.goto(served.at(f"/products/{product.handle}", host))
    await page.fill("#f-quantity", "3")
    await page.click("[data-add]")
    await page.goto(served.at("/checkout", host))
    await fill_checkout(page, "late@example.com")
    await change(served, "UPDATE stock_levels SET on_hand = $2 WHERE variant_id = $1", product, 1)
    await place(page)
    assert await headline(page) == "Your cart"
    await expect(page.locator(".line .field-error")).to_contain_text("Only 1 left")
    assert await page.locator("a[href='/checkout']").count() == 0
    await page.fill(".line input[name=quantity]", "5")
    await page.click(".line >> text=Update")
    await expect(page.locator(".error-summary")).to_contain_text("Only 1 left")
    await page.fill(".line input[name=quantity]", "1")
    await page.click(".line >> text=Update")
    await page.click("text=Go to checkout")
    assert await headline(page) == "Checkout"


async def test_a_changed_price_is_shown_before_anything_is_ordered(
    served: Served, open_page: OpenPage
) -> None:
    page = (await open_page(script=False)).page
    host, product = await small_shop(served)
    await add_simple(page, served, host, f"/products/{product.handle}")
    await page.goto(served.at("/checkout", host))
    await fill_checkout(page, "dear@example.com")
    await change(served, "UPDATE prices SET amount = $2 WHERE variant_id = $1", product, 2500)
    await place(page)
    await expect(page.locator(".error-summary")).to_contain_text("look at the total once more")
    await expect(page.locator(".place p")).to_contain_text("$30.00")
    await place(page)
    assert await headline(page) == "Thank you, your order is with us"
    await expect(page.locator(".summary [data-total] dd")).to_have_text("$30.00")


async def test_an_account_takes_the_guests_cart_and_remembers_the_address(
    served: Served, open_page: OpenPage
) -> None:
    """Register with a full cart, order, order again without typing, cancel, sign out, fail to sign in."""
    page = (await open_page(script=False)).page
    email = f"account-{new_id().hex}@example.com"
    await add_simple(page, served)
    await page.goto(served.at("/register?back=/cart"))
    await page.fill("#f-name", "Budi Buyer")
    await page.fill("#f-email", email)
    await page.fill("#f-password", "correct horse battery")
    await page.click("main button[data-kind=primary]")
    assert await headline(page) == "Your cart"
    await expect(page.locator(".line")).to_have_count(1)
    await page.click("text=Go to checkout")
    await fill_checkout(page, email)
    await place(page)
    assert await headline(page) == "Thank you, your order is with us"

    await add_simple(page, served)
    await page.goto(served.at("/checkout"))
    assert await page.input_value("#f-ship_line1") == "5 Main Street"
    await page.goto(served.at("/account/orders"))
    await page.click(".order-list a")
    await page.click("text=Cancel this order")
    await page.click("text=Cancel the order")
    await expect(page.locator("main")).to_contain_text("The order is cancelled.")
    await expect(page.locator(".timeline")).to_contain_text("Cancelled")

    await page.goto(served.at("/account"))
    await page.click("main >> text=Sign out")
    await page.goto(served.at("/cart"))
    await expect(page.locator("main")).to_contain_text("Your cart is empty")
    await page.goto(served.at("/sign-in"))
    await page.fill("#f-email", email)
    await page.fill("#f-password", "wrong horse battery")
    await page.click("main button[data-kind=primary]")
    await expect(page.locator(".error-summary")).to_contain_text("is not right")
    assert await page.input_value("#f-email") == email
