"""Script tags, event handlers and quotes, written into every text field, stay text on every page."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from playwright.async_api import Page

from browser.conftest import HOSTS_REMEMBERED, OpenPage, Served, Watched
from browser.steps import add_simple, headline, place
from pasar.kernel.db.database import fetch
from pasar.kernel.ids import new_id
from pasar.shop.catalog.actions.upsert_products import upsert_products
from pasar.shop.catalog.drafts import ProductDraft, VariantDraft
from pasar.shop.inventory.public import set_initial_stock
from support.selling import make_selling_shop
from support.shops import Shop

pytestmark = pytest.mark.browser
HURT = (
    "<script>window.hurt=1</script><img src=x onerror=window.hurt=1>\"'><svg/onload=window.hurt=1>'; DROP--"
)

SHORT = "<script>window.hurt=1</script><img src=x onerror=hurt=1>"
"""For fields of 64 characters."""


async def hostile_shop(served: Served) -> tuple[Shop, str, str]:
    """A shop whose every text is an attack; with the host and the product's path."""
    shop = await make_selling_shop(served.runtime)
    host = f"hostile-{new_id().hex[-8:]}.localhost"
    handle = f"hostile-{new_id().hex[-8:]}"
    variants = tuple(
        VariantDraft(option_values=(f"{size} {HURT}",), sku=SHORT, weight_grams=100, price_minor=1200)
        for size in ("S", "M")
    )
    draft = ProductDraft(
        handle=handle,
        title=HURT,
        description_html=f"<p onclick='window.hurt=1'>{HURT}</p><iframe srcdoc='{HURT}'></iframe>",
        vendor=HURT,
        category_title=HURT,
        tags=(HURT,),
        option_names=(HURT,),
        seo_title=HURT,
        seo_description=HURT,
        variants=variants,
    )
    async with served.runtime.database.transaction() as session:
        await fetch(
            session, "UPDATE sites SET host = $2, name = $3 WHERE id = $1", (shop.site_id, host, HURT)
        )
        (made,) = await upsert_products(
            session, shop.company_id, [draft], author="test", currency="USD", at=datetime.now(UTC)
        )
        assert made.product_id is not None, made.problem
        await set_initial_stock(
            session, shop.company_id, [(variant, 9, False) for variant in made.variants.values()]
        )
    await asyncio.sleep(HOSTS_REMEMBERED)
    return shop, host, f"/products/{handle}"


async def assert_unhurt(watched: Watched) -> None:
    await watched.page.wait_for_load_state("networkidle")
    assert await watched.page.evaluate("window.hurt") is None, watched.page.url
    assert await watched.page.locator("iframe, svg[onload], img[onerror]").count() == 0
    watched.assert_quiet()


async def fill_hostile(page: Page) -> None:
    await page.fill("#f-email", "hostile@example.com")
    for name in ("name", "line1", "line2", "city"):
        await page.fill(f"#f-ship_{name}", HURT)
    await page.fill("#f-ship_region", "CA")
    await page.fill("#f-ship_postal_code", "94105")
    await page.check("input[value=bank_transfer]")


async def test_hostile_text_stays_text_on_every_page(served: Served, open_page: OpenPage) -> None:
    watched = await open_page()
    page = watched.page
    _, host, path = await hostile_shop(served)
    for visited in (
        "/",
        "/products",
        path,
        "/search?q=%3Cscript%3Ewindow.hurt%3D1%3C%2Fscript%3E",
        "/sign-in",
    ):
        await page.goto(served.at(visited, host))
        await assert_unhurt(watched)
    await page.goto(served.at(path, host))
    assert HURT in await headline(page), "it is shown as it was written"
    await add_simple(page, served, host, path)
    await assert_unhurt(watched)
    await page.goto(served.at("/checkout", host))
    await fill_hostile(page)
    await page.wait_for_timeout(400)
    await assert_unhurt(watched)
    await place(page)
    assert await headline(page) == "Thank you, your order is with us"
    await assert_unhurt(watched)
    await page.click("text=See my order")
    await page.wait_for_url("**/orders/view/*")
    assert "onerror" in await page.locator("address").first.inner_text()
    await assert_unhurt(watched)


async def test_hostile_text_in_refused_forms_comes_back_as_text(served: Served, open_page: OpenPage) -> None:
    watched = await open_page()
    page = watched.page
    await page.goto(served.at("/register"))
    await page.fill("#f-name", HURT)
    await page.fill("#f-email", "hostile@example.com")
    await page.fill("#f-password", "short")
    await page.click("main button[data-kind=primary]")
    await page.wait_for_selector(".error-summary")
    assert await page.input_value("#f-name") == HURT
    await assert_unhurt(watched)
