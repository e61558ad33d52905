"""Whatever is in the cart: an order's sums hold in the database as they do in the totals."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pasar.finance.taxes.public import TaxPolicy, TaxRate
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import GUEST, Context, Site
from pasar.people.users.public import Address
from pasar.shop.carts.public import CartFacts, LineFacts, cart_totals
from pasar.shop.checkout.details import BuyerDetails
from pasar.shop.checkout.ordering import Identity, new_order
from pasar.shop.checkout.reckoning import Reckoning
from pasar.shop.orders.public import NewOrder, order_by_id, place_order
from support.shops import make_shop

ADDRESS = Address(country="US", name="Ann", line1="1 Market Street", city="San Francisco", region="CA")
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def line(amount: int, quantity: int, taxable: bool) -> LineFacts:
    return LineFacts(
        new_id(), new_id(), new_id(), "Goods", quantity, None, "goods", "", None, 100, taxable, True,
        amount, None, 999, False, None,
    )  # fmt: skip


carts = st.lists(
    st.builds(line, st.integers(0, 10**9), st.integers(1, 999), st.booleans()), min_size=1, max_size=12
)


def order_of(
    company_id: UUID, lines: list[LineFacts], currency: str, ppm: int, included: bool, shipping: int
) -> NewOrder:
    site = Site(company_id, new_id(), "Shop", None, currency, (currency,), "en", ("en",), "UTC", "Shop")
    cart = CartFacts(new_id(), currency, 1, tuple(lines))
    policy = TaxPolicy((TaxRate("US", "Tax", ppm),), included)
    totals = cart_totals(cart.line_inputs(), currency, policy, shipping)
    details = BuyerDetails("ann@example.com", ADDRESS, ADDRESS, ())
    order_id = new_id()
    return new_order(
        Context(site, GUEST, "", "en"),
        Identity(order_id, order_id.bytes * 2, date(2026, 11, 20), AT),
        cart,
        details,
        Reckoning(totals, True, (), None),
        "manual",
    )


orders = st.tuples(
    carts,
    st.sampled_from(["USD", "JPY", "KWD"]),
    st.integers(0, 300_000),
    st.booleans(),
    st.integers(0, 10**6),
)


@given(orders)
def test_the_order_adds_up_and_explains_itself(drawn: tuple[Any, ...]) -> None:
    order = order_of(new_id(), *drawn)
    assert sum(one.unit_price * one.quantity for one in order.lines) == order.subtotal
    assert sum(one.discount for one in order.lines) == order.discount_total
    assert sum(one.tax for one in order.lines) == order.tax_total
    assert sum(step["amount"] for step in order.explanation) == order.grand_total
    assert sum(one.quantity for one in order.lines) == order.item_count


@pytest.mark.money
async def test_the_database_agrees_and_reads_back_the_same(runtime: Runtime) -> None:
    shop = await make_shop(runtime)
    drawn: list[tuple[Any, ...]] = []

    @settings(max_examples=40, database=None)
    @given(orders)
    def draw(one: tuple[Any, ...]) -> None:
        drawn.append(one)

    await asyncio.to_thread(draw)
    for one in drawn:
        order = order_of(shop.company_id, *one)
        async with runtime.database.transaction() as session:
            placed = await place_order(session, order)
            assert await order_by_id(session, shop.company_id, order.id) == placed
