"""Importers' door: many products at once, and the same again changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from pasar.kernel.runtime import Runtime
from pasar.shop.catalog.drafts import PictureDraft, ProductDraft, UpsertOutcome, VariantDraft
from pasar.shop.catalog.public import upsert_products
from support.shops import Shop

MUG = ProductDraft(
    handle="mug",
    title="Mug",
    description_html="<p>Warm</p>",
    vendor="Solo",
    category_title="Mugs & cups",
    tags=("blue", "gift"),
    option_names=("Size",),
    extra={"Google": "x"},
    variants=(
        VariantDraft(("S",), sku="M-S", price_minor=1000, on_hand=3, picture_url="https://example.com/a.jpg"),
        VariantDraft(("L",), sku="M-L", price_minor=1500, compare_at_minor=2000, on_hand=0),
    ),
    pictures=(PictureDraft("https://example.com/a.jpg", alt="A mug"),),
)
TABLES = ("products", "variants", "prices", "price_changes", "product_media", "categories", "events")


async def upsert(
    runtime: Runtime, shop: Shop, drafts: Sequence[ProductDraft], currency: str = "USD", **more: Any
) -> list[UpsertOutcome]:
    async with runtime.database.transaction() as session:
        return await upsert_products(
            session, shop.company_id, drafts, author="import", currency=currency, at=datetime.now(UTC), **more
        )


async def contents(runtime: Runtime, shop: Shop) -> dict[str, list[dict[str, Any]]]:
    """Every row of the company's catalogue."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in TABLES:
        statement = f"SELECT * FROM {table} WHERE company_id = $1 ORDER BY id"  # a name from TABLES
        found[table] = [dict(row) for row in await runtime.database.rows(statement, shop.company_id)]
    return found


async def test_a_draft_becomes_rows(runtime: Runtime, shop: Shop) -> None:
    (made,) = await upsert(runtime, shop, [MUG])
    assert made.outcome == "created"
    assert [(new.id, new.on_hand) for new in made.new_variants] == [
        (made.variants[("S",)], 3),
        (made.variants[("L",)], 0),
    ]
    rows = await contents(runtime, shop)
    (product,) = rows["products"]
    assert (product["title"], product["status"], product["in_stock"]) == ("Mug", "active", True)
    assert rows["categories"][0]["handle"] == "mugs-cups"
    small, large = sorted(rows["variants"], key=lambda row: row["position"])
    assert (small["title"], small["in_stock"], large["in_stock"]) == ("S", True, False)
    assert small["media_id"] == rows["product_media"][0]["id"]
    assert rows["product_media"][0]["status"] == "waiting"
    assert {(row["amount"], row["compare_at"]) for row in rows["prices"]} == {(1000, None), (1500, 2000)}
    assert {row["changed_by"] for row in rows["price_changes"]} == {"import"}


async def test_the_same_again_changes_nothing(runtime: Runtime, shop: Shop) -> None:
    await upsert(runtime, shop, [MUG])
    before = await contents(runtime, shop)
    (again,) = await upsert(runtime, shop, [MUG])
    assert (again.outcome, again.new_variants) == ("unchanged", ())
    assert await contents(runtime, shop) == before


@pytest.mark.parametrize(
    "changed",
    [
        replace(MUG, title="Cup"),
        replace(MUG, description_html="<p>Cold</p>"),
        replace(MUG, tags=("gift",)),
        replace(MUG, status="draft"),
        replace(MUG, category_title="Cups"),
        replace(MUG, extra={}),
        replace(MUG, variants=(replace(MUG.variants[0], price_minor=1100), MUG.variants[1])),
        replace(MUG, variants=(replace(MUG.variants[0], sku=None), MUG.variants[1])),
        replace(MUG, variants=(*MUG.variants, VariantDraft(("XL",), price_minor=1))),
        replace(MUG, pictures=(PictureDraft("https://example.com/a.jpg", alt="Another"),)),
        replace(MUG, pictures=(*MUG.pictures, PictureDraft("https://example.com/b.jpg"))),
    ],
)
async def test_each_difference_is_an_update(runtime: Runtime, shop: Shop, changed: ProductDraft) -> None:
    await upsert(runtime, shop, [MUG])
    ((revision),) = [row["revision"] for row in (await contents(runtime, shop))["products"]]
    (outcome,) = await upsert(runtime, shop, [changed])
    assert outcome.outcome == "updated"
    after = await contents(runtime, shop)
    assert after["products"][0]["revision"] > revision
    (again,) = await upsert(runtime, shop, [changed])
    assert again.outcome == "unchanged"
    assert await contents(runtime, shop) == after


async def test_other_currencies_keep_their_prices(runtime: Runtime, shop: Shop) -> None:
    await upsert(runtime, shop, [MUG])
    rupiah = replace(MUG, variants=tuple(replace(v, price_minor=15_000_000) for v in MUG.variants))
    await upsert(runtime, shop, [rupiah], currency="IDR")
    prices = (await contents(runtime, shop))["prices"]
    assert sorted((row["currency"], row["amount"]) for row in prices) == [
        ("IDR", 15_000_000),
        ("IDR", 15_000_000),
        ("USD", 1000),
        ("USD", 1500),
    ]


async def test_variants_of_other_options_are_retired(runtime: Runtime, shop: Shop) -> None:
    await upsert(runtime, shop, [MUG])
    await upsert(runtime, shop, [replace(MUG, option_names=(), variants=(VariantDraft(price_minor=900),))])
    variants = (await contents(runtime, shop))["variants"]
    assert {(tuple(row["option_values"]), row["is_active"]) for row in variants} == {
        (("S",), False),
        (("L",), False),
        ((), True),
    }


async def test_a_repeated_handle_adds_to_its_product(runtime: Runtime, shop: Shop) -> None:
    more = ProductDraft(
        "mug", "", variants=(VariantDraft(("XL",), price_minor=1),), pictures=(PictureDraft("https://e.co/c"),),
        partial=True,
    )  # fmt: skip
    first, second = await upsert(runtime, shop, [MUG, more])
    assert first.product_id == second.product_id
    assert (len(first.new_variants), len(second.new_variants)) == (3, 0)
    before = await contents(runtime, shop)
    assert (before["products"][0]["title"], len(before["product_media"])) == ("Mug", 2)
    assert [one.outcome for one in await upsert(runtime, shop, [more])] == ["unchanged"]
    assert await contents(runtime, shop) == before


async def test_a_bad_draft_is_refused_and_the_rest_goes_in(runtime: Runtime, shop: Shop) -> None:
    drafts = [
        replace(MUG, handle="no-title", title=" "),
        replace(MUG, handle="nul", vendor="\0"),
        replace(MUG, handle="options", option_names=("A", "B", "C", "D")),
        replace(MUG, handle="values", option_names=("Size", "Colour")),
        replace(MUG, handle="price", variants=(VariantDraft(("S",), price_minor=-1),)),
        ProductDraft("lost", "", partial=True),
        replace(MUG, handle="category", category_title=None, category_handle="nowhere"),
        MUG,
    ]
    outcomes = await upsert(runtime, shop, drafts)
    assert [one.outcome for one in outcomes] == ["refused"] * 7 + ["created"]
    assert all(one.problem for one in outcomes[:7])
    assert [row["handle"] for row in (await contents(runtime, shop))["products"]] == ["mug"]


async def test_unique_skus_hold_within_and_across_calls(runtime: Runtime, shop: Shop) -> None:
    cup = replace(MUG, handle="cup")
    first, second = await upsert(runtime, shop, [MUG, cup], unique_skus=True)
    assert (first.outcome, second.outcome) == ("created", "refused")
    (across,) = await upsert(runtime, shop, [cup], unique_skus=True)
    assert across.outcome == "refused"
    (own,) = await upsert(runtime, shop, [MUG], unique_skus=True)
    assert own.outcome == "unchanged"
