"""Links and codes are known to whom they were sent: no table and no log holds one.

The mail leaves over a real server, so that the development mailbox, whose purpose it is, is not in play.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
import structlog
import trustme

from pasar.kernel.config import Environment
from pasar.kernel.db.database import Database
from pasar.kernel.runtime import Runtime
from people.sign_in.test_codes import new_phone
from support.letters import send_letters
from support.mail_server import MailServer, mail_server, write_authority
from support.people import make_person, new_email
from support.shops import Shop

TABLES = """
SELECT table_name FROM information_schema.tables
 WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1
"""
# The whole row as JSON: texts, jsonb and bytes (in hexadecimal) alike.
HOLDS = """
SELECT count(*) FROM (SELECT * FROM {table}) AS t
 WHERE strpos(lower(row_to_json(t)::text), $1) > 0 OR strpos(lower(row_to_json(t)::text), $2) > 0
"""


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A mail server with STARTTLS that this process trusts."""
    authority = trustme.CA()
    monkeypatch.setenv("SSL_CERT_FILE", str(write_authority(authority, tmp_path)))
    with mail_server(authority) as started:
        yield started


async def places_of(database: Database, secret: str) -> list[str]:
    """The tables with a row that holds the secret, plainly or as bytes."""
    names = [row["table_name"] for row in await database.rows(TABLES)]
    assert len(names) > 30
    found = []
    for name in names:
        statement = HOLDS.replace("{table}", f'"{name}"')
        if await database.value(statement, secret.lower(), secret.encode().hex()):
            found.append(name)
    return found


def posting(runtime: Runtime, server: MailServer) -> Runtime:
    """Production, as far as letters are concerned."""
    settings = replace(
        runtime.settings,
        environment=Environment.PRODUCTION,
        smtp=server.settings(),
        public_url="https://shop.example.com",
    )
    return replace(runtime, settings=settings)


@pytest.mark.parametrize("path", ["register", "forgot-password", "sendOTP"])
async def test_no_table_and_no_log_holds_a_secret(
    stranger: httpx.AsyncClient,
    runtime: Runtime,
    shop: Shop,
    server: MailServer,
    capfd: pytest.CaptureFixture[str],
    path: str,
) -> None:
    email, phone = new_email(), new_phone()
    body = {"email": email}
    if path == "register":
        body |= {"password": "long enough words", "name": "Ann"}
    else:
        person = await make_person(runtime, shop, email)
        await runtime.database.rows(
            "UPDATE users SET phone = $2, phone_verified_at = now(), email_verified_at = now() WHERE id = $1",
            person.user_id,
            phone,
        )
    if path == "sendOTP":
        body = {"phone": phone}
    with structlog.testing.capture_logs() as logged:
        answer = await stranger.post(f"/api/auth/{path}", json=body, headers=shop.headers)
        assert answer.status_code in {201, 202}, answer.text
        await send_letters(posting(runtime, server), shop)
        (mail,) = server.received
        assert mail.recipients == [email]
        part = mail.message.get_body(("plain",))
        assert part is not None
        found = re.search(r"\b(?:[0-9a-f]{64}|[0-9]{6})\b", part.get_content())
        assert found, "the letter carries the secret"
        secret = found[0]
        page = await stranger.get(f"/verify-email/{secret}", headers=shop.headers)
        assert page.status_code == 200

    assert await places_of(runtime.database, secret) == []
    printed = "".join(capfd.readouterr())
    assert secret not in printed
    assert secret not in str(logged)


async def test_the_search_finds_what_is_there(runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, shop)
    assert {"users", "customers"} <= set(await places_of(runtime.database, person.email))


HOSTILE = ["ann@example.com\r\nBcc: eve@example.com", "ann@example.com\nSubject: x", "ann@example.com\u2028x",
           "ann@example.com, eve@example.com", "<ann@example.com>", "ann\u202e@example.com"]  # fmt: skip


@pytest.mark.parametrize("email", HOSTILE)
async def test_nobody_adds_headers_or_readers_to_our_mail(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, server: MailServer, email: str
) -> None:
    body = {"email": email, "password": "long enough words", "name": "Ann"}
    refused = await stranger.post("/api/auth/register", json=body, headers=shop.headers)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "email")
    for path in ("forgot-password", "resend-verification"):
        answer = await stranger.post(f"/api/auth/{path}", json={"email": email}, headers=shop.headers)
        assert answer.status_code == 202
    await send_letters(posting(runtime, server), shop)
    assert server.received == []


async def test_a_shop_s_name_is_no_header(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, server: MailServer
) -> None:
    await runtime.database.rows(
        "UPDATE sites SET name = $2 WHERE company_id = $1", shop.company_id, "Shop\r\nBcc: eve@example.com"
    )
    person = await make_person(runtime, shop)
    await stranger.post("/api/auth/forgot-password", json={"email": person.email}, headers=shop.headers)
    await send_letters(posting(runtime, server), shop)
    assert server.received == []
    told = await runtime.database.value(
        "SELECT last_error FROM messages WHERE company_id = $1", shop.company_id
    )
    assert told == "From holds a control character"
