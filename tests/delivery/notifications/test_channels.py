"""Every channel keeps the port's promises; SMTP keeps them against a real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import trustme

from delivery.notifications.mails import HEADERS, a_mail
from pasar.delivery.notifications.channels.absent import AbsentChannel
from pasar.delivery.notifications.channels.channel import Channel, NotTakenNow, RefusedForGood
from pasar.delivery.notifications.channels.outbox import OutboxChannel
from pasar.delivery.notifications.channels.smtp import SmtpChannel
from pasar.delivery.notifications.mime import Mail
from pasar.delivery.notifications.queries import outbox
from pasar.kernel.config.smtp import SmtpSettings
from pasar.kernel.db.database import Database
from support.mail_server import PASSWORD, MailServer, mail_server
from support.processes import free_port

# The mailbox's mails belong to messages; the channel itself is tried with mails that have none.
A_MESSAGE = """
INSERT INTO messages (company_id, id, kind, channel, recipient, locale, dedupe_key, created_at)
VALUES ($1, $2, 'test', 'mail', $3, 'en', $4, now())
"""


@pytest.fixture(params=["smtp", "outbox"])
def channel(request: pytest.FixtureRequest, database: Database, server: MailServer) -> Channel:
    """Each that takes mail."""
    return SmtpChannel(server.settings()) if request.param == "smtp" else OutboxChannel(database)


async def kept(database: Database, mail: Mail) -> Mail:
    await database.rows(A_MESSAGE, mail.company_id, mail.id, "ann@example.com", str(mail.id))
    return mail


async def test_a_mail_is_taken_and_named(channel: Channel, database: Database) -> None:
    assert await channel.send(await kept(database, a_mail())) != ""


async def test_the_same_mail_again_is_taken_too(channel: Channel, database: Database) -> None:
    mail = await kept(database, a_mail())

    await channel.send(mail)

    assert await channel.send(mail) != ""


@pytest.mark.parametrize("header", HEADERS)
async def test_injected_headers_are_refused_for_good(
    channel: Channel, database: Database, server: MailServer, header: str
) -> None:
    mail = await kept(database, a_mail(**{header: "a@example.com\r\nBcc: eve@example.com"}))

    with pytest.raises(RefusedForGood) as refused:
        await channel.send(mail)

    assert "eve" not in str(refused.value)
    assert server.received == []
    assert await outbox(database, mail.company_id, to=None, limit=10) == []


async def test_where_nothing_takes_mail_it_is_refused_with_what_to_do() -> None:
    with pytest.raises(RefusedForGood, match="SMTP_HOST"):
        await AbsentChannel().send(a_mail())


async def test_smtp_encrypts_signs_in_and_delivers_both_parts(server: MailServer) -> None:
    mail = a_mail()

    assert "queued as 1" in await SmtpChannel(server.settings()).send(mail)

    (got,) = server.received
    assert (got.sender, got.recipients) == (mail.sender, [mail.recipient])
    assert (got.encrypted, got.signed_in) == (True, True)
    assert [part.get_content_type() for part in got.message.iter_parts()] == ["text/plain", "text/html"]
    assert got.message["Subject"] == mail.subject


class FromTheFirstByte(SmtpSettings):
    """As on port 465."""

    @property
    def tls_at_once(self) -> bool:
        return True


async def test_tls_from_the_first_byte(trusted: trustme.CA) -> None:
    with mail_server(trusted, tls_at_once=True) as server:
        await SmtpChannel(FromTheFirstByte("localhost", server.port, "shop@example.com")).send(a_mail())

        assert [got.encrypted for got in server.received] == [True]


def test_ports_mean_what_they_mean_everywhere() -> None:
    assert SmtpSettings("h", 465, "s").tls_at_once
    assert not SmtpSettings("h", 465, "s").must_start_tls
    assert SmtpSettings("h", 587, "s").must_start_tls
    assert not SmtpSettings("h", 25, "s").must_start_tls
    assert SmtpSettings("h", 25, "s", "user", "password").must_start_tls
    assert "hidden" not in repr(SmtpSettings("h", 25, "s", "user", "hidden"))


@pytest.fixture
def in_the_clear(trusted: trustme.CA) -> Iterator[MailServer]:
    """A server, or somebody between, that offers no encryption."""
    with mail_server(trusted, starttls=False) as started:
        yield started


async def test_a_password_never_travels_in_the_clear(in_the_clear: MailServer) -> None:
    with pytest.raises(NotTakenNow):
        await SmtpChannel(in_the_clear.settings()).send(a_mail())

    assert in_the_clear.received == []


async def test_a_local_relay_without_password_may_be_in_the_clear(in_the_clear: MailServer) -> None:
    await SmtpChannel(in_the_clear.settings(user="", password="")).send(a_mail())

    assert [got.encrypted for got in in_the_clear.received] == [False]


async def test_a_certificate_that_nobody_signed_is_not_trusted(authority: trustme.CA) -> None:
    with mail_server(authority) as stranger:
        with pytest.raises(NotTakenNow, match=r"(?i)certificate"):
            await SmtpChannel(stranger.settings()).send(a_mail())

        assert stranger.received == []


async def test_a_wrong_password_can_be_mended(server: MailServer) -> None:
    with pytest.raises(NotTakenNow) as told:
        await SmtpChannel(server.settings(password="another")).send(a_mail())

    assert PASSWORD not in str(told.value)


@pytest.mark.parametrize(
    ("code", "problem"), [("550", RefusedForGood), ("451", NotTakenNow), ("552", RefusedForGood)]
)
@pytest.mark.parametrize("at", ["answers", "to_recipients"])
async def test_what_the_server_refuses(
    server: MailServer, code: str, problem: type[Exception], at: str
) -> None:
    getattr(server, at).append(f"{code} <ann@example.com> is not wanted")

    with pytest.raises(problem) as told:
        await SmtpChannel(server.settings()).send(a_mail())

    assert "ann@" not in str(told.value), "reasons go to logs"


@pytest.mark.parametrize("recipient", ["shopper@pasar.test", "ann@nowhere.INVALID"])
async def test_addresses_for_tests_bother_no_server(server: MailServer, recipient: str) -> None:
    with pytest.raises(RefusedForGood):
        await SmtpChannel(server.settings()).send(a_mail(recipient=recipient))

    assert server.received == []


async def test_nobody_there_is_tried_again() -> None:
    with pytest.raises(NotTakenNow):
        await SmtpChannel(SmtpSettings("localhost", free_port(), "shop@example.com")).send(a_mail())


async def test_an_address_that_the_server_cannot_carry(server: MailServer) -> None:
    with pytest.raises(RefusedForGood):
        await SmtpChannel(server.settings()).send(a_mail(recipient="pelé@example.com"))
