"""The port: what Pasar asks of whoever carries a message."""

from __future__ import annotations

from typing import Protocol

from pasar.delivery.notifications.mime import Mail


class RefusedForGood(Exception):
    """The message will not be taken, however often it is tried; the text says why, without the address."""


class NotTakenNow(Exception):
    """The message was not taken this time, or nobody knows: try again later."""


class Channel(Protocol):
    """A way to hand over a mail. WhatsApp, SMS and push get ports of the same shape, with their own content.

    `send` runs outside of any transaction. It may be called again for a mail that was taken, as when a worker
    died before noting it: the mail's id is the same then, and is passed on for those who can tell.
    """

    @property
    def name(self) -> str:
        """How people call it, for logs and `pasar doctor`."""

    async def send(self, mail: Mail) -> str:
        """Hand `mail` over and answer what the other side calls it, never empty.

        Raises `RefusedForGood` and `NotTakenNow`.
        """
