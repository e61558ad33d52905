"""Staff at work in real Chromium: goods, stock, orders and imports, with and without script."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from browser.conftest import PASSWORD, OpenPage, Served
from browser.steps import SIMPLE, add_simple, fill_checkout, headline, place
from browser.test_pages import check
from pasar.kernel.ids import new_id
from pasar.roles.registry import JOBS
from pasar.shop.catalog.importing.run_import import run_import
from support.colleagues import link_token, make_colleague
from support.people import PASSWORD as STAFF_PASSWORD
from support.pictures import picture_bytes
from support.shops import Shop

pytestmark = pytest.mark.browser
APPAREL = Path(__file__).parents[3] / "shared" / "data" / "shopify" / "apparel.csv"
SHOP_FOLLOWS = 2.0
"""Seconds after which the shop's search has seen what staff changed."""
PAGES = (
    "/admin",
    "/admin?currency=IDR",
    "/admin/products",
    "/admin/products?q=zzzqqq",
    "/admin/products/new",
    "/admin/categories",
    "/admin/categories/new",
    "/admin/stock",
    "/admin/stock?show=low",
    "/admin/stock/locations",
    "/admin/orders",
    "/admin/orders?status=open",
    "/admin/customers",
    "/admin/imports",
    "/admin/tax",
    "/admin/tax/new",
    "/admin/shipping",
    "/admin/shipping/new",
)
PEOPLE = (
    "/admin/staff",
    "/admin/staff?q=zzzqqq",
    "/admin/staff/invite",
    "/admin/roles",
    "/admin/roles/new",
    "/admin/api-keys",
    "/admin/api-keys/new",
    "/admin/audit",
    "/admin/audit?q=zzzqqq",
    "/admin/sites",
    "/admin/sites/new",
    "/admin/settings",
    "/admin/settings/security",
)
LISTS = ("products", "categories", "stock", "orders", "customers", "tax", "shipping", "staff", "audit")


async def sign_in(
    page: Page, served: Served, email: str | None = None, back: str = "/admin", password: str = PASSWORD
) -> None:
    """Sign in by the form and come back to `back`."""
    await page.goto(served.at(back))
    assert await headline(page) == "Sign in"
    await page.fill("#f-email", email or served.demo.owner_email)
    await page.fill("#f-password", password)
    await page.click("main button[data-kind=primary]")


async def run_imports(served: Served) -> None:
    """Do what the worker does: no worker runs beside these tests."""
    assert any(job.name == "catalog.import" for job in JOBS)
    waiting = "SELECT id FROM catalog_imports WHERE company_id = $1 AND status = 'waiting'"
    for row in await served.runtime.database.rows(waiting, served.demo.company_id):
        payload = {"companyId": str(served.demo.company_id), "importId": str(row["id"])}
        await run_import(served.runtime, payload)


@pytest.mark.parametrize("width", [360, 1280])
async def test_every_page_is_readable_for_all(served: Served, open_page: OpenPage, width: int) -> None:
    """One heading, nothing sideways, no violation of the security policy, nothing serious found by axe."""
    watched = await open_page(width=width, dark=width == 360)
    page = watched.page
    await sign_in(page, served)
    assert await headline(page) == "Overview"
    for path in PAGES + PEOPLE:
        await page.goto(served.at(path))
        await check(page, path)
    for name in LISTS:
        await page.goto(served.at(f"/admin/{name}"))
        href = await page.locator("main .data tbody th a").first.get_attribute("href")
        assert href
        await page.goto(served.at(href))
        await check(page, href)
    watched.assert_quiet()


async def test_a_product_from_nothing_to_the_shop(served: Served, open_page: OpenPage) -> None:
    """Make it with options, mend a mistake, change a price, give it a picture and stock, and see it sold."""
    watched = await open_page()
    page, title = watched.page, f"Reed Basket {new_id().hex[-8:]}"
    await sign_in(page, served, back="/admin/products/new")
    await page.fill("#f-title", title)
    await page.select_option("#f-status", "active")
    await page.fill("#f-option1", "Size")
    await page.click("text=Make the product")
    await expect(page.locator(".error-summary")).to_contain_text("Write the values that buyers choose from")
    assert await page.input_value("#f-title") == title, "nothing typed is lost"
    await page.fill("#f-option1_values", "Small, Large")
    await page.fill("#f-price-USD-new", "19.50")
    await page.click("text=Make the product")
    assert await headline(page) == title

    large = page.locator("details.variant", has_text="Large")
    await large.locator("summary").click()
    await large.get_by_label("Price in USD").fill("26.00")
    await large.locator("text=Save the variant").click()
    await expect(large.locator("summary")).to_contain_text("$26.00")
    await page.set_input_files(
        "#f-file", {"name": "basket.png", "mimeType": "image/png", "buffer": picture_bytes()}
    )
    await page.locator("form", has=page.locator("#f-file")).get_by_label("What it shows").fill("A basket")
    await page.click("text=Add the picture")
    await expect(page.locator(".media-list li")).to_have_count(1)

    await large.locator("summary").click()
    await large.locator("text=Stock and backorder").click()
    await page.fill("#f-amount", "4")
    await page.click("main button[data-kind=primary]")
    await expect(page.locator(".stat", has_text="Available").locator(".stat-value")).to_have_text("4")

    await asyncio.sleep(SHOP_FOLLOWS)
    await page.click("text=To the product")
    await page.click("text=See it in the shop")
    assert await headline(page) == title
    await expect(page.locator("[data-price]")).to_contain_text("$26.00")
    await expect(page.locator("main img").first).to_have_attribute("alt", "A basket")
    watched.assert_quiet()


async def test_orders_are_brought_on_without_script(served: Served, open_page: OpenPage) -> None:
    """From placed to delivered by plain forms, and another one cancelled."""
    buyer = (await open_page(script=False)).page
    numbers = []
    for _ in range(2):
        await add_simple(buyer, served)
        await buyer.goto(served.at("/checkout"))
        await fill_checkout(buyer, f"staff-{new_id().hex}@example.com")
        await place(buyer)
        numbers.append(await buyer.inner_text(".facts >> text=/ORD-/"))
    page = (await open_page(script=False)).page
    await sign_in(page, served, back=f"/admin/orders?q={numbers[0]}")
    await page.click(f"text={numbers[0]}")
    await page.click("main button:text-is('Confirm')")
    await expect(page.locator(".notice")).to_contain_text("Confirmed.")
    await page.click("text=Start packing")
    await page.click("main button:text-is('Ship')")
    await expect(page.locator(".error-summary")).to_contain_text("Say who carries it.")
    await page.fill("#f-carrier", "UPS")
    await page.fill("#f-tracking_number", "1Z999AA10123456784")
    await page.click("main button:text-is('Ship')")
    await expect(page.locator("a", has_text="Follow the parcel")).to_have_count(1)
    await page.click("text=Mark as delivered")
    await expect(page.locator(".timeline [data-state=done]")).to_have_count(5)
    await expect(page.locator("main form")).to_have_count(0)

    await page.goto(served.at(f"/admin/orders?q={numbers[1]}"))
    await page.click(f"text={numbers[1]}")
    await page.fill("#f-reason", "The buyer asked for it.")
    await page.click("main button:text-is('Cancel the order')")
    await expect(page.locator(".notice")).to_contain_text("back on sale")
    await buyer.goto(served.at(SIMPLE))
    await expect(buyer.locator("[data-add]")).to_be_enabled()


async def test_an_import_is_reported_line_by_line(
    served: Served, open_page: OpenPage, tmp_path: Path
) -> None:
    """A nasty file: quotes over lines, script in a text, a price in words. The page looks again by itself."""
    file = tmp_path / "nasty.csv"
    handle = f"nasty-{new_id().hex[-8:]}"
    file.write_text(
        "Handle,Title,Body (HTML),Published,Variant SKU,Variant Inventory Qty,Variant Price\n"
        f'{handle},"Jar, ""large""","<p>Two\nlines</p><script>alert(1)</script>",TRUE,,3,12.00\n'
        f"{handle}-b,Lid,,TRUE,,3,twelve\n",
        encoding="utf-8",
    )
    watched = await open_page()
    page = watched.page
    await sign_in(page, served, back="/admin/imports")
    await page.set_input_files("#f-file", file)
    await page.click("main button[data-kind=primary]")
    await expect(page.locator("main")).to_contain_text("waits for its turn")
    await run_imports(served)
    await expect(page.locator(".badge").first).to_have_text("Done")
    row = page.locator("main .data tbody tr", has_text="Left out")
    await expect(row.locator("th")).to_have_text("4")
    await page.goto(served.at(f"/admin/products?q={handle}"))
    await page.goto(served.at("/admin/products?q=Jar"))
    await expect(page.locator("main .data tbody th a")).to_have_text('Jar, "large"')
    watched.assert_quiet()


@pytest.mark.skipif(not APPAREL.exists(), reason="the shared Shopify files are not beside the project")
async def test_a_real_shopify_file_is_imported(served: Served, open_page: OpenPage) -> None:
    page = (await open_page(script=False)).page
    await sign_in(page, served, back="/admin/imports")
    await page.set_input_files("#f-file", APPAREL)
    await page.click("main button[data-kind=primary]")
    await run_imports(served)
    await page.reload()
    await expect(page.locator(".badge").first).to_have_text("Done")
    made = await page.locator(".stat", has_text="New products").locator(".stat-value").inner_text()
    assert int(made) > 0


async def test_shoppers_and_guests_stay_outside(served: Served, open_page: OpenPage) -> None:
    """A guest comes back after signing in; a shopper is told that the door is closed."""
    page = (await open_page()).page
    await sign_in(page, served, served.demo.shopper_email, back="/admin/orders?status=open")
    assert await headline(page) == "This door is closed"
    assert re.search(r"/admin/orders\?status=open", page.url)


async def test_the_back_office_speaks_indonesian(served: Served, open_page: OpenPage) -> None:
    page = (await open_page()).page
    await sign_in(page, served)
    await page.click("button[lang=id]")
    assert await headline(page) != "Overview"
    await page.goto(served.at("/admin/orders"))
    assert await headline(page) == "Pesanan"
    assert await page.get_attribute("html", "lang") == "id"


async def test_the_pages_of_people_in_indonesian_on_a_phone(served: Served, open_page: OpenPage) -> None:
    """Longer words than English ones, and still nothing is wider than the screen."""
    watched = await open_page(width=360)
    page = watched.page
    await sign_in(page, served)
    await page.click("button[popovertarget=admin-nav]")
    await page.click("button[lang=id]")
    for path in PEOPLE:
        await page.goto(served.at(path))
        assert await page.get_attribute("html", "lang") == "id"
        await check(page, path)
    await page.goto(served.at("/admin/sites"))
    await page.click("main .panel a")
    await check(page, "/admin/sites/…")
    watched.assert_quiet()


async def test_what_is_made_for_people_is_readable_for_all(served: Served, open_page: OpenPage) -> None:
    """A role, a key shown once, an invitation as both sides see it, a site, a factor that is being set up."""
    shop = Shop(served.demo.company_id, served.demo.site_id)
    owner, invited = await make_colleague(served.runtime, shop), f"a-very-{'long-' * 10}name@example.com"
    watched = await open_page(width=360, dark=True)
    page = watched.page
    await sign_in(page, served, owner.email, password=STAFF_PASSWORD)
    await page.goto(served.at("/admin/roles/new"))
    await page.fill("#f-name", f"Packers {new_id().hex[-6:]}")
    await page.check("input[value='orders:read']")
    await page.click("main button[data-kind=primary]")
    await page.wait_for_url("**/admin/roles?*")
    await page.locator("details.disclosure").first.click()
    await page.click("details.disclosure >> nth=0 >> a")
    await check(page, "/admin/roles/…")
    await page.goto(served.at("/admin/api-keys/new"))
    await page.fill("#f-name", "Warehouse scanner")
    await page.check("input[value='inventory:read']")
    await page.click("main button[data-kind=primary]")
    await expect(page.locator("main code").first).to_contain_text("pasar_")
    await check(page, "a new key")
    await page.click("main a[data-kind=primary]")
    await check(page, "/admin/api-keys/…")
    await page.goto(served.at("/admin/staff/invite"))
    await page.fill("#f-email", invited)
    await page.select_option("#f-role", "viewer")
    await page.click("main button[data-kind=primary]")
    await page.goto(served.at("/admin/staff"))
    await check(page, "/admin/staff with an invitation")
    await page.click(f"text={invited}")
    await check(page, "/admin/staff/invitations/…")
    token = await link_token(served.runtime, shop, UUID(urlsplit(page.url).path.rpartition("/")[2]))
    await page.goto(served.at("/account/security"))
    await page.click("form[action='/account/security/totp'] button")
    await check(page, "/account/security/totp")
    await page.goto(served.at(f"/invitations/{token}"))
    await check(page, "an invitation for somebody else")
    guest = (await open_page(width=360)).page
    await guest.goto(served.at(f"/invitations/{token}"))
    await check(guest, "an invitation")
    watched.assert_quiet()
