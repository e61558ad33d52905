"""Take the pictures of the documentation from a running demo shop.

    script/server                      # in another window: the shop with its demo
    python docs/pictures/take.py       # or with the shop's address as argument
    python docs/pictures/take.py http://localhost:8000 PASSWORD   # back office, account

PASSWORD is the demo's. Needs the test extra (Playwright) and a Chromium at /usr/bin/chromium or
PASAR_CHROMIUM. It places an order in the shop and invites staff, so use one that is there to be played with.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
CHROMIUM = os.environ.get("PASAR_CHROMIUM", "/usr/bin/chromium")
SWITCHES = ("--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking")
WIDTH, HEIGHT = 1280, 860
LARGEST = 120_000
"""Bytes of a picture: a README is read on phones, too."""
QUALITIES = (88, 80, 72, 64, 56, 48, 40)
OWNER = "owner@pasar.test"
SHOPPER = "shopper@pasar.test"
COLLEAGUES = {"citra": "catalogue", "oscar": "orders"}
AUTUMN = b"""Handle,Title,Body (HTML),Vendor,Published,Variant SKU,Variant Inventory Qty,Variant Price
walnut-tray,Walnut Tray,<p>Oiled by hand.</p>,Tukang & Daughters,FALSE,TRAY-WAL,6,38.00
amber-candle,Amber Candle,,Bee Line,FALSE,CANDLE-AMB,12,nine
"""
ADDRESS = {
    "email": "ann@example.com",
    "ship_name": "Ann Lee",
    "ship_line1": "5 Main Street",
    "ship_postal_code": "97201",
    "ship_city": "Portland",
    "ship_region": "Oregon",
}


def keep(page: Page, name: str) -> None:
    """Store what the window shows as WebP, in the best quality that is small enough."""
    page.wait_for_load_state("networkidle")
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for quality in QUALITIES:
        body = io.BytesIO()
        shot.save(body, "WEBP", quality=quality, method=6)
        if body.tell() < LARGEST:
            (HERE / f"{name}.webp").write_bytes(body.getvalue())
            print(f"{name}.webp  {body.tell() // 1000} kB")  # noqa: T201  a script that speaks to its user
            return
    raise SystemExit(f"{name} stays above {LARGEST} bytes")


def take(page: Page, shop: str) -> None:
    """Walk from the first page to the confirmation."""
    page.goto(shop)
    keep(page, "home")
    page.goto(f"{shop}/products/market-apron")
    keep(page, "product")
    for handle in ("market-apron", "dawn-mug", "ripple-serving-bowl"):
        page.goto(f"{shop}/products/{handle}")
        page.click("[data-add]")
        page.wait_for_url("**/cart?*")
    page.goto(f"{shop}/cart")
    keep(page, "cart")
    page.goto(f"{shop}/checkout")
    for name, text in ADDRESS.items():
        page.fill(f"#f-{name}", text)
    page.check("input[value=bank_transfer]")
    page.wait_for_timeout(500)  # shipping and total follow the address
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    keep(page, "checkout")
    page.click("button[value=place]")
    page.wait_for_url("**/orders/placed/*")
    keep(page, "confirmation")


def first_row(page: Page, address: str) -> None:
    """Open what the first row of a list names."""
    page.goto(address)
    page.click("main .data tbody th a")
    page.wait_for_load_state("networkidle")


def take_back_office(page: Page, shop: str, password: str) -> None:
    """Walk through the back office as the demo's owner; imports a small file with a mistake."""
    page.goto(f"{shop}/admin")
    page.fill("#f-email", OWNER)
    page.fill("#f-password", password)
    page.click("main button[data-kind=primary]")
    page.goto(f"{shop}/admin")
    keep(page, "admin-overview")
    first_row(page, f"{shop}/admin/products?q=mango")
    page.click("details.variant >> nth=0 >> summary")
    keep(page, "admin-product")
    first_row(page, f"{shop}/admin/stock?q=MUG-SEA")
    keep(page, "admin-stock")
    first_row(page, f"{shop}/admin/orders?status=processing")
    keep(page, "admin-order")
    page.goto(f"{shop}/admin/shipping")
    keep(page, "admin-shipping")
    page.goto(f"{shop}/admin/imports")
    page.set_input_files("#f-file", {"name": "autumn.csv", "mimeType": "text/csv", "buffer": AUTUMN})
    page.click("main button[data-kind=primary]")
    page.wait_for_selector(".badge[data-tone=success]", timeout=60_000)
    keep(page, "admin-import")


def take_people(page: Page, shop: str) -> None:
    """Invite two colleagues, then show the staff and what the audit log noted of it."""
    for name, role in COLLEAGUES.items():
        page.goto(f"{shop}/admin/staff/invite")
        page.fill("#f-email", f"{name}@pasar.test")
        page.select_option("#f-role", role)
        page.click("main button[data-kind=primary]")  # invited before: the page says so, and nothing changes
    page.goto(f"{shop}/admin/staff")
    keep(page, "admin-staff")
    first_row(page, f"{shop}/admin/categories")
    page.fill("#f-description", "What a table needs, and what makes it worth sitting down.")
    page.click("main button[data-kind=primary]")
    page.goto(f"{shop}/admin/audit")
    keep(page, "admin-audit")


def take_account(page: Page, shop: str, password: str) -> None:
    """How the demo's shopper protects the account."""
    page.goto(f"{shop}/account/security")
    page.fill("#f-email", SHOPPER)
    page.fill("#f-password", password)
    page.click("form[action='/sign-in'] button")
    page.goto(f"{shop}/account/security")
    keep(page, "account-security")


def main() -> None:
    """Take the pictures of the shop at the address given, else at the usual one; with a password, of its
    back office and of an account."""
    shop = (sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000").rstrip("/")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="en-US")
        if len(sys.argv) > 2:
            take_back_office(page, shop, sys.argv[2])
            take_people(page, shop)
            page.context.clear_cookies()
            take_account(page, shop, sys.argv[2])
        else:
            take(page, shop)
        browser.close()


if __name__ == "__main__":
    main()
