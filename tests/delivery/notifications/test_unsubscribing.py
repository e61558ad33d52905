"""Marketing ends by one click from the mail, for good, and at that company only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from pasar.delivery.notifications import kinds
from pasar.delivery.notifications.actions.notify import notify
from pasar.delivery.notifications.actions.send_message import send_message
from pasar.delivery.notifications.kinds import MessageKind, Waiting, Written, register_kind
from pasar.delivery.notifications.rendering import MailPage
from pasar.delivery.notifications.unsubscribing import message_of, unsubscribe_token, unsubscribe_url
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from support.mail_server import MailServer
from support.people import new_email
from support.shops import Shop, make_shop

PAGE = MailPage("A shop", "en", "UTC", "https://shop.example.com")


async def _offer(runtime: Runtime, message: Waiting) -> Written:
    url = unsubscribe_url(runtime, PAGE, message)
    return Written("A shop", "An offer", "Buy\n", "<p>Buy</p>", url)


async def _news(_runtime: Runtime, _message: Waiting) -> Written:
    return Written("A shop", "Your order", "Sent\n", "<p>Sent</p>")


@pytest.fixture(autouse=True)
def offers(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind of marketing and one that is none."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    register_kind(MessageKind("test.offer", _offer, marketing=True))
    register_kind(MessageKind("test.news", _news))


@pytest.fixture
async def robot(client: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """A mail program: without cookies of its own."""
    async with httpx.AsyncClient(transport=client._transport, base_url="http://localhost") as opened:
        yield opened


async def queued(runtime: Runtime, shop: Shop, to: str, kind: str = "test.offer") -> UUID | None:
    async with runtime.database.transaction() as session:
        return await notify(
            session,
            shop.company_id,
            kind=kind,
            recipient=to,
            locale="en",
            dedupe_key=str(new_id()),
            given={},
            at=runtime.clock.now(),
        )


async def one_click(robot: httpx.AsyncClient, shop: Shop, token: str) -> httpx.Response:
    body = {"List-Unsubscribe": "One-Click"}
    return await robot.post(f"/unsubscribe/{token}", data=body, headers=shop.headers)


async def test_one_click_ends_marketing_and_nothing_else(
    robot: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    to = new_email()
    message = await queued(runtime, shop, to)
    assert message is not None
    waiting = await queued(runtime, shop, to)
    token = unsubscribe_token(runtime, shop.company_id, message)

    for _ in range(2):
        assert (await one_click(robot, shop, token)).status_code == 200, "twice is once"

    assert await queued(runtime, shop, to.upper()) is None
    assert await queued(runtime, shop, to, "test.news") is not None
    assert await queued(runtime, await make_shop(runtime), to) is not None, "another company's is its own"
    await send_message(runtime, {"companyId": str(shop.company_id), "messageId": str(waiting)})
    told = await runtime.database.value(
        "SELECT last_error FROM messages WHERE company_id = $1 AND id = $2", shop.company_id, waiting
    )
    assert told == "The reader has unsubscribed.", "what waited does not leave either"
    rows = await runtime.database.rows(
        "SELECT u::text FROM unsubscribes u WHERE company_id = $1", shop.company_id
    )
    assert len(rows) == 1
    assert to not in rows[0][0]


async def test_opening_the_page_asks_first(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    to = new_email()
    message = await queued(runtime, shop, to)
    assert message is not None
    token = unsubscribe_token(runtime, shop.company_id, message)
    for language in ("en", "id"):
        page = await client.get(f"/unsubscribe/{token}", headers=shop.headers | {"accept-language": language})
        assert (page.status_code, page.text.count("<h1>")) == (200, 1)
        assert to not in page.text
    assert await queued(runtime, shop, to) is not None


async def test_mail_carries_the_headers_of_rfc_8058(runtime: Runtime, shop: Shop, server: MailServer) -> None:
    posting = replace(runtime, settings=replace(runtime.settings, smtp=server.settings()))
    message = await queued(runtime, shop, new_email())
    assert message is not None
    await send_message(posting, {"companyId": str(shop.company_id), "messageId": str(message)})
    (got,) = server.received
    token = unsubscribe_token(runtime, shop.company_id, message)
    assert got.message["List-Unsubscribe"] == f"<https://shop.example.com/unsubscribe/{token}>"
    assert got.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_links_that_are_not_ours_end_nothing(
    robot: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    message = await queued(runtime, shop, new_email())
    assert message is not None
    token = unsubscribe_token(runtime, shop.company_id, message)
    changed = ("A" if token[0] != "A" else "B") + token[1:]
    unknown = unsubscribe_token(runtime, shop.company_id, new_id())
    other = await make_shop(runtime)
    for bad in (changed, unknown, token[:-4], "x", "%00", "a" * 5000, "é"):
        assert (await one_click(robot, shop, bad)).status_code == 404, bad
    assert (await one_click(robot, other, token)).status_code == 404, "of another company"
    count = await runtime.database.value(
        "SELECT count(*) FROM unsubscribes WHERE company_id = $1", shop.company_id
    )
    assert count == 0


async def test_a_token_names_its_message(runtime: Runtime) -> None:
    company_id, message_id = new_id(), new_id()
    assert message_of(runtime, unsubscribe_token(runtime, company_id, message_id)) == (company_id, message_id)
