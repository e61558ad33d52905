"""What an import does to stock that is already there, and to who may order without any."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from pasar.shop.catalog.importing.import_products import BATCH_PRODUCTS, import_products
from pasar.shop.catalog.importing.report import ImportReport
from pasar.shop.inventory.public import adjust_stock
from support.people import make_staff
from support.shelves import NOW, claim, live_holds_match
from support.shops import Shop

pytestmark = pytest.mark.money

HEADING = "Handle,Title,Published,Variant SKU,Variant Inventory Qty,Variant Inventory Policy,Variant Price\n"
STOCK = """
SELECT v.id, sum(s.on_hand)::integer AS on_hand, bool_or(s.allow_backorder) AS backorder, p.in_stock
  FROM products p
  JOIN variants v ON v.company_id = p.company_id AND v.product_id = p.id
  LEFT JOIN stock_levels s ON s.company_id = v.company_id AND s.variant_id = v.id
 WHERE p.company_id = $1 AND p.handle = $2
 GROUP BY v.id, p.in_stock
"""
BOTH = pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])


def row(handle: str, quantity: object, policy: str = "deny") -> str:
    return f"{handle},{handle.title()},true,{handle.upper()},{quantity},{policy},5\n"


async def bring_in(runtime: Runtime, shop: Shop, *rows: str, **options: Any) -> ImportReport:
    stream = io.BytesIO((HEADING + "".join(rows)).encode())
    return await import_products(runtime, shop.company_id, stream, currency="USD", author="test", **options)


async def stock_of(runtime: Runtime, shop: Shop, handle: str) -> tuple[UUID, int | None, bool | None, bool]:
    (found,) = await runtime.database.rows(STOCK, shop.company_id, handle)
    return (found[0], found[1], found[2], found[3])


@BOTH
async def test_a_handle_that_comes_twice_is_counted_once_and_the_last_row_wins(
    runtime: Runtime, shop: Shop, strict: bool
) -> None:
    others = [row(f"other-{n}", 1) for n in range(BATCH_PRODUCTS)]  # pot comes again in another batch
    await bring_in(runtime, shop, row("cup", 4), row("pot", 4), *others)
    report = await bring_in(
        runtime,
        shop,
        *(row("cup", 9), row("pot", 9), row("cup", 7), *others, row("pot", 2)),
        strict=strict,
        update_stock=True,
    )
    assert not report.undone, report.problems
    assert (await stock_of(runtime, shop, "cup"))[1] == 7
    assert (await stock_of(runtime, shop, "pot"))[1] == 2


@BOTH
async def test_what_is_reserved_stays_and_is_reported(runtime: Runtime, shop: Shop, strict: bool) -> None:
    await bring_in(runtime, shop, row("cup", 6))
    variant = (await stock_of(runtime, shop, "cup"))[0]
    await claim(runtime.database, shop.company_id, [(variant, 5)])
    report = await bring_in(runtime, shop, row("cup", 2), update_stock=True, strict=strict)
    found = [(p.line, p.column, p.code, p.severity) for p in report.problems]
    assert found == [(2, "Variant Inventory Qty", "stock_reserved", "warning")]
    assert await stock_of(runtime, shop, "cup") == (variant, 5, False, False)
    assert await live_holds_match(runtime.database, shop.company_id)


@BOTH
async def test_a_count_is_the_sum_over_all_locations(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, strict: bool
) -> None:
    """As the export writes it: what went out comes in again as the same."""
    await bring_in(runtime, shop, row("cup", 6))
    variant = (await stock_of(runtime, shop, "cup"))[0]
    staff = await make_staff(runtime, shop)
    harbour = await client.post(
        "/api/admin/locations", json={"name": "Harbour", "priority": 5}, headers=staff
    )
    async with runtime.database.transaction() as session:
        await adjust_stock(
            session,
            shop.company_id,
            variant,
            location_id=UUID(harbour.json()["id"]),
            set_to=4,
            delta=None,
            reason="received",
            note="",
            author="test",
            at=NOW,
        )
    await bring_in(runtime, shop, row("cup", 10), update_stock=True, strict=strict)
    history = "SELECT count(*) FROM stock_adjustments WHERE variant_id = $1 AND reason = 'counted'"
    assert await runtime.database.value(history, variant) == 0
    await bring_in(runtime, shop, row("cup", 3), update_stock=True, strict=strict)
    assert (await stock_of(runtime, shop, "cup"))[1] == 3


@BOTH
async def test_a_changed_policy_reaches_inventory(runtime: Runtime, shop: Shop, strict: bool) -> None:
    await bring_in(runtime, shop, row("cup", 0), row("pot", 0), row("bowl", "", "continue"))
    bowl = await stock_of(runtime, shop, "bowl")
    assert bowl[1:] == (0, True, True), "it can be ordered, so inventory knows it"
    await claim(runtime.database, shop.company_id, [(bowl[0], 2)])
    report = await bring_in(
        runtime,
        shop,
        *(row("cup", 0, "continue"), row("pot", 0), row("bowl", "", "deny")),
        strict=strict,
    )
    cup = await stock_of(runtime, shop, "cup")
    assert cup[1:] == (0, True, True)
    assert (await stock_of(runtime, shop, "pot"))[1:] == (0, False, False)
    await claim(runtime.database, shop.company_id, [(cup[0], 1)])
    assert [(p.line, p.code, p.severity) for p in report.problems] == [(4, "backorders_open", "warning")]
    assert (await stock_of(runtime, shop, "bowl"))[2] is True, "two are promised that are not there"


async def test_a_strict_import_with_errors_leaves_stock_alone(runtime: Runtime, shop: Shop) -> None:
    await bring_in(runtime, shop, row("cup", 4))
    bad = "pot,Pot,true,P,1,deny,free\n"
    report = await bring_in(runtime, shop, row("cup", 9, "continue"), bad, update_stock=True, strict=True)
    assert report.undone
    assert (await stock_of(runtime, shop, "cup"))[1:3] == (4, False)


async def test_staff_make_goods_that_can_be_ordered_without_stock(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    staff = await make_staff(runtime, shop)
    price = [{"currency": "USD", "amount": "5.00"}]
    variants = [
        {"options": {"Size": size}, "prices": price, "allowBackorder": size != "M"} for size in ("S", "M")
    ]
    body = {"title": "Made to order", "status": "active", "options": ["Size"], "variants": variants}
    made = (await client.post("/api/admin/products", json=body, headers=staff)).json()
    small, medium = (variant["id"] for variant in made["variants"])
    await claim(runtime.database, shop.company_id, [(UUID(small), 1)])
    address = f"/api/admin/products/{made['id']}/variants"
    assert (await client.delete(f"{address}/{small}", headers=staff)).status_code == 204
    again = {"options": {"Size": "S"}, "prices": price}
    refused = await client.post(address, json=again, headers=staff)
    assert (refused.status_code, refused.json()["code"]) == (409, "backorders_open")
    assert (await client.delete(f"{address}/{medium}", headers=staff)).status_code == 204
    back = await client.post(
        address, json={"options": {"Size": "M"}, "prices": price, "allowBackorder": True}, headers=staff
    )
    assert back.status_code == 201, back.text
    large = {"options": {"Size": "L"}, "prices": price, "allowBackorder": True}
    grown = (await client.post(address, json=large, headers=staff)).json()
    by_title = {variant["title"]: UUID(variant["id"]) for variant in grown["variants"]}
    await claim(runtime.database, shop.company_id, [(by_title["M"], 2), (by_title["L"], 2)])
