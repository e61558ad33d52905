"""The dashboard's figures, by business day in the company's zone; completion by the clock; the timeline."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import httpx

from pasar.kernel.runtime import Runtime
from pasar.shop.orders.actions.complete_orders import COMPLETED_AFTER, complete_orders
from pasar.shop.orders.public import order_figures
from support.goods import make_product
from support.people import make_staff
from support.selling import make_selling_shop, place

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


async def placed_at(runtime: Runtime, order: str, at: datetime) -> None:
    await runtime.database.rows("UPDATE orders SET placed_at = $2 WHERE id = $1", UUID(order), at)


async def test_days_are_those_of_the_companys_zone(client: httpx.AsyncClient, runtime: Runtime) -> None:
    shop = await make_selling_shop(runtime, shipping=0)
    goods = await make_product(runtime, shop, price="10.00", stock=99)
    orders = [(await place(client, shop, goods, quantity))["id"] for quantity in (1, 2, 4, 8)]
    # 18:00 UTC is the next day in Jakarta; the last is out of the window, the third cancelled.
    moments = [
        datetime(2026, 11, 19, 16, 59, tzinfo=UTC),
        datetime(2026, 11, 19, 18, 0, tzinfo=UTC),
        datetime(2026, 11, 19, 12, 0, tzinfo=UTC),
        datetime(2026, 10, 21, 16, 59, tzinfo=UTC),
    ]
    for order, at in zip(orders, moments, strict=True):
        await placed_at(runtime, order, at)
    staff = await make_staff(runtime, shop)
    await client.post(f"/api/admin/orders/{orders[2]}/cancel", json={"reason": "test"}, headers=staff)
    figures = await order_figures(
        runtime.database, shop.company_id, currency="USD", zone="Asia/Jakarta", at=AT
    )
    assert (len(figures.days), figures.days[0].day, figures.days[-1].day) == (
        30,
        date(2026, 10, 22),
        date(2026, 11, 20),
    )
    assert [(one.day.day, one.orders, one.revenue) for one in figures.days if one.orders] == [
        (19, 1, 1000),
        (20, 1, 2000),
    ]
    assert (figures.orders, figures.revenue, figures.average) == (2, 3000, 1500)
    assert (figures.by_status["pending"], figures.by_status["cancelled"]) == (3, 1)


async def test_delivered_orders_complete_after_fourteen_days(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    shop = await make_selling_shop(runtime)
    goods = await make_product(runtime, shop)
    staff = await make_staff(runtime, shop)
    order = (await place(client, shop, goods))["id"]
    for verb, body in (("confirm", None), ("ship", {"carrier": "UPS"}), ("deliver", None)):
        assert (
            await client.post(f"/api/admin/orders/{order}/{verb}", json=body, headers=staff)
        ).status_code == 200
    now = runtime.clock.now()
    await complete_orders(runtime.database, at=now + COMPLETED_AFTER - timedelta(hours=1))
    at = f"/api/admin/orders/{order}"
    assert (await client.get(at, headers=staff)).json()["status"] == "delivered"
    await complete_orders(runtime.database, at=now + COMPLETED_AFTER + timedelta(hours=1))
    told = (await client.get(at, headers=staff)).json()
    assert (told["status"], told["history"][-1]["author"]) == ("completed", "system")
