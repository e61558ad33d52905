"""English or Indonesian: by the browser's wish, by the switch, by the site."""

from __future__ import annotations

import pytest

from browser.conftest import OpenPage, Served
from browser.steps import headline

pytestmark = pytest.mark.browser


async def test_the_browser_asks_for_indonesian(served: Served, open_page: OpenPage) -> None:
    page = (await open_page(language="id-ID", script=False)).page
    await page.goto(served.at("/cart"))
    assert await page.get_attribute("html", "lang") == "id"
    assert await headline(page) == "Keranjang Anda"


async def test_the_switch_changes_the_language_and_stays_on_the_page(
    served: Served, open_page: OpenPage
) -> None:
    page = (await open_page(script=False)).page
    await page.goto(served.at("/products?sort=price_asc"))
    await page.click(".languages [lang=id]")
    assert page.url.endswith("/products?sort=price_asc")
    assert await headline(page) == "Semua barang di toko"
    await page.goto(served.at("/sign-in"))
    assert await headline(page) == "Masuk", "the choice is kept"
    await page.click(".languages [lang=en]")
    assert await headline(page) == "Sign in"


async def test_the_indonesian_site_sells_in_rupiah(served: Served, open_page: OpenPage) -> None:
    """Another host, the same goods: its language without a wish, its currency in any case."""
    page = (await open_page(language="fr-FR", script=False)).page
    await page.goto(served.at("/", "id.localhost"))
    assert await page.get_attribute("html", "lang") == "id"
    assert "Rp" in await page.locator(".price").first.inner_text()
