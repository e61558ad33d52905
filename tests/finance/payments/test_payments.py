"""An attempt to be paid ends once: paid, voided or expired, and the facts say so."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from pasar.finance.payments.public import (
    PaymentFacts,
    expire_payments,
    payments_of,
    settle_payments,
    start_payment,
    void_payments,
)
from pasar.kernel.clock import FixedClock
from pasar.kernel.db.database import Database
from pasar.kernel.errors import Unprocessable
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from support.shops import Shop, make_shop

pytestmark = pytest.mark.money
AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
DUE = AT + timedelta(days=3)


async def start(
    database: Database, company_id: UUID, order_id: UUID, *, expires_at: datetime | None = DUE
) -> PaymentFacts:
    async with database.transaction() as session:
        return await start_payment(
            session,
            company_id,
            order_id,
            method="bank_transfer",
            amount_minor=12900,
            currency="USD",
            at=AT,
            expires_at=expires_at,
            note="Account 123",
        )


async def facts(database: Database, company_id: UUID) -> list[tuple[str, str, str]]:
    rows = await database.rows(
        "SELECT type, topic, data->>'orderId' FROM events WHERE company_id = $1 ORDER BY id", company_id
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def test_started_and_read_back(database: Database, shop: Shop) -> None:
    order = new_id()
    made = await start(database, shop.company_id, order)
    async with database.transaction() as session:
        (read,) = await payments_of(session, shop.company_id, order)
        assert read == made
        assert await payments_of(session, new_id(), order) == [], "another company has none of it"
    assert (read.status, read.amount_minor, read.currency, read.gateway) == (
        "pending",
        12900,
        "USD",
        "manual",
    )
    assert (read.instructions["note"], read.redirect_url) == ("Account 123", None)


async def test_an_unknown_method_leaves_nothing(database: Database, shop: Shop) -> None:
    order = new_id()
    async with database.transaction() as session:
        with pytest.raises(Unprocessable):
            await start_payment(
                session,
                shop.company_id,
                order,
                method="card",
                amount_minor=1,
                currency="USD",
                at=AT,
                expires_at=None,
            )
        assert await payments_of(session, shop.company_id, order) == []


async def test_settled_once(database: Database, shop: Shop) -> None:
    order = new_id()
    await start(database, shop.company_id, order)

    async def settle() -> int:
        async with database.transaction() as session:
            return len(await settle_payments(session, shop.company_id, order, DUE))

    assert sorted(await asyncio.gather(settle(), settle(), settle())) == [0, 0, 1]
    async with database.transaction() as session:
        assert await void_payments(session, shop.company_id, order, DUE) == [], "what is paid stays paid"
        (read,) = await payments_of(session, shop.company_id, order)
    assert (read.status, read.settled_at) == ("paid", DUE)
    assert await facts(database, shop.company_id) == [("payment.paid", "payment-events", str(order))]


async def test_voided_is_over(database: Database, shop: Shop) -> None:
    order = new_id()
    await start(database, shop.company_id, order)
    async with database.transaction() as session:
        assert [one.status for one in await void_payments(session, shop.company_id, order, AT)] == ["voided"]
        assert await settle_payments(session, shop.company_id, order, AT) == []
    assert await facts(database, shop.company_id) == []


async def test_expired_once_by_two_sweeps(runtime: Runtime, fresh_database: Database) -> None:
    clock = FixedClock(DUE - timedelta(seconds=1))
    mine = replace(runtime, database=fresh_database, clock=clock)
    shop = await make_shop(mine)
    orders = [new_id() for _ in range(12)]
    for order in orders:
        await start(fresh_database, shop.company_id, order)
    cash, paid = new_id(), new_id()
    await start(fresh_database, shop.company_id, cash, expires_at=None)
    await start(fresh_database, shop.company_id, paid)
    async with fresh_database.transaction() as session:
        await settle_payments(session, shop.company_id, paid, AT)
    assert await expire_payments(mine) == 0, "not yet"
    clock.advance(timedelta(seconds=1))
    expired = list(await asyncio.gather(*(expire_payments(mine, batch=5) for _ in range(2))))
    expired += [await expire_payments(mine, batch=5)]
    assert sum(expired) == 12
    told = [fact for fact in await facts(fresh_database, shop.company_id) if fact[0] == "payment.expired"]
    assert sorted(fact[2] for fact in told) == sorted(str(order) for order in orders)
    states = {row[0]: row[1] for row in await fresh_database.rows("SELECT order_id, status FROM payments")}
    assert (states[cash], states[paid]) == ("pending", "paid")
    assert {states[order] for order in orders} == {"expired"}


async def test_methods_over_http(client: httpx.AsyncClient, shop: Shop) -> None:
    answer = await client.get("/api/payment-methods", headers=shop.headers)
    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    assert [item["name"] for item in items] == ["bank_transfer", "cash_on_delivery", "manual"]
    assert {item["currency"] for item in items} == {"USD"}
    told = await client.get(
        "/api/payment-methods",
        params={"currency": "IDR"},
        headers=shop.headers | {"accept-language": "id"},
    )
    assert [item["title"] for item in told.json()["items"]] == [
        "Transfer bank",
        "Bayar di tempat",
        "Sesuai kesepakatan",
    ]
    refused = await client.get("/api/payment-methods", params={"currency": "EUR"}, headers=shop.headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "currency_not_sold")
