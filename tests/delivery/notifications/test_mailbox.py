"""The development mailbox: for people and programs, of one's own company, and never in production."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from delivery.notifications.mails import a_mail
from pasar.delivery.notifications.channels.outbox import OutboxChannel
from pasar.delivery.notifications.look import LOOK, look
from pasar.delivery.notifications.mime import Mail
from pasar.kernel.config import Environment
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import assemble, observed
from support.shops import Shop, make_shop

A_MESSAGE = """
INSERT INTO messages (company_id, id, kind, channel, recipient, locale, dedupe_key, created_at)
VALUES ($1, $2, 'test', 'mail', $3, 'en', $4, now())
"""
JSON = {"accept": "application/json"}
FIRST = datetime(2026, 11, 20, 9, tzinfo=UTC)
DOCUMENT = (
    "<!doctype html><html><head><title>x</title></head><body "
    f"{look('page')}>"
    '<a href="http://localhost/orders/view/1?a=1&amp;b=2">See</a> style=&#34;kept&#34;</body></html>'
)


async def keep(runtime: Runtime, company: UUID, **changes: Any) -> Mail:
    mail = a_mail(company_id=company, **changes)
    await runtime.database.rows(A_MESSAGE, company, mail.id, mail.recipient, str(mail.id))
    await OutboxChannel(runtime.database).send(mail)
    return mail


async def test_programs_get_the_newest_first(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    older = await keep(runtime, shop.company_id, at=FIRST)
    newer = await keep(
        runtime, shop.company_id, at=FIRST + timedelta(minutes=1), recipient="Budi@example.com", html=DOCUMENT
    )

    answer = await client.get("/dev/mail", headers=shop.headers | JSON)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    items = answer.json()["items"]
    assert [item["id"] for item in items] == [str(newer.id), str(older.id)]
    assert items[0] == {
        "id": str(newer.id),
        "to": "Budi@example.com",
        "from": f"{newer.sender_name} <shop@example.com>",
        "subject": newer.subject,
        "text": newer.text,
        "html": DOCUMENT,
        "links": ["http://localhost/orders/view/1?a=1&b=2"],
        "at": "2026-11-20T09:01:00Z",
    }


async def test_mail_to_one_address(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    await keep(runtime, shop.company_id)
    budis = await keep(runtime, shop.company_id, recipient="Budi@example.com")

    found = await client.get("/dev/mail?to=budi@EXAMPLE.com", headers=shop.headers | JSON)
    nobodys = await client.get("/dev/mail?to=x%00", headers=shop.headers | JSON)

    assert [item["id"] for item in found.json()["items"]] == [str(budis.id)]
    assert nobodys.json() == {"items": []}


async def test_a_mailbox_is_its_companys(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    mail = await keep(runtime, shop.company_id)
    other = await make_shop(runtime)

    listed = await client.get("/dev/mail", headers=other.headers | JSON)
    one = await client.get(f"/dev/mail/{mail.id}", headers=other.headers)

    assert listed.json() == {"items": []}
    assert one.status_code == 404


async def test_people_see_a_list_and_a_framed_mail(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    mail = await keep(runtime, shop.company_id, html=DOCUMENT, subject="<b>Hello</b>")

    listed = await client.get("/dev/mail", headers=shop.headers)
    shown = await client.get(f"/dev/mail/{mail.id}", headers=shop.headers)

    assert f'href="/dev/mail/{mail.id}"' in listed.text
    assert "<b>Hello" not in listed.text + shown.text
    frame = re.search(r'<iframe [^>]*sandbox="([^"]*)" srcdoc="([^"]*)"', shown.text)
    assert frame is not None
    assert set(frame[1].split()) == {"allow-popups", "allow-popups-to-escape-sandbox"}
    document = html.unescape(frame[2])
    assert " style=" not in document.replace(" style=&#34;", ""), "the security policy would refuse it"
    assert "style=&#34;kept&#34;" in document
    assert 'class="look-page"' in document
    assert '<link rel="stylesheet" href="/dev/mail.css">' in document
    sheet = await client.get("/dev/mail.css", headers=shop.headers)
    assert sheet.headers["content-type"].startswith("text/css")
    assert all(f".look-{name} {{" in sheet.text for name in LOOK)


async def test_an_empty_mailbox_says_what_to_do(client: httpx.AsyncClient, shop: Shop) -> None:
    answer = await client.get("/dev/mail", headers=shop.headers)

    assert answer.status_code == 200
    assert "No mail yet" in answer.text


@pytest.mark.parametrize("path", ["/dev/mail", "/dev/mail/{id}", "/dev/mail.css"])
async def test_there_is_none_in_production(runtime: Runtime, shop: Shop, path: str) -> None:
    mail = await keep(runtime, shop.company_id)
    production = replace(runtime, settings=replace(runtime.settings, environment=Environment.PRODUCTION))
    transport = httpx.ASGITransport(app=observed(production, assemble(production)))  # type: ignore[arg-type]  # both are ASGI
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        answer = await opened.get(path.format(id=mail.id), headers=shop.headers | JSON)

    assert answer.status_code == 404
    assert mail.subject not in answer.text
