"""Production without a mail server: mail is held as failed, and `pasar doctor` says so."""

from __future__ import annotations

from pasar.delivery.notifications.channels.channel import RefusedForGood
from pasar.delivery.notifications.mime import Mail


class AbsentChannel:
    """Takes nothing."""

    name = "none"

    async def send(self, mail: Mail) -> str:  # noqa: ARG002  the port's signature
        """Refuse."""
        raise RefusedForGood("No mail server is set: give SMTP_HOST.")
