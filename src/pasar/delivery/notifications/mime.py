"""How does a mail become a message on the wire? Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from uuid import UUID

from pasar.delivery.notifications.headers import safe_address, safe_words


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail, ready to leave. `id` is the message's: each try carries it, so that a repetition is known."""

    company_id: UUID
    id: UUID
    recipient: str
    sender: str
    sender_name: str
    subject: str
    text: str
    html: str
    at: datetime
    unsubscribe_url: str | None = None


def mime_of(mail: Mail) -> EmailMessage:
    """multipart/alternative, the text first (RFC 2046, 5.1.4). Raises `UnsafeHeader`."""
    sender = safe_address("From", mail.sender)
    recipient = safe_address("To", mail.recipient)
    ascii_only = recipient.isascii()
    message = EmailMessage(policy=policy.SMTP if ascii_only else policy.SMTPUTF8)
    message["From"] = _address(sender, safe_words("From", mail.sender_name))
    message["To"] = _address(recipient)
    message["Subject"] = safe_words("Subject", mail.subject)
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{mail.id}@{sender.rpartition('@')[2]}>"
    # Keeps out-of-office answers away (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe_url is not None:
        message["List-Unsubscribe"] = f"<{safe_words('List-Unsubscribe', mail.unsubscribe_url)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    message.set_content(mail.text, cte="quoted-printable")
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    return message


def _address(address: str, name: str = "") -> Address:
    local, _, domain = address.rpartition("@")
    return Address(display_name=name, username=local, domain=domain)
