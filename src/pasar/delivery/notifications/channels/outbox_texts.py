"""The development mailbox takes short texts, too: a code can be read there where no provider is set."""

from __future__ import annotations

from pasar.delivery.notifications.channels.channel import RefusedForGood
from pasar.delivery.notifications.channels.outbox import KEEP
from pasar.delivery.notifications.channels.texting import E164, Text
from pasar.kernel.db.database import Database


class OutboxTexts:
    """Keeps texts in the database, under their number. Never used in production: they hold codes."""

    name = "outbox"

    def __init__(self, database: Database) -> None:
        self._database = database

    async def send(self, text: Text) -> str:
        """Keep the text, once however often it comes."""
        if not E164.fullmatch(text.recipient):
            raise RefusedForGood("This is not a phone number with its country code.")
        kept = (text.recipient, text.sender_name, text.subject, text.text, "", text.at)
        await self._database.rows(KEEP, text.company_id, text.id, *kept)
        return f"outbox:{text.id}"
