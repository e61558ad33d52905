"""The development mailbox on the wire."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec


class MailView(msgspec.Struct, kw_only=True, rename={"sender": "from"}):
    """A mail: `to` is the bare address, `links` those of its HTML in order."""

    id: UUID
    to: str
    sender: str
    subject: str
    text: str
    html: str
    links: list[str]
    at: datetime


class MailboxView(msgspec.Struct):
    """Newest first."""

    items: list[MailView]
