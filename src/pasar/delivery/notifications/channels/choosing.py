"""Which channel carries mail in this process?"""

from __future__ import annotations

from pasar.delivery.notifications.channels.absent import AbsentChannel
from pasar.delivery.notifications.channels.channel import Channel
from pasar.delivery.notifications.channels.outbox import OutboxChannel
from pasar.delivery.notifications.channels.smtp import SmtpChannel
from pasar.kernel.runtime import Runtime

DEVELOPMENT_SENDER = "shop@pasar.test"


def mail_channel(runtime: Runtime) -> Channel:
    """The mail server when one is set; else the development mailbox, and in production nothing."""
    if runtime.settings.smtp is not None:
        return SmtpChannel(runtime.settings.smtp)
    return AbsentChannel() if runtime.settings.production else OutboxChannel(runtime.database)


def sender_address(runtime: Runtime) -> str:
    """The address that mail comes from."""
    return runtime.settings.smtp.sender if runtime.settings.smtp else DEVELOPMENT_SENDER
