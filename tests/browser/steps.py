"""What a buyer does, step by step, with and without script."""

from __future__ import annotations

from playwright.async_api import Page

from browser.conftest import Served

ADDRESS = {
    "ship_name": "Ann Lee",
    "ship_line1": "5 Main Street",
    "ship_city": "Portland",
    "ship_region": "Oregon",
    "ship_postal_code": "97201",
}
SIMPLE = "/products/ripple-serving-bowl"
"""A demo product without options, in stock."""


async def add_simple(page: Page, served: Served, host: str = "localhost", path: str = SIMPLE) -> None:
    """Put one piece of a product without options into the cart."""
    await page.goto(served.at(path, host))
    await page.click("[data-add]")
    await page.wait_for_url("**/cart?*")


async def fill_checkout(page: Page, email: str, **changes: str) -> None:
    """Fill in the checkout's form for an American address."""
    await page.fill("#f-email", email)
    for name, text in (ADDRESS | changes).items():
        await page.fill(f"#f-{name}", text)
    await page.check("input[name=payment_method][value=bank_transfer]")


async def place(page: Page) -> None:
    """Press "Place order" and wait for the answer."""
    async with page.expect_navigation():
        await page.click("button[value=place]")


async def headline(page: Page) -> str:
    """The page's one h1."""
    return await page.locator("h1").inner_text()
