"""A catalogue comes in as a file, comes in again, goes out, and comes into another shop the same."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from pasar.kernel.runtime import Runtime
from pasar.shop.catalog.exporting.command import run_export
from pasar.shop.catalog.exporting.export_products import export_products
from pasar.shop.catalog.importing.command import run_import
from pasar.shop.catalog.importing.import_products import import_products
from pasar.shop.catalog.importing.report import ImportReport
from support.shops import Shop, make_shop

DATA = Path(__file__).parents[5] / "shared" / "data" / "shopify"
REAL = ("apparel.csv", "bicycles.csv", "home-and-garden.csv", "jewelry.csv")

HEADING = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,"
    "Variant Grams,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,"
    "Image Src,Image Position,Image Alt Text,Gift Card,Status,Colour of the box,Variant Rune,Variant Image\n"
)
NASTY = HEADING + (
    'cup,"Cup ""Tide"", large",<p>Bright</p>,Ånga & Søn,Mugs,"blue, sea",true,'
    "Size,S,CUP-S,350,4,deny,12.50,15.00,"
    "https://img.example/a.jpg,1,A cup,false,active,blue,Kaun,\n"
    "cup,,,,,,,,M,CUP-M,400,0,continue,13.50,,https://img.example/b.jpg,2,,,,,,https://img.example/c.jpg\n"
    "cup,,,,,,,,,,,,,,,https://img.example/d.jpg,3,Two\nlines\n".replace("Two\nlines", '"Two\nlines"')
    + "gift,Gift card,,,,,true,,,,,,,25,,,,,true,active,,,\n"
    + "hidden,Hidden,,,,,false,,,SAME,,,,1,,,,,,active,,,\n"
    + "twin,Twin,<script>x</script><b>kept</b>,,,,true,,,SAME,,7,,2,,,,,,draft,,,\n"
    + '"kopi-süß",Kopi 甘い ☕,,,Drinks,,true,,,,,,,3,,,,,,active,,,\n'
    + "cup,,,,,,,,L,CUP-L,450,2,deny,14.50,,,,,,,,,\n"
)

STATE = """
SELECT p.handle, p.title, p.description_html, p.vendor, p.tags, p.status, p.option_names, p.seo_title,
       p.seo_description, p.extra::text, p.in_stock, c.handle AS category, c.title AS category_title,
       (SELECT json_agg(json_build_array(
                   v.position, v.title, v.option_values, v.sku, v.barcode, v.weight_grams, v.taxable,
                   v.requires_shipping, v.allow_backorder, v.is_active, v.extra::text,
                   (SELECT m.source_url FROM product_media m
                     WHERE m.company_id = v.company_id AND m.id = v.media_id),
                   (SELECT json_agg(json_build_array(r.currency, r.amount, r.compare_at) ORDER BY r.currency)
                      FROM prices r WHERE r.company_id = v.company_id AND r.variant_id = v.id),
                   (SELECT sum(s.on_hand) FROM stock_levels s
                     WHERE s.company_id = v.company_id AND s.variant_id = v.id)) ORDER BY v.position)::text
          FROM variants v WHERE v.company_id = p.company_id AND v.product_id = p.id) AS variants,
       (SELECT json_agg(json_build_array(m.source_url, m.alt, m.position) ORDER BY m.position)::text
          FROM product_media m WHERE m.company_id = p.company_id AND m.product_id = p.id) AS media
  FROM products p
  LEFT JOIN categories c ON c.company_id = p.company_id AND c.id = p.category_id
 WHERE p.company_id = $1
 ORDER BY p.handle
"""
# What an idempotent import must not touch: every row's own version in the database.
VERSIONS = """
SELECT 'products', id::text, xmin::text FROM products WHERE company_id = $1
UNION ALL SELECT 'variants', id::text, xmin::text FROM variants WHERE company_id = $1
UNION ALL SELECT 'prices', id::text, xmin::text FROM prices WHERE company_id = $1
UNION ALL SELECT 'media', id::text, xmin::text FROM product_media WHERE company_id = $1
UNION ALL SELECT 'stock', variant_id::text, xmin::text FROM stock_levels WHERE company_id = $1
UNION ALL SELECT 'history', id::text, '' FROM price_changes WHERE company_id = $1
 ORDER BY 1, 2
"""


async def rows_of(runtime: Runtime, statement: str, shop: Shop) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await runtime.database.rows(statement, shop.company_id)]


async def bring_in(runtime: Runtime, shop: Shop, content: bytes | str, **options: Any) -> ImportReport:
    stream = io.BytesIO(content.encode() if isinstance(content, str) else content)
    options = {"currency": "USD", "author": "test", **options}
    return await import_products(runtime, shop.company_id, stream, **options)


async def take_out(runtime: Runtime, shop: Shop) -> str:
    text = io.StringIO(newline="")
    await export_products(runtime, shop.company_id, text, currency="USD", base_url="https://shop.example")
    return text.getvalue()


def real_file(name: str) -> bytes:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"the real export {name} is not beside this checkout")
    return path.read_bytes()


@pytest.mark.parametrize("name", [*REAL, "nasty"])
async def test_twice_is_once_and_the_way_out_and_in_again_changes_nothing(
    runtime: Runtime, name: str
) -> None:
    content = NASTY.encode() if name == "nasty" else real_file(name)
    shop, other = await make_shop(runtime), await make_shop(runtime)
    first = await bring_in(runtime, shop, content)
    assert first.created == first.products > 0
    assert not first.undone
    state, versions = await rows_of(runtime, STATE, shop), await rows_of(runtime, VERSIONS, shop)
    assert len(state) == first.products

    again = await bring_in(runtime, shop, content)
    assert (again.created, again.updated, again.unchanged) == (0, 0, first.products)
    assert await rows_of(runtime, VERSIONS, shop) == versions, "the second import wrote something"

    exported = await take_out(runtime, shop)
    back = await bring_in(runtime, other, exported)
    assert back.errors == 0, back.problems[:5]
    assert await rows_of(runtime, STATE, other) == state
    assert await take_out(runtime, other) == exported


async def test_nasty_values_arrive_as_they_should(runtime: Runtime, shop: Shop) -> None:
    await bring_in(runtime, shop, NASTY)
    rows = await runtime.database.rows(STATE, shop.company_id)
    by_handle = {row["handle"]: dict(row) for row in rows}
    assert list(by_handle) == ["cup", "gift", "hidden", "kopi-suss", "twin"]
    cup = by_handle["cup"]
    assert cup["title"] == 'Cup "Tide", large'
    assert cup["tags"] == ["blue", "sea"]
    assert cup["category"] == "mugs"
    assert '"Colour of the box": "blue"' in cup["extra"]
    assert "CUP-L" in cup["variants"], "rows further down add to the product that they name"
    assert by_handle["hidden"]["status"] == "draft", "not published is not shown"
    assert "script" not in by_handle["twin"]["description_html"]
    assert by_handle["gift"]["in_stock"] is False or by_handle["gift"]["variants"]


async def test_a_bad_row_is_named_by_its_line_and_the_rest_goes_in(runtime: Runtime, shop: Shop) -> None:
    lines = [
        'good,Good,"two\nlines",,,,true,,,A,,1,,5,,,,,,,,,',
        "bad,Bad,,,,,true,,,B,,1,,free,,,,,,,,,",
        f"long,Long,,,,,true,,,{'S' * 256},,1,,5,,,,,,,,,",
        f"much,{'T' * 300},,,,,true,,,D,,1,,5,,,,,,,,,",
        "fine,Fine,,,,,true,,,E,,-4,,5,,,,,,,,,",
    ]
    report = await bring_in(runtime, shop, HEADING + "\n".join(lines) + "\n")
    errors = {(p.line, p.code) for p in report.problems if p.severity == "error"}
    assert errors == {(4, "price_invalid"), (5, "variant_refused"), (6, "product_refused")}
    assert [(p.line, p.code) for p in report.problems if p.severity == "warning"] == [
        (7, "quantity_negative")
    ]
    assert (report.errors, report.warnings) == (3, 1)
    handles = [row[0] for row in await rows_of(runtime, STATE, shop)]
    assert handles == ["bad", "fine", "good", "long"]


async def test_strict_takes_all_or_nothing(runtime: Runtime, shop: Shop) -> None:
    good = "".join(f"cup-{n},Cup {n},,,,,true,,,,,1,,5,,,,,,,,,\n" for n in range(900))
    report = await bring_in(
        runtime, shop, HEADING + good + "bad,Bad,,,,,true,,,B,,1,,free,,,,,,,,,\n", strict=True
    )
    assert report.undone
    assert (report.errors, report.created, report.products) == (1, 0, 901)
    assert await rows_of(runtime, STATE, shop) == []
    report = await bring_in(runtime, shop, HEADING + good, strict=True)
    assert (report.undone, report.created) == (False, 900)
    assert len(await rows_of(runtime, STATE, shop)) == 900


async def test_stock_is_set_for_new_variants_and_for_all_only_on_demand(runtime: Runtime, shop: Shop) -> None:
    row = "cup,Cup,,,,,true,,,A,,{},,5,,,,,,,,,\n"

    async def on_hand() -> int:
        return int(
            await runtime.database.value(
                "SELECT sum(on_hand) FROM stock_levels WHERE company_id = $1", shop.company_id
            )
        )

    await bring_in(runtime, shop, HEADING + row.format(4))
    assert await on_hand() == 4
    await bring_in(runtime, shop, HEADING + row.format(9))
    assert await on_hand() == 4
    await bring_in(runtime, shop, HEADING + row.format(9), update_stock=True)
    assert await on_hand() == 9


async def test_pictures_by_address_wait_for_one_job(runtime: Runtime, shop: Shop) -> None:
    await bring_in(runtime, shop, NASTY)
    waiting = await runtime.database.rows(
        "SELECT DISTINCT product_id FROM product_media WHERE company_id = $1 AND status = 'waiting'",
        shop.company_id,
    )
    jobs = """
    SELECT count(*) FROM pgqueuer
     WHERE entrypoint = 'catalog.fetch_picture' AND convert_from(payload, 'UTF8') LIKE '%' || $1 || '%'
    """
    assert len(waiting) == 1
    assert await runtime.database.value(jobs, str(waiting[0]["product_id"])) == 1
    await bring_in(runtime, shop, NASTY)
    assert await runtime.database.value(jobs, str(waiting[0]["product_id"])) == 1


async def test_the_commands_tell_what_happened(runtime: Runtime, shop: Shop, tmp_path: Path) -> None:
    told = io.StringIO()
    console = Console(file=told, width=120, force_terminal=False)
    source, target = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text(
        HEADING + "cup,Cup,,,,,true,,,A,,1,,5,,,,,,,,,\nbad,[red]x,,,,,true,,,B,,1,,\x1b[31mfree,,,,,,,,,\n"
    )
    options = {"currency": "USD", "strict": False, "update_stock": False}
    report = await run_import(runtime, shop.company_id, source, console=console, **options)
    assert report.errors == 1
    assert await run_export(runtime, shop.company_id, target, currency="USD", console=console) == 2
    text = told.getvalue()
    assert "2 products with 1 variants: 2 created" in text
    assert "price_invalid" in text
    assert "\x1b" not in text
    assert target.read_text().startswith("Handle,Title,")
    assert sorted(entry.name for entry in os.scandir(tmp_path)) == ["in.csv", "out.csv"], (
        "nothing half-written stays"
    )
