"""Buyers hear of their order by mail: once for what happened, in their language, whoever dies when."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import trustme

from pasar.delivery.notifications.actions.send_message import send_message
from pasar.delivery.notifications.jobs import NOTIFICATION_JOBS
from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database
from pasar.kernel.events.relay import Relay
from pasar.kernel.jobs import Worker
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import assemble, observed, open_runtime
from pasar.roles.registry import SUBSCRIBERS
from pasar.shop.orders.view_tokens import view_token
from support.databases import address_text
from support.goods import MadeProduct, make_product
from support.mail_server import MailServer, mail_server, write_authority
from support.people import make_staff
from support.selling import ADDRESS, make_selling_shop, place
from support.shops import Shop

PROGRAM = Path(__file__).parents[2] / "support" / "mail_relay_program.py"
LIMIT = 60  # seconds: many times what the slowest of these takes
JSON = {"accept": "application/json"}
SHIP = {"carrier": "UPS", "trackingNumber": "1Z999AA10123456784"}
HOSTILE = "<img src=x onerror=alert(1)>\" & 'Ann'"
QUEUED = "SELECT company_id, id FROM messages WHERE state = 'queued' ORDER BY created_at, id"
AGAIN = """
UPDATE event_deliveries SET delivered_at = NULL, next_attempt_at = now() WHERE subscriber = 'orders.mail'
"""
KINDS = "SELECT kind FROM messages ORDER BY created_at, id"


@pytest.fixture
async def running(fresh_database: Database, settings: Settings) -> AsyncIterator[Runtime]:
    """A runtime alone on its database."""
    opened = open_runtime(settings, fresh_database, SystemClock())
    yield opened
    await opened.http.aclose()


@pytest.fixture
async def web(running: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application on that database."""
    transport = httpx.ASGITransport(app=observed(running, assemble(running)))  # type: ignore[arg-type]  # both are ASGI
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        yield opened


@pytest.fixture
async def selling(running: Runtime) -> Shop:
    return await make_selling_shop(running)


@pytest.fixture
async def staff(running: Runtime, selling: Shop) -> dict[str, str]:
    return await make_staff(running, selling)


@pytest.fixture
async def goods(running: Runtime, selling: Shop) -> MadeProduct:
    return await make_product(running, selling)


async def act(web: httpx.AsyncClient, staff: dict[str, str], order: str, verb: str, **body: Any) -> None:
    answer = await web.post(f"/api/admin/orders/{order}/{verb}", json=body or None, headers=staff)
    assert answer.status_code == 200, answer.text


async def deliver(runtime: Runtime) -> None:
    """Facts to subscribers, and messages to their channel."""
    await Relay(runtime, SUBSCRIBERS).drain()
    for company_id, message_id in await runtime.database.rows(QUEUED):
        await send_message(runtime, {"companyId": str(company_id), "messageId": str(message_id)})


async def mailbox(web: httpx.AsyncClient, shop: Shop) -> list[dict[str, Any]]:
    """The shop's mails, oldest first."""
    answer = await web.get("/dev/mail", headers=shop.headers | JSON)
    items: list[dict[str, Any]] = answer.json()["items"]
    return items[::-1]


async def test_a_placed_order_is_confirmed_with_all_that_the_buyer_needs(
    web: httpx.AsyncClient, running: Runtime, selling: Shop, goods: MadeProduct
) -> None:
    await running.database.rows(
        "UPDATE companies SET bank_transfer_note = $2 WHERE id = $1",
        selling.company_id,
        "Bank Sari\nAccount 12-34 <main>",
    )
    order = await place(web, selling, goods, 2, paymentMethod="bank_transfer")
    await deliver(running)

    (mail,) = await mailbox(web, selling)

    assert (mail["to"], mail["from"]) == ("ann@example.com", "Test shop <shop@pasar.test>")
    assert mail["subject"] == f"Your order {order['number']} is with us"
    for words in ("2 × Mug", "$24.00", "$5.00", "$29.00", "How to pay", "Bank Sari", "Ann Buyer", "94105"):
        assert words in mail["text"], words
        assert words in mail["html"], words
    assert "Account 12-34 <main>" in mail["text"]
    assert "Account 12-34 &lt;main&gt;" in mail["html"]
    assert "Please pay by: " in mail["text"]
    token = view_token(running, selling.company_id, UUID(order["id"]))
    link = f"http://localhost:{running.settings.port}/orders/view/{token}"
    assert mail["links"] == [link]
    assert link in mail["text"]
    shown = await web.get(httpx.URL(link).path, headers=selling.headers)
    assert (shown.status_code, order["number"] in shown.text) == (200, True)


async def test_a_paid_order_says_nothing_of_paying(
    web: httpx.AsyncClient, running: Runtime, selling: Shop, staff: dict[str, str], goods: MadeProduct
) -> None:
    """The mail is written when it leaves: by then staff have confirmed."""
    order = await place(web, selling, goods)
    await act(web, staff, order["id"], "confirm")
    await deliver(running)

    (mail,) = await mailbox(web, selling)

    assert "How to pay" not in mail["text"] + mail["html"]


async def test_one_mail_for_each_thing_that_happened_however_often_it_is_told(
    web: httpx.AsyncClient, running: Runtime, selling: Shop, staff: dict[str, str], goods: MadeProduct
) -> None:
    order = await place(web, selling, goods)
    await act(web, staff, order["id"], "confirm")
    await act(web, staff, order["id"], "ship", **SHIP)
    await act(web, staff, order["id"], "deliver")
    for _ in range(3):
        await deliver(running)
        await running.database.rows(AGAIN)

    placed, shipped, delivered = await mailbox(web, selling)

    number = order["number"]
    assert [mail["subject"] for mail in (placed, shipped, delivered)] == [
        f"Your order {number} is with us",
        f"Your order {number} is on its way",
        f"Your order {number} has arrived",
    ]
    assert "UPS" in shipped["text"]
    assert "1 × Mug" in shipped["text"]
    assert SHIP["trackingNumber"] in shipped["text"]
    assert any(SHIP["trackingNumber"] in link and "ups.com" in link for link in shipped["links"])
    assert all(
        f"/orders/view/{view_token(running, selling.company_id, UUID(order['id']))}" in one["text"]
        for one in (placed, shipped, delivered)
    )


async def test_each_parcel_has_its_mail(
    web: httpx.AsyncClient, running: Runtime, selling: Shop, staff: dict[str, str], goods: MadeProduct
) -> None:
    order = await place(web, selling, goods, 3)
    line = order["items"][0]["id"]
    await act(web, staff, order["id"], "confirm")
    await act(web, staff, order["id"], "ship", **SHIP, lines=[{"lineId": line, "quantity": 1}])
    await act(web, staff, order["id"], "ship", **SHIP)
    await deliver(running)

    _, first, second = await mailbox(web, selling)

    assert "1 × Mug" in first["text"]
    assert "2 × Mug" in second["text"]


async def test_a_cancelled_order(
    web: httpx.AsyncClient, running: Runtime, selling: Shop, staff: dict[str, str], goods: MadeProduct
) -> None:
    order = await place(web, selling, goods)
    await deliver(running)
    await act(web, staff, order["id"], "cancel", reason="Sold out <sorry>")
    await deliver(running)

    _, mail = await mailbox(web, selling)

    assert mail["subject"] == f"Your order {order['number']} is cancelled"
    assert "Reason: Sold out <sorry>" in mail["text"]
    assert "Sold out &lt;sorry&gt;" in mail["html"]


async def test_in_the_buyers_language(
    web: httpx.AsyncClient, running: Runtime, selling: Shop, staff: dict[str, str], goods: MadeProduct
) -> None:
    order = await place(web, selling, goods)
    await running.database.rows("UPDATE orders SET locale = 'id' WHERE id = $1", UUID(order["id"]))
    await act(web, staff, order["id"], "cancel", reason="Stok habis")
    await deliver(running)

    placed, cancelled = await mailbox(web, selling)

    assert placed["subject"] == f"Pesanan {order['number']} sudah kami terima"
    assert '<html lang="id">' in placed["html"]
    for english in ("Your order", "See my order", "Thank", "You get"):
        assert english not in placed["text"] + cancelled["text"], english
    assert "Alasan: Stok habis" in cancelled["text"]


async def test_hostile_names_are_words_and_nothing_else(
    web: httpx.AsyncClient, running: Runtime, selling: Shop
) -> None:
    hostile = await make_product(running, selling, title=HOSTILE)
    await place(web, selling, hostile, shippingAddress=ADDRESS | {"name": HOSTILE})
    await running.database.rows(
        "UPDATE sites SET name = $2 WHERE company_id = $1", selling.company_id, f"Shop {HOSTILE}"
    )
    await deliver(running)

    (mail,) = await mailbox(web, selling)

    assert "<img" not in mail["html"]
    assert mail["html"].count("&lt;img src=x onerror=alert(1)&gt;") >= 3
    assert f"1 × {HOSTILE}" in mail["text"]
    assert f"at Shop {HOSTILE}." in mail["text"]
    assert "{{" not in mail["html"] + mail["text"]


@pytest.mark.parametrize("moment", ["between_handler_and_mark", "during_marking"])
async def test_a_relay_that_is_killed_at_work_loses_and_repeats_nothing(
    web: httpx.AsyncClient, running: Runtime, selling: Shop, goods: MadeProduct, moment: str
) -> None:
    await place(web, selling, goods)
    command = [sys.executable, str(PROGRAM), address_text(running.database.address), moment]

    killed = await asyncio.to_thread(
        subprocess.run,
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT,
        env={"PYTHONPATH": os.pathsep.join([str(PROGRAM.parents[1]), *sys.path]), "PATH": "/usr/bin:/bin"},
    )

    assert (killed.returncode, killed.stdout.strip()) == (-signal.SIGKILL, moment), killed.stderr
    assert await running.database.value("SELECT count(*) FROM messages") == 0
    await deliver(running)
    await deliver(running)
    assert [row["kind"] for row in await running.database.rows(KINDS)] == ["order.placed"]
    assert len(await mailbox(web, selling)) == 1


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server with STARTTLS, by a certificate that this process trusts."""
    authority = trustme.CA()
    monkeypatch.setenv("SSL_CERT_FILE", str(write_authority(authority, tmp_path)))
    with mail_server(authority) as started:
        yield started


async def test_relay_and_worker_bring_it_to_a_real_server(
    web: httpx.AsyncClient, running: Runtime, selling: Shop, goods: MadeProduct, server: MailServer
) -> None:
    """The server refuses the first try for a while, as they do."""
    server.answers = ["451 4.7.1 Greylisted"]
    runtime = replace(running, settings=replace(running.settings, smtp=server.settings()))
    worker = Worker(
        runtime,
        NOTIFICATION_JOBS,
        [],
        first_wait=timedelta(milliseconds=50),
        look_every=timedelta(milliseconds=200),
    )
    tasks = [asyncio.create_task(part.run()) for part in (Relay(runtime, SUBSCRIBERS), worker)]
    try:
        order = await place(web, selling, goods)
        async with asyncio.timeout(LIMIT):
            while not server.received:  # noqa: ASYNC110  another thread's
                await asyncio.sleep(0.05)
    finally:
        runtime.closing.set()
        await asyncio.gather(*tasks)

    (got,) = server.received
    assert (got.encrypted, got.signed_in, got.recipients) == (True, True, ["ann@example.com"])
    assert got.message["Subject"] == f"Your order {order['number']} is with us"
    assert got.message["From"] == "Test shop <shop@example.com>"
    text, page = got.message.iter_parts()
    assert "1 × Mug" in text.get_content()
    assert "1 × Mug" in page.get_content()
    assert await mailbox(web, selling) == [], "what leaves is not kept"
