"""A real mail server for tests: aiosmtpd in a thread, with STARTTLS or TLS by a certificate of its own."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from pasar.kernel.config.smtp import SmtpSettings
from support.processes import free_port

USER, PASSWORD, SENDER = "shop", "a password for the relay", "shop@example.com"


@dataclass(frozen=True, slots=True)
class Received:
    """A mail as it came, and how."""

    sender: str
    recipients: list[str]
    message: EmailMessage
    encrypted: bool
    signed_in: bool


@dataclass
class MailServer:
    """What has come, and what to answer next: `answers` to DATA, `to_recipients` to RCPT, then 250."""

    port: int
    received: list[Received] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    to_recipients: list[str] = field(default_factory=list)

    def settings(self, **changes: Any) -> SmtpSettings:
        """How Pasar reaches it, signing in."""
        return replace(SmtpSettings("localhost", self.port, SENDER, USER, PASSWORD), **changes)

    async def handle_RCPT(  # noqa: N802  aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or not."""
        if self.to_recipients:
            return self.to_recipients.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail, or not."""
        if self.answers:
            return self.answers.pop(0)
        content = cast("bytes", envelope.content)
        message = message_from_bytes(content, policy=policy.default)
        self.received.append(
            Received(
                envelope.mail_from or "",
                list(envelope.rcpt_tos),
                message,
                server.transport is not None and server.transport.get_extra_info("sslcontext") is not None,
                bool(session.authenticated),
            )
        )
        return f"250 2.0.0 Ok: queued as {len(self.received)}"


def _sign_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=right, handled=False)


@contextmanager
def mail_server(
    authority: trustme.CA, *, starttls: bool = True, tls_at_once: bool = False
) -> Iterator[MailServer]:
    """A started server with STARTTLS, with TLS from the first byte, or in the clear."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    state = MailServer(free_port())
    offers: dict[str, Any] = {"tls_context": context} if starttls and not tls_at_once else {}
    controller = Controller(
        state,
        hostname="localhost",
        port=state.port,
        ssl_context=context if tls_at_once else None,
        authenticator=_sign_in,
        auth_require_tls=starttls and not tls_at_once,
        enable_SMTPUTF8=False,
        **offers,
    )
    controller.start()
    try:
        yield state
    finally:
        controller.stop()


def write_authority(authority: trustme.CA, folder: Path) -> Path:
    """The authority's certificate in a file, to be trusted by SSL_CERT_FILE."""
    path = folder / "authority.pem"
    authority.cert_pem.write_to_path(path)
    return path
