"""Staff keep stock on pages: plain forms over HTTP."""

from __future__ import annotations

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from support.goods import make_product
from support.office import Office, staff_office
from support.selling import make_selling_shop, place, stock_of
from support.shops import Shop, make_shop


@pytest.fixture
async def selling(runtime: Runtime) -> Shop:
    return await make_selling_shop(runtime)


@pytest.fixture
async def office(client: httpx.AsyncClient, runtime: Runtime, selling: Shop) -> Office:
    return await staff_office(client, runtime, selling)


async def test_stock_is_counted_and_changed_with_a_reason(
    office: Office, runtime: Runtime, selling: Shop
) -> None:
    cup = await make_product(runtime, selling, title="Cup", stock=10)
    path = f"/admin/stock/{cup.variant_ids[0]}"
    count = {"mode": "set", "amount": "7", "reason": "counted", "note": "on Monday"}
    assert await office.done(f"{path}/adjust", count) == f"{path}?notice=stock-adjusted"
    # A minus as word processors write it.
    await office.done(f"{path}/adjust", {"mode": "change", "amount": "−2", "reason": "damaged", "note": ""})
    assert await stock_of(runtime, selling, cup) == (5, 0)
    page = await office.see(path)
    assert "on Monday" in page
    assert "Damaged" in page
    assert "Sari Staff" in page
    assert "-2" in page


async def test_stock_that_is_promised_cannot_be_counted_away(
    client: httpx.AsyncClient, office: Office, runtime: Runtime, selling: Shop
) -> None:
    cup = await make_product(runtime, selling, stock=5)
    await place(client, selling, cup, quantity=3)
    answer = await office.send(
        f"/admin/stock/{cup.variant_ids[0]}/adjust",
        {"mode": "set", "amount": "2", "reason": "counted", "note": "kept"},
    )
    assert answer.status_code == 409
    assert "3 are reserved for orders, so fewer cannot remain. 5 are there now." in answer.text
    assert 'value="kept"' in answer.text
    assert await stock_of(runtime, selling, cup) == (5, 3)


@pytest.mark.parametrize(
    ("amount", "said"), [("", "Please fill this in."), ("many", "Write a whole number."), ("-1", "Not less")]
)
async def test_a_number_that_is_none_is_named(
    office: Office, runtime: Runtime, selling: Shop, amount: str, said: str
) -> None:
    cup = await make_product(runtime, selling)
    fields = {"mode": "set", "amount": amount, "reason": "counted", "note": ""}
    answer = await office.send(f"/admin/stock/{cup.variant_ids[0]}/adjust", fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert 'id="f-amount-error"' in answer.text


async def test_the_list_shows_what_is_low_and_what_is_out(
    office: Office, runtime: Runtime, selling: Shop
) -> None:
    await make_product(runtime, selling, title="Plenty", stock=50, sku="P-1")
    await make_product(runtime, selling, title="Scarce", stock=2, sku="S-1")
    await make_product(runtime, selling, title="Gone", stock=0, sku="G-1")

    async def shown(query: str) -> list[bool]:
        page = await office.see(f"/admin/stock{query}")
        return [f"{title}</a>" in page for title in ("Plenty", "Scarce", "Gone")]

    assert await shown("") == [True, True, True]
    assert await shown("?show=low") == [False, True, True]
    assert await shown("?show=out") == [False, False, True]
    assert await shown("?q=P-1") == [True, False, False]
    assert await shown("?q=scar") == [False, True, False]
    assert await shown("?q=gone&show=low") == [False, False, True]
    assert await shown("?q=plenty&show=low") == [False, False, False]
    assert '<span class="stat-value">2</span>' in (await office.see("/admin")).split("Low stock")[1][:120]


async def test_rules_say_from_when_it_is_low(office: Office, runtime: Runtime, selling: Shop) -> None:
    cup = await make_product(runtime, selling, stock=20)
    path = f"/admin/stock/{cup.variant_ids[0]}"
    await office.done(f"{path}/rules", {"reorder_level": "30", "allow_backorder": "1"})
    page = await office.see(path)
    assert 'value="30"' in page
    assert "Low" in page
    wrong = await office.send(f"{path}/rules", {"reorder_level": "few"})
    assert wrong.status_code == 422
    assert 'id="f-reorder_level-error"' in wrong.text


async def test_places_open_close_and_keep_their_history(
    office: Office, runtime: Runtime, selling: Shop
) -> None:
    await make_product(runtime, selling, stock=1)
    await office.done("/admin/stock/locations", {"name": "Cellar", "priority": "5"})
    taken = await office.send("/admin/stock/locations", {"name": "cellar", "priority": "5"})
    assert taken.status_code == 422
    assert "Another place has this name." in taken.text
    find = "SELECT id FROM locations WHERE company_id = $1 AND name = $2"
    cellar = await runtime.database.value(find, selling.company_id, "Cellar")
    main = await runtime.database.value(find, selling.company_id, "Main")
    refused = await office.send(f"/admin/stock/locations/{main}", {"step": "close"})
    assert refused.status_code == 409
    assert "Goods lie here or are reserved here." in refused.text
    await office.done(f"/admin/stock/locations/{cellar}", {"name": "Loft", "priority": "1"})
    await office.done(f"/admin/stock/locations/{cellar}", {"step": "remove"})
    assert await runtime.database.value(find, selling.company_id, "Loft") is None


async def test_others_cannot_touch_our_stock(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop
) -> None:
    cup = await make_product(runtime, selling, stock=4)
    stranger = await staff_office(client, runtime, await make_shop(runtime))
    fields = {"mode": "set", "amount": "0", "reason": "counted", "note": ""}
    path = f"/admin/stock/{cup.variant_ids[0]}"
    assert (await stranger.send(f"{path}/adjust", fields)).status_code == 404
    assert (await stranger.send(f"{path}/rules", {"reorder_level": "1"})).status_code == 404
    assert await stock_of(runtime, selling, cup) == (4, 0)
