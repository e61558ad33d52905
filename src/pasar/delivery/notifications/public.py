"""The front door of notifications."""

from pasar.delivery.notifications.actions.notify import notify
from pasar.delivery.notifications.forgetting import forget_messages_about
from pasar.delivery.notifications.kinds import (
    ChannelName,
    MessageKind,
    NothingToSay,
    Waiting,
    Written,
    register_kind,
)
from pasar.delivery.notifications.queries import FailedMessages, failed_messages
from pasar.delivery.notifications.rendering import MailPage, mail_page, write_mail
from pasar.delivery.notifications.unsubscribing import unsubscribe_url

__all__ = [
    "ChannelName",
    "FailedMessages",
    "MailPage",
    "MessageKind",
    "NothingToSay",
    "Waiting",
    "Written",
    "failed_messages",
    "forget_messages_about",
    "mail_page",
    "notify",
    "register_kind",
    "unsubscribe_url",
    "write_mail",
]
