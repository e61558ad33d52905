"""Staff keep the catalogue on pages: plain forms over HTTP, no browser and no script."""

from __future__ import annotations

import re
from uuid import UUID

import httpx
import pytest

from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.shop.catalog.importing.run_import import run_import
from support.goods import make_product
from support.office import Office, shopper_office, staff_office
from support.pictures import picture_bytes
from support.shops import Shop, make_shop

NASTY = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,"
    "Variant Grams,Variant Inventory Qty,Variant Price\n"
    'bowl,Bowl,"<p>Two\nlines</p><script>alert(1)</script>",Kiln,,,TRUE,Title,Default Title,B-1,400,3,12.00\n'
    "jar,Jar,,Kiln,,,TRUE,Title,Default Title,J-1,400,3,twelve\n"
)


@pytest.fixture
async def office(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> Office:
    return await staff_office(client, runtime, shop)


def new_fields(**changes: str) -> dict[str, str]:
    """The form of a new product as a browser sends it; empty fields included."""
    names = (
        "handle description vendor category_id tags seo_title seo_description option1 option1_values option2"
        " option2_values option3 option3_values sku-new barcode-new price-USD-new compare-USD-new"
        " price-IDR-new compare-IDR-new"
    )
    fields = dict.fromkeys(names.split(), "")
    fields |= {"title": "Linen Shirt", "status": "active", "weight-new": "200", "active-new": "1"}
    return fields | {"taxable-new": "1", "ships-new": "1"} | changes


async def variants_of(runtime: Runtime, product_id: str) -> list[tuple[str, UUID]]:
    rows = await runtime.database.rows(
        "SELECT title, id FROM variants WHERE product_id = $1 ORDER BY position", UUID(product_id)
    )
    return [(row["title"], row["id"]) for row in rows]


async def made(office: Office, **changes: str) -> str:
    """Make a product by the form and answer its id."""
    path = await office.done("/admin/products/new", new_fields(**changes))
    found = re.fullmatch(r"/admin/products/([0-9a-f-]{36})\?notice=product-made", path)
    assert found, path
    return found[1]


async def test_a_product_with_options_gets_a_variant_for_each_combination(
    office: Office, runtime: Runtime
) -> None:
    options = {"option1": "Size", "option1_values": "S, M", "option2": "Colour", "option2_values": "Sand,Sea"}
    product_id = await made(office, **options, **{"price-USD-new": "48.00", "price-IDR-new": "750000"})
    assert [title for title, _ in await variants_of(runtime, product_id)] == [
        "S / Sand",
        "S / Sea",
        "M / Sand",
        "M / Sea",
    ]
    page = await office.see(f"/admin/products/{product_id}")
    assert page.count("$48.00") == 4
    assert "In the shop" in page
    assert "<h1>Linen Shirt</h1>" in page


async def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(office: Office) -> None:
    answer = await office.send(
        "/admin/products/new", new_fields(title=" ", vendor="Loom", **{"price-USD-new": "4,8"})
    )
    assert answer.status_code == 422
    assert 'href="#f-title"' in answer.text
    assert 'id="f-price-USD-new-error"' in answer.text
    assert 'value="Loom"' in answer.text
    assert 'value="4,8"' in answer.text


async def test_a_taken_address_is_said_beside_the_address(office: Office) -> None:
    await made(office, handle="shirt")
    answer = await office.send("/admin/products/new", new_fields(handle="shirt"))
    assert answer.status_code == 422
    assert "This address is taken." in answer.text


async def test_a_changed_price_has_an_author_and_a_history(office: Office, runtime: Runtime) -> None:
    product_id = await made(office, **{"price-USD-new": "48.00"})
    ((_, variant),) = await variants_of(runtime, product_id)
    fields = {f"{name}-{variant}": "" for name in ("sku", "barcode", "price-IDR", "compare-IDR")}
    fields |= {f"weight-{variant}": "250", f"active-{variant}": "1", f"price-USD-{variant}": "39.50"}
    fields[f"compare-USD-{variant}"] = "48.00"
    path = f"/admin/products/{product_id}/variants/{variant}"
    assert await office.done(path, fields) == f"/admin/products/{product_id}?notice=saved"
    history = await office.see(f"/admin/products/{product_id}/prices")
    assert history.index("$39.50") < history.rindex("$48.00")
    assert "Sari Staff" in history

    wrong = await office.send(path, fields | {f"price-USD-{variant}": ""})
    assert wrong.status_code == 422
    assert "Write the price as well." in wrong.text


async def test_variants_are_added_removed_and_come_back(office: Office, runtime: Runtime) -> None:
    product_id = await made(office, option1="Size", option1_values="S", **{"price-USD-new": "5.00"})
    added = {"value0-new": "XL", "weight-new": "10", "active-new": "1", "price-USD-new": "6.00"}
    await office.done(f"/admin/products/{product_id}/variants", added)
    again = await office.send(f"/admin/products/{product_id}/variants", added)
    assert again.status_code == 422
    assert "There is, or was, a variant with these values." in again.text
    (_, (_, large)) = await variants_of(runtime, product_id)
    path = f"/admin/products/{product_id}/variants/{large}/remove"
    assert "It can no longer be bought." in await office.see(path)
    await office.done(path)
    assert "Not for sale" in await office.see(f"/admin/products/{product_id}")
    await office.done(f"/admin/products/{product_id}/variants", added)
    assert "Not for sale" not in await office.see(f"/admin/products/{product_id}")


async def test_archiving_asks_first_and_can_be_undone(office: Office, runtime: Runtime) -> None:
    product_id = await made(office, status="draft")
    assert "It leaves the shop at once." in await office.see(f"/admin/products/{product_id}/archive")
    path = await office.done(f"/admin/products/{product_id}/archive")
    page = await office.see(path)
    undo = re.search(r'action="(/admin/products/restore\?[^"]+)"', page)
    assert undo
    assert "Undo" in page
    await office.done(undo[1].replace("&amp;", "&"))
    state = "SELECT status FROM products WHERE id = $1"
    assert await runtime.database.value(state, UUID(product_id)) == "draft"


async def test_many_are_archived_together_after_a_question(
    office: Office, runtime: Runtime, shop: Shop
) -> None:
    ids = [str((await make_product(runtime, shop, title=f"Cup {n}")).product_id) for n in range(3)]
    chosen = {"ids": ids[:2], "action": "archive"}
    asked = await office.send("/admin/products/bulk", chosen)
    assert asked.status_code == 200
    assert "Archive 2 products?" in asked.text
    path = await office.done("/admin/products/bulk", chosen | {"confirmed": "1"})
    page = await office.see(path)
    assert "/admin/products/restore?" in page
    archived = await office.see("/admin/products?status=archived")
    assert [one in archived for one in ids] == [True, True, False]
    assert await office.done("/admin/products/bulk", {"action": "archive"}) == (
        "/admin/products?notice=none-chosen"
    )


async def test_the_list_finds_sorts_and_filters(office: Office, runtime: Runtime, shop: Shop) -> None:
    await make_product(runtime, shop, title="Zebra Mug", sku="ZM-1")
    await make_product(runtime, shop, title="Amber Mug", status="draft")
    page = await office.see("/admin/products?sort=title")
    assert page.index("Amber Mug") < page.index("Zebra Mug")
    page = await office.see("/admin/products?sort=-title")
    assert page.index("Zebra Mug") < page.index("Amber Mug")
    assert 'aria-sort="descending"' in page
    assert "Amber Mug" not in await office.see("/admin/products?q=zm-1")
    assert "Zebra Mug" not in await office.see("/admin/products?status=draft")
    assert "Nothing matches" in await office.see("/admin/products?q=nothing-like-it")


async def test_pictures_are_uploaded_described_ordered_and_removed(
    office: Office, runtime: Runtime, shop: Shop
) -> None:
    product = await make_product(runtime, shop)
    path = f"/admin/products/{product.product_id}"
    for colour in ("#336699", "#993333"):
        file = {"file": ("cup.png", picture_bytes(colour=colour), "image/png")}
        assert await office.done(f"{path}/media", {"alt": f"A {colour} cup", "url": ""}, files=file) == (
            f"{path}?notice=picture-added"
        )
    order = "SELECT id, alt FROM product_media WHERE product_id = $1 ORDER BY position, id"
    first, second = await runtime.database.rows(order, product.product_id)
    await office.done(f"{path}/media/{second['id']}", {"step": "earlier"})
    await office.done(f"{path}/media/{first['id']}", {f"alt-{first['id']}": "Blue"})
    rows = await runtime.database.rows(order, product.product_id)
    assert [row["alt"] for row in rows] == ["A #993333 cup", "Blue"]
    await office.done(f"{path}/media/{first['id']}", {"step": "remove"})
    assert len(await runtime.database.rows(order, product.product_id)) == 1

    refused = await office.send(f"{path}/media", {"alt": "", "url": ""}, {"file": ("x.png", b"no picture")})
    assert refused.status_code == 422
    assert 'id="f-file-error"' in refused.text
    empty = await office.send(f"{path}/media", {"alt": "", "url": "ftp://x"})
    assert "Write an address that begins with https://" in empty.text


async def test_categories_make_a_tree_and_are_refused_with_reasons(
    office: Office, runtime: Runtime, shop: Shop
) -> None:
    blank = {"handle": "", "description": "", "position": "0", "is_active": "1"}
    await office.done("/admin/categories/new", blank | {"title": "Kitchen", "parent_id": ""})
    find = "SELECT id FROM categories WHERE company_id = $1 AND title = $2"
    kitchen = await runtime.database.value(find, shop.company_id, "Kitchen")
    await office.done("/admin/categories/new", blank | {"title": "Cups", "parent_id": str(kitchen)})
    cups = await runtime.database.value(find, shop.company_id, "Cups")
    page = await office.see("/admin/categories")
    assert page.index("Kitchen</a>") < page.index("Cups</a>")
    assert 'data-depth="1"' in page

    circle = await office.send(
        f"/admin/categories/{kitchen}", blank | {"title": "Kitchen", "parent_id": str(cups)}
    )
    assert circle.status_code == 422
    assert "A category cannot stand below itself" in circle.text
    refused = await office.send(f"/admin/categories/{kitchen}/remove", {"move_to": ""})
    assert refused.status_code == 409
    assert "There are products or categories in it." in refused.text
    await office.done(f"/admin/categories/{cups}/remove", {"move_to": ""})
    await office.done(f"/admin/categories/{kitchen}/remove", {"move_to": ""})
    assert "No categories yet" in await office.see("/admin/categories")


async def test_an_import_is_watched_and_its_report_names_lines(
    office: Office, runtime: Runtime, shop: Shop
) -> None:
    file = {"file": ("goods.csv", NASTY.encode(), "text/csv")}
    path = await office.done("/admin/imports", {"currency": "USD"}, files=file)
    waiting = await office.client.get(path, headers=shop.headers)
    assert waiting.headers["refresh"] == "2"
    import_id = path.rpartition("/")[2]
    await run_import(runtime, {"companyId": str(shop.company_id), "importId": import_id})
    done = await office.client.get(path, headers=shop.headers)
    assert "refresh" not in done.headers
    row = re.search(r"<tr>\s*<th scope=\"row\"[^>]*>\s*4\s*</th>.*?Left out", done.text, re.DOTALL)
    assert row, "the bad price stands in the file's fourth physical line"
    assert "<script>alert" not in done.text
    assert "goods.csv" in await office.see("/admin/imports")
    export = await office.client.get("/admin/products/export.csv", headers=shop.headers)
    assert export.headers["content-type"].startswith("text/csv")
    assert "bowl,Bowl" in export.text

    nothing = await office.send("/admin/imports", {"currency": "EUR"})
    assert nothing.status_code == 422
    assert "Choose the file to import." in nothing.text
    assert "Choose the currency" in nothing.text


PAGES = (
    "/admin",
    "/admin/products",
    "/admin/products/new",
    "/admin/categories",
    "/admin/categories/new",
    "/admin/imports",
    "/admin/stock",
    "/admin/stock/locations",
    "/admin/orders",
    "/admin/customers",
    "/admin/tax",
    "/admin/tax/new",
    "/admin/shipping",
    "/admin/shipping/new",
)


async def test_every_page_has_one_heading_and_speaks_both_languages(office: Office) -> None:
    for language, lang in (("en", 'lang="en"'), ("id", 'lang="id"')):
        office.language = language
        for path in PAGES:
            page = await office.see(path)
            assert page.count("<h1") == 1, path
            assert f"<html {lang}" in page, path


async def test_guests_are_sent_to_sign_in_and_shoppers_are_refused(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    shopper = await shopper_office(client, runtime, shop)
    for path in PAGES:
        guest = await client.get(path, headers=shop.headers)
        assert guest.status_code == 303, path
        assert guest.headers["location"] == f"/sign-in?back={path.replace('/', '%2F')}"
        await shopper.see(path, 403)
    assert (await shopper.send("/admin/products/new", new_fields())).status_code == 403


async def test_staff_of_another_company_find_nothing_of_ours(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    product = await make_product(runtime, shop)
    other = await make_shop(runtime)
    stranger = await staff_office(client, runtime, other)
    ours = f"/admin/products/{product.product_id}"
    for path in (ours, f"{ours}/archive", f"{ours}/prices", f"/admin/stock/{product.variant_ids[0]}"):
        await stranger.see(path, 404)
    assert (await stranger.send(f"{ours}/archive")).status_code == 404
    assert (await stranger.send(ours, new_fields())).status_code == 404
    await stranger.see(f"/admin/imports/{new_id()}", 404)
    both = {"ids": [str(product.product_id)], "action": "archive", "confirmed": "1"}
    assert (await stranger.send("/admin/products/bulk", both)).status_code == 404
    state = "SELECT status FROM products WHERE id = $1"
    assert await runtime.database.value(state, product.product_id) == "active"


async def test_a_form_without_its_token_is_refused(office: Office, shop: Shop) -> None:
    answer = await office.client.post("/admin/products/new", data=new_fields(), headers=shop.headers)
    assert answer.status_code == 403
