"""The development mailbox: mail that goes nowhere, to be read at `/dev/mail`."""

from __future__ import annotations

from email.utils import formataddr

from pasar.delivery.notifications.channels.channel import RefusedForGood
from pasar.delivery.notifications.headers import UnsafeHeader
from pasar.delivery.notifications.mime import Mail, mime_of
from pasar.kernel.db.database import Database

KEEP = """
INSERT INTO outbox_mails (company_id, id, recipient, sender, subject, text, html, at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (company_id, id) DO UPDATE SET subject = $5, text = $6, html = $7, at = $8
"""


class OutboxChannel:
    """Keeps mails in the database. Never used in production: they hold links and codes."""

    name = "outbox"

    def __init__(self, database: Database) -> None:
        self._database = database

    async def send(self, mail: Mail) -> str:
        """Keep the mail, once however often it comes; refuse what SMTP would refuse."""
        try:
            mime_of(mail)
        except UnsafeHeader as problem:
            raise RefusedForGood(str(problem)) from None
        sender = formataddr((mail.sender_name, mail.sender), charset="utf-8")
        if not mail.sender_name.isascii():  # people read this, so that it is not encoded
            sender = f"{mail.sender_name} <{mail.sender}>"
        kept = (mail.recipient, sender, mail.subject, mail.text, mail.html, mail.at)
        await self._database.rows(KEEP, mail.company_id, mail.id, *kept)
        return f"outbox:{mail.id}"
