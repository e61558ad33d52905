"""A message is queued once per cause, leaves by a job, is tried again, and ends as sent or failed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from pasar.delivery.notifications import kinds
from pasar.delivery.notifications.actions import send_message as sending
from pasar.delivery.notifications.actions.notify import notify
from pasar.delivery.notifications.actions.resend_failed import NOTHING_YET, resend_failed
from pasar.delivery.notifications.actions.send_message import send_message
from pasar.delivery.notifications.jobs import NOTIFICATION_JOBS
from pasar.delivery.notifications.kinds import MessageKind, NothingToSay, Waiting, Written, register_kind
from pasar.delivery.notifications.queries import failed_messages, outbox
from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Environment, Settings
from pasar.kernel.db.database import Database
from pasar.kernel.ids import new_id
from pasar.kernel.jobs import Worker
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import open_runtime
from pasar.roles.doctor import look_at_mail
from support.mail_server import MailServer

LIMIT = 30  # seconds: many times what the slowest of these takes
ROW = """
SELECT state, attempts, subject, provider_id, last_error, sent_at FROM messages
 WHERE company_id = $1 AND id = $2
"""
STATE = "SELECT state FROM messages WHERE company_id = $1 AND id = $2"


class Writer:
    """Writes greetings, after as many failures as told."""

    def __init__(self, *, failures: int = 0, problem: Exception | None = None) -> None:
        self.calls: list[Mapping[str, str]] = []
        self.failures = failures
        self.problem = problem or RuntimeError("the writer is not well")
        self.unsubscribe_url: str | None = None

    async def write(self, _runtime: Runtime, message: Waiting) -> Written:
        """Write a greeting."""
        self.calls.append(message.given)
        if len(self.calls) <= self.failures:
            raise self.problem
        name = message.given.get("name", "you")
        return Written("A shop", f"Hello {name}", "Hello\n", "<p>Hello</p>", self.unsubscribe_url)


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch) -> Writer:
    """Writes messages of the kind `test.greeting`."""
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    made = Writer()
    register_kind(MessageKind("test.greeting", made.write))
    return made


@pytest.fixture
async def working(fresh_database: Database, settings: Settings) -> AsyncIterator[Runtime]:
    """A runtime alone on its database."""
    opened = open_runtime(settings, fresh_database, SystemClock())
    yield opened
    await opened.http.aclose()


def with_server(runtime: Runtime, server: MailServer) -> Runtime:
    return replace(runtime, settings=replace(runtime.settings, smtp=server.settings()))


async def queue(runtime: Runtime, company: UUID, key: str, **changes: Any) -> UUID | None:
    wanted: dict[str, Any] = {
        "kind": "test.greeting",
        "recipient": "ann@example.com",
        "locale": "en",
        "dedupe_key": key,
        "given": {"name": "Ann"},
        "at": runtime.clock.now(),
    }
    async with runtime.database.transaction() as session:
        return await notify(session, company, **wanted | changes)


async def queued(runtime: Runtime, company: UUID, **changes: Any) -> UUID:
    message = await queue(runtime, company, str(new_id()), **changes)
    assert message is not None
    return message


async def send(runtime: Runtime, company: UUID, message: UUID) -> None:
    await send_message(runtime, {"companyId": str(company), "messageId": str(message)})


async def row(runtime: Runtime, company: UUID, message: UUID) -> dict[str, Any]:
    found = await runtime.database.row(ROW, company, message)
    assert found is not None
    return dict(found)


@asynccontextmanager
async def worker(runtime: Runtime) -> AsyncIterator[None]:
    made = Worker(
        runtime,
        NOTIFICATION_JOBS,
        [],
        first_wait=timedelta(milliseconds=20),
        look_every=timedelta(milliseconds=200),
    )
    runtime.closing.clear()
    task = asyncio.create_task(made.run())
    try:
        yield
    finally:
        runtime.closing.set()
        async with asyncio.timeout(LIMIT):
            await task


async def until_state(runtime: Runtime, company: UUID, message: UUID, state: str) -> None:
    async with asyncio.timeout(LIMIT):
        while await runtime.database.value(STATE, company, message) != state:  # noqa: ASYNC110  a worker's
            await asyncio.sleep(0.02)


async def test_one_cause_has_one_message_and_one_job(working: Runtime, writer: Writer) -> None:
    company = new_id()

    asked = await asyncio.gather(*(queue(working, company, "cause:1") for _ in range(8)))

    assert len([message for message in asked if message is not None]) == 1
    assert await working.database.value("SELECT count(*) FROM messages") == 1
    assert await working.database.value("SELECT count(*) FROM pgqueuer") == 1
    assert await queue(working, new_id(), "cause:1") is not None, "another company's cause is its own"


async def test_a_refused_change_tells_nobody(working: Runtime, writer: Writer) -> None:
    async def change() -> None:
        async with working.database.transaction() as session:
            await notify(
                session,
                new_id(),
                kind="test.greeting",
                recipient="ann@example.com",
                locale="en",
                dedupe_key="x",
                given={},
                at=working.clock.now(),
            )
            raise RuntimeError("the change was refused")

    with pytest.raises(RuntimeError):
        await change()

    assert await working.database.value("SELECT count(*) FROM messages") == 0
    assert await working.database.value("SELECT count(*) FROM pgqueuer") == 0


async def test_the_worker_sends_it_once(working: Runtime, writer: Writer, server: MailServer) -> None:
    runtime = with_server(working, server)
    company = new_id()
    async with worker(runtime):
        message = await queued(runtime, company)
        await until_state(runtime, company, message, "sent")
        await send(runtime, company, message)  # the job once more, as after a worker's death

    (got,) = server.received
    assert (got.recipients, got.message["Subject"]) == (["ann@example.com"], "Hello Ann")
    found = await row(runtime, company, message)
    assert (found["state"], found["attempts"], found["subject"]) == ("sent", 1, "Hello Ann")
    assert "queued as 1" in found["provider_id"]
    assert found["sent_at"] is not None


async def test_it_is_tried_until_the_server_takes_it(
    working: Runtime, writer: Writer, server: MailServer
) -> None:
    runtime = with_server(working, server)
    server.answers = ["451 later", "421 not now"]
    company = new_id()
    async with worker(runtime):
        message = await queued(runtime, company)
        await until_state(runtime, company, message, "sent")

    assert len(server.received) == 1
    found = await row(runtime, company, message)
    assert (found["attempts"], found["last_error"]) == (3, None)


async def test_a_refusal_ends_it(working: Runtime, writer: Writer, server: MailServer) -> None:
    runtime = with_server(working, server)
    server.to_recipients = ["550 <ann@example.com>: no such person"]
    company = new_id()
    message = await queued(runtime, company)

    await send(runtime, company, message)
    await send(runtime, company, message)

    found = await row(runtime, company, message)
    assert (found["state"], found["attempts"]) == ("failed", 1)
    assert found["last_error"] == "The recipient is refused (550)"
    assert server.received == []


async def test_the_last_try_ends_it(
    working: Runtime, writer: Writer, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "MOST_ATTEMPTS", 2)
    runtime = with_server(working, server)
    server.answers = ["451 later"] * 9
    company = new_id()
    message = await queued(runtime, company)

    with pytest.raises(Exception, match="451"):
        await send(runtime, company, message)
    assert (await row(runtime, company, message))["state"] == "queued"
    await send(runtime, company, message)
    await send(runtime, company, message)

    assert (await row(runtime, company, message))["state"] == "failed"
    assert len(server.answers) == 7


async def test_a_writer_that_fails_is_asked_again(working: Runtime, writer: Writer) -> None:
    writer.failures = 1
    company = new_id()
    message = await queued(working, company)

    with pytest.raises(RuntimeError):
        await send(working, company, message)
    assert (await row(working, company, message))["last_error"] == "RuntimeError: the writer is not well"
    await send(working, company, message)

    assert (await row(working, company, message))["state"] == "sent"
    assert writer.calls == [{"name": "Ann"}] * 2


async def test_what_needs_no_longer_be_said_is_not(working: Runtime, writer: Writer) -> None:
    writer.failures, writer.problem = 1, NothingToSay("The order is gone.")
    company = new_id()
    message = await queued(working, company)

    await send(working, company, message)

    found = await row(working, company, message)
    assert (found["state"], found["last_error"]) == ("failed", "The order is gone.")


async def test_a_hostile_name_fails_and_reaches_nobody(
    working: Runtime, writer: Writer, server: MailServer
) -> None:
    runtime = with_server(working, server)
    company = new_id()
    message = await queued(runtime, company, given={"name": "Ann\r\nBcc: eve@example.com"})

    await send(runtime, company, message)

    assert (await row(runtime, company, message))["last_error"] == "Subject holds a control character"
    assert server.received == []


async def test_only_marketing_offers_to_unsubscribe(working: Runtime, writer: Writer) -> None:
    register_kind(MessageKind("test.offer", writer.write, marketing=True))
    company = new_id()
    without = await queued(working, company, kind="test.offer")
    await send(working, company, without)
    writer.unsubscribe_url = "https://shop.example.com/u/1"
    with_one = await queued(working, company, kind="test.offer")
    await send(working, company, with_one)
    ordinary = await queued(working, company)
    await send(working, company, ordinary)

    states = [(await row(working, company, one))["state"] for one in (without, with_one, ordinary)]
    assert states == ["failed", "sent", "failed"]


@pytest.mark.parametrize("channel", ["whatsapp", "sms", "push"])
async def test_without_a_provider_a_text_is_refused_in_production(
    working: Runtime, writer: Writer, channel: str
) -> None:
    production = replace(working.settings, environment=Environment.PRODUCTION)
    runtime = replace(working, settings=production)
    company = new_id()
    message = await queued(runtime, company, channel=channel, recipient="+6281234567890")

    await send(runtime, company, message)

    found = await row(runtime, company, message)
    assert (found["state"], found["last_error"]) == ("failed", f"No provider for {channel} is set up.")
    assert await runtime.database.value("SELECT count(*) FROM outbox_mails") == 0


async def test_elsewhere_a_text_stays_in_the_mailbox_under_its_number(
    working: Runtime, writer: Writer
) -> None:
    company = new_id()
    message = await queued(working, company, channel="sms", recipient="+6281234567890")

    await send(working, company, message)

    assert (await row(working, company, message))["state"] == "sent"
    (kept,) = await outbox(working.database, company, to="+6281234567890", limit=10)
    assert (kept.subject, kept.text, kept.html) == ("Hello Ann", "Hello\n", "")


@pytest.mark.parametrize("failed", ["test.greeting", None, "another.kind"])
async def test_failed_messages_are_tried_again_when_an_operator_says_so(
    working: Runtime, writer: Writer, failed: str | None
) -> None:
    company = new_id()
    messages = [await queued(working, company, recipient="no address") for _ in range(3)]
    for message in messages:
        await send(working, company, message)
    await working.database.rows("UPDATE messages SET recipient = 'ann@example.com'")
    await working.database.rows("DELETE FROM pgqueuer")

    async with working.database.transaction() as session:
        first = await resend_failed(session, kind=failed, after=NOTHING_YET, most=2)
    async with working.database.transaction() as session:
        rest = await resend_failed(session, kind=failed, after=first[-1] if first else NOTHING_YET, most=2)

    again = 0 if failed == "another.kind" else 3
    assert len(first) + len(rest) == again
    assert await working.database.value("SELECT count(*) FROM pgqueuer") == again
    for message in messages:
        await send(working, company, message)
        assert (await row(working, company, message))["state"] == ("sent" if again else "failed")


async def test_production_without_a_server_holds_mail_and_doctor_says_so(
    working: Runtime, writer: Writer
) -> None:
    production = replace(working.settings, environment=Environment.PRODUCTION)
    runtime = replace(working, settings=production)
    company = new_id()
    message = await queued(runtime, company)

    await send(runtime, company, message)

    assert (await row(runtime, company, message))["state"] == "failed"
    assert await runtime.database.value("SELECT count(*) FROM outbox_mails") == 0
    (reason,) = await failed_messages(runtime.database)
    assert (reason.reason, reason.count) == ("No mail server is set: give SMTP_HOST.", 1)
    assert not look_at_mail(production).well
    assert "SMTP_HOST" in look_at_mail(production).told
    assert look_at_mail(working.settings).well


async def test_an_unknown_kind_cannot_be_asked_for(working: Runtime) -> None:
    with pytest.raises(LookupError):
        await queued(working, new_id(), kind="test.unheard_of")


def test_two_kinds_of_one_name_are_refused(writer: Writer) -> None:
    with pytest.raises(ValueError, match=r"test\.greeting"):
        register_kind(MessageKind("test.greeting", writer.write))
