"""Which channel carries mail, and which carries short texts, in this process?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pasar.delivery.notifications.channels.absent import AbsentChannel
from pasar.delivery.notifications.channels.channel import Channel
from pasar.delivery.notifications.channels.outbox import OutboxChannel
from pasar.delivery.notifications.channels.outbox_texts import OutboxTexts
from pasar.delivery.notifications.channels.smtp import SmtpChannel
from pasar.delivery.notifications.channels.texting import TextChannel
from pasar.delivery.notifications.kinds import ChannelName
from pasar.kernel.runtime import Runtime

DEVELOPMENT_SENDER = "shop@pasar.test"


def _mailbox(runtime: Runtime) -> TextChannel | None:
    """The development mailbox, where this is not production."""
    return None if runtime.settings.production else OutboxTexts(runtime.database)


# By channel, the providers in the order in which they are asked; each answers None when it is not set up.
TEXT_PROVIDERS: Final[dict[ChannelName, tuple[Callable[[Runtime], TextChannel | None], ...]]] = {
    "whatsapp": (),
    "sms": (_mailbox,),
}


def mail_channel(runtime: Runtime) -> Channel:
    """The mail server when one is set; else the development mailbox, and in production nothing."""
    if runtime.settings.smtp is not None:
        return SmtpChannel(runtime.settings.smtp)
    return AbsentChannel() if runtime.settings.production else OutboxChannel(runtime.database)


def text_channel(runtime: Runtime, channel: ChannelName) -> TextChannel | None:
    """Who carries `whatsapp` or `sms` here: the first provider that is set up, if any."""
    for provider in TEXT_PROVIDERS.get(channel, ()):
        found = provider(runtime)
        if found is not None:
            return found
    return None


def sender_address(runtime: Runtime) -> str:
    """The address that mail comes from."""
    return runtime.settings.smtp.sender if runtime.settings.smtp else DEVELOPMENT_SENDER
