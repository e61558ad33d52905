"""Staff bring orders on by pages: plain forms over HTTP, through the same actions as the API."""

from __future__ import annotations

import re
from datetime import date, timedelta

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from pasar.shop.orders.backoffice_dashboard import period_figures
from pasar.shop.orders.figures import DayFigures, OrderFigures
from support.goods import make_product
from support.office import Office, staff_office
from support.people import make_person
from support.selling import make_selling_shop, place, stock_of
from support.shops import Shop, make_shop


@pytest.fixture
async def selling(runtime: Runtime) -> Shop:
    return await make_selling_shop(runtime, tax_ppm=100_000)


@pytest.fixture
async def office(client: httpx.AsyncClient, runtime: Runtime, selling: Shop) -> Office:
    return await staff_office(client, runtime, selling)


def offered(page: str) -> list[str]:
    """The steps that the page offers."""
    return sorted(set(re.findall(r'action="/admin/orders/[0-9a-f-]{36}/(\w+)"', page)))


async def test_an_order_goes_its_whole_way(
    client: httpx.AsyncClient, office: Office, runtime: Runtime, selling: Shop
) -> None:
    cup = await make_product(runtime, selling, title="Cup", price="10.00", stock=9)
    order = await place(client, selling, cup, quantity=2)
    path = f"/admin/orders/{order['id']}"
    assert offered(await office.see(path)) == ["cancel", "confirm"]
    assert await office.done(f"{path}/confirm") == f"{path}?notice=order-confirm"
    assert offered(await office.see(path)) == ["cancel", "process", "ship"]
    await office.done(f"{path}/process")
    line = order["items"][0]["id"]
    part = {"carrier": "UPS", "tracking_number": "1Z999AA10123456784", f"line-{line}": "1"}
    await office.done(f"{path}/ship", part)
    page = await office.see(path)
    assert "1 to ship" in page
    assert offered(page) == ["cancel", "ship"]
    await office.done(f"{path}/ship", part)
    assert await stock_of(runtime, selling, cup) == (7, 0)
    assert offered(await office.see(path)) == ["deliver"]
    await office.done(f"{path}/deliver")
    page = await office.see(path)
    assert offered(page) == []
    story = page[page.index("What happened") :]
    assert [story.index(state) for state in ("Delivered", "On its way", "Being packed", "Confirmed")] == (
        sorted(story.index(state) for state in ("Delivered", "On its way", "Being packed", "Confirmed"))
    )
    assert "Sari Staff" in story


async def test_the_total_is_explained_step_by_step(
    client: httpx.AsyncClient, office: Office, runtime: Runtime, selling: Shop
) -> None:
    cup = await make_product(runtime, selling, title="Cup", price="10.00")
    order = await place(client, selling, cup, quantity=2)
    page = await office.see(f"/admin/orders/{order['id']}")
    why = page[page.index("Why this number?") : page.index("</details>")]
    steps = re.findall(r'<th scope="row">([^<]+)</th><td class="number">(?:<b>)?([^<]+)<', why)
    assert steps == [
        ("2 × Cup", "$20.00"),
        ("Shipping by Standard", "$5.00"),
        ("Tax: Sales tax", "$2.00"),
        ("Total", "$27.00"),
    ]


async def test_cancelling_needs_a_reason_and_gives_the_goods_back(
    client: httpx.AsyncClient, office: Office, runtime: Runtime, selling: Shop
) -> None:
    cup = await make_product(runtime, selling, stock=3)
    order = await place(client, selling, cup)
    path = f"/admin/orders/{order['id']}"
    silent = await office.send(f"{path}/cancel", {"reason": " "})
    assert silent.status_code == 422
    assert 'id="f-reason-error"' in silent.text
    assert await stock_of(runtime, selling, cup) == (3, 1)
    await office.done(f"{path}/cancel", {"reason": "Broken <b>on</b> the shelf"})
    assert await stock_of(runtime, selling, cup) == (3, 0)
    page = await office.see(path)
    assert "Broken &lt;b&gt;on&lt;/b&gt; the shelf" in page


async def test_a_step_that_came_too_late_says_the_present_state(
    client: httpx.AsyncClient, office: Office, runtime: Runtime, selling: Shop
) -> None:
    """A second member of staff was quicker: the page tells where the order is, and changes nothing."""
    cup = await make_product(runtime, selling, stock=3)
    order = await place(client, selling, cup)
    path = f"/admin/orders/{order['id']}"
    await office.done(f"{path}/confirm")
    late = await office.send(f"{path}/confirm")
    assert late.status_code == 409
    assert "This order is now “Confirmed”" in late.text
    office.language = "id"
    early = await office.send(f"{path}/deliver")
    assert early.status_code == 409
    assert "Pesanan ini sekarang “" in early.text
    assert (await office.send(f"{path}/explode")).status_code == 404


async def test_a_parcel_needs_a_carrier_and_pieces_that_are_left(
    client: httpx.AsyncClient, office: Office, runtime: Runtime, selling: Shop
) -> None:
    cup = await make_product(runtime, selling, stock=3)
    order = await place(client, selling, cup, quantity=2)
    path, line = f"/admin/orders/{order['id']}", f"line-{order['items'][0]['id']}"
    await office.done(f"{path}/confirm")
    for fields, said in (
        ({"carrier": "", line: "2"}, "Say who carries it."),
        ({"carrier": "JNE", line: "two"}, "Write a whole number."),
        ({"carrier": "JNE", line: "3"}, "no more than is left"),
        ({"carrier": "JNE", line: "0"}, "Ship at least one piece"),
    ):
        answer = await office.send(f"{path}/ship", fields)
        assert answer.status_code == 422, fields
        assert said in answer.text
    assert 'value="JNE"' in answer.text
    assert await stock_of(runtime, selling, cup) == (3, 2)


async def test_the_list_is_filtered_by_state_period_currency_and_words(
    client: httpx.AsyncClient, office: Office, runtime: Runtime, selling: Shop
) -> None:
    cup = await make_product(runtime, selling, stock=9)
    one = await place(client, selling, cup, email="one@example.com")
    two = await place(client, selling, cup, email="two@example.com")
    await office.done(f"/admin/orders/{two['id']}/cancel", {"reason": "No."})
    old = "UPDATE orders SET placed_at = placed_at - interval '40 days' WHERE number = $1"
    three = await place(client, selling, cup, email="three@example.com")
    await runtime.database.rows(old, three["number"])

    async def shown(query: str) -> list[bool]:
        page = await office.see(f"/admin/orders?{query}")
        return [order["number"] in page for order in (one, two, three)]

    assert await shown("") == [True, True, True]
    assert await shown("status=cancelled") == [False, True, False]
    assert await shown("status=counted") == [True, False, True]
    assert await shown("status=open&placed=today") == [True, False, False]
    assert await shown("placed=month") == [True, True, False]
    assert await shown("currency=IDR") == [False, False, False]
    assert await shown("q=TWO@example") == [False, True, False]


async def test_the_dashboard_counts_what_its_links_show(
    client: httpx.AsyncClient, office: Office, runtime: Runtime, selling: Shop
) -> None:
    cup = await make_product(runtime, selling, price="10.00", stock=9)
    for _ in range(2):
        await place(client, selling, cup)
    gone = await place(client, selling, cup)
    await office.done(f"/admin/orders/{gone['id']}/cancel", {"reason": "No."})
    page = await office.see("/admin")
    today = re.search(r'href="([^"]*placed=today[^"]*)">(.*?)</a>', page, re.DOTALL)
    assert today
    assert "$32.00" in today[2]
    assert "2 orders · $16.00 on average" in today[2]
    rows = await office.see(today[1].replace("&amp;", "&"))
    assert len(re.findall(r'<th scope="row"><a href="/admin/orders/', rows)) == 2
    assert gone["number"] in page, "the newest five are all orders"
    assert "$0.00" not in today[2]
    other = await office.see("/admin?currency=IDR")
    assert "$" not in other[other.index("Sold in IDR") : other.index("Newest orders")]


def test_weeks_begin_on_monday_and_months_on_the_first() -> None:
    last = date(2026, 11, 18)  # a Wednesday
    days = tuple(DayFigures(last - timedelta(days=30 - n), 1, 100) for n in range(31))
    figures = OrderFigures("USD", days, {}, 31, 3100, 100)
    found = {one.period: (one.orders, one.revenue, one.average) for one in period_figures(figures)}
    assert found == {"today": (1, 100, 100), "week": (3, 300, 100), "month": (18, 1800, 100)}
    with pytest.raises(ValueError, match="31 days"):
        period_figures(OrderFigures("USD", days[1:], {}, 30, 3000, 100))


async def test_a_customer_is_shown_with_their_orders(
    client: httpx.AsyncClient, office: Office, runtime: Runtime, selling: Shop
) -> None:
    person = await make_person(runtime, selling)
    cup = await make_product(runtime, selling)
    order = await place(client, selling, cup)
    own = "UPDATE orders SET customer_id = $1 WHERE number = $2"
    await runtime.database.rows(own, person.customer_id, order["number"])
    listed = await office.see(f"/admin/customers?q={person.email}")
    assert f"/admin/customers/{person.customer_id}" in listed
    page = await office.see(f"/admin/customers/{person.customer_id}")
    assert order["number"] in page
    assert "Nothing matches" in await office.see("/admin/customers?q=nobody-of-this-name")


async def test_staff_of_another_company_find_no_orders_of_ours(
    client: httpx.AsyncClient, runtime: Runtime, selling: Shop
) -> None:
    cup = await make_product(runtime, selling)
    order = await place(client, selling, cup)
    person = await make_person(runtime, selling)
    stranger = await staff_office(client, runtime, await make_shop(runtime))
    await stranger.see(f"/admin/orders/{order['id']}", 404)
    await stranger.see(f"/admin/customers/{person.customer_id}", 404)
    for verb in ("confirm", "process", "deliver", "cancel", "ship"):
        fields = {"reason": "x", "carrier": "x", f"line-{order['items'][0]['id']}": "1"}
        assert (await stranger.send(f"/admin/orders/{order['id']}/{verb}", fields)).status_code == 404
    assert order["number"] not in await stranger.see("/admin/orders")
