"""Mail through a server that speaks SMTP."""

from __future__ import annotations

import asyncio
import ssl

import aiosmtplib

from pasar.delivery.notifications.channels.channel import NotTakenNow, RefusedForGood
from pasar.delivery.notifications.headers import UnsafeHeader
from pasar.delivery.notifications.mime import Mail, mime_of
from pasar.kernel.config.smtp import SmtpSettings

STEP_SECONDS = 10.0
# Under the 30 s after which a worker is taken for dead and its job handed to another: so that two never
# send the same mail at once.
WHOLE_SECONDS = 25.0
PERMANENT = 500  # RFC 5321, 4.2.1: 5yz will not work later either
LONGEST_ANSWER = 200
# Nobody's, by RFC 6761: the demo's people live there, and a server set up to try Pasar is not bothered.
NOBODYS = (".test", ".invalid")


class SmtpChannel:
    """A connection per mail: one that is kept would have to be watched, and mail is rare.

    Certificates are verified against the system's store (`SSL_CERT_FILE` names another).
    """

    name = "smtp"

    def __init__(self, server: SmtpSettings) -> None:
        self._server = server

    async def send(self, mail: Mail) -> str:
        """Hand over to the server; its answer, such as `2.0.0 Ok: queued as 4F1`."""
        try:
            message = mime_of(mail)
        except UnsafeHeader as problem:
            raise RefusedForGood(str(problem)) from None
        if mail.recipient.lower().endswith(NOBODYS):
            raise RefusedForGood("The address is one for tests, where no mail arrives.")
        server = self._server
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                _, answer = await aiosmtplib.send(
                    message,
                    sender=mail.sender,
                    recipients=[mail.recipient],
                    hostname=server.host,
                    port=server.port,
                    username=server.user or None,
                    password=server.password or None,
                    use_tls=server.tls_at_once,
                    start_tls=False if server.tls_at_once else (server.must_start_tls or None),
                    tls_context=ssl.create_default_context(),
                    timeout=STEP_SECONDS,
                )
        except aiosmtplib.SMTPRecipientsRefused as problem:
            raise _refusal(problem.recipients[0].code, "The recipient is refused") from problem
        except aiosmtplib.SMTPDataError as problem:
            raise _refusal(problem.code, "The mail is refused") from problem
        except aiosmtplib.SMTPNotSupported as problem:
            raise RefusedForGood(f"The server cannot carry this address: {problem}") from problem
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as problem:
            raise NotTakenNow(f"{type(problem).__name__}: {_without(str(problem), mail)}") from problem
        return answer[:LONGEST_ANSWER] or "taken"


def _refusal(code: int, told: str) -> RefusedForGood | NotTakenNow:
    """By the code alone: what servers say beside it repeats the address."""
    return (RefusedForGood if code >= PERMANENT else NotTakenNow)(f"{told} ({code})")


def _without(told: str, mail: Mail) -> str:
    return told.replace(mail.recipient, "…")[:LONGEST_ANSWER]
