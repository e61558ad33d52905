"""The port of short texts: what Pasar asks of whoever carries SMS or WhatsApp messages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

E164 = re.compile(r"\+[1-9][0-9]{6,14}")


@dataclass(frozen=True, slots=True)
class Text:
    """A short text to a phone (E.164), ready to leave. `id` is the message's: each try carries it.

    `subject` says what it is about, for lists; it is not sent.
    """

    company_id: UUID
    id: UUID
    recipient: str
    sender_name: str
    subject: str
    text: str
    at: datetime


class TextChannel(Protocol):
    """A way to hand over a short text. The same promises as `Channel`: `send` runs outside of any
    transaction, and may be called again for a text that was taken.

    A provider is one file beside this one and one line in `choosing.TEXT_PROVIDERS`.
    """

    @property
    def name(self) -> str:
        """How people call it, for logs and `pasar doctor`."""

    async def send(self, text: Text) -> str:
        """Hand `text` over and answer what the other side calls it, never empty.

        Raises `RefusedForGood`, also for a recipient that is no number, and `NotTakenNow`.
        """
