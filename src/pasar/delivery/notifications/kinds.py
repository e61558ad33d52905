"""Which kinds of messages are there, and who writes them?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from pasar.kernel.runtime import Runtime

ChannelName = Literal["mail", "whatsapp", "sms", "push"]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that is about to leave. `given` are the ids that `notify` was handed."""

    company_id: UUID
    id: UUID
    kind: str
    channel: ChannelName
    recipient: str
    locale: str
    given: Mapping[str, str]
    attempts: int


@dataclass(frozen=True, slots=True)
class Written:
    """What a message says. `sender_name` is whom it is from; marketing carries `unsubscribe_url`."""

    sender_name: str
    subject: str
    text: str
    html: str
    unsubscribe_url: str | None = None


class NothingToSay(Exception):
    """There is no longer a reason for this message; its text says why."""


Write = Callable[[Runtime, Waiting], Awaitable[Written]]


@dataclass(frozen=True, slots=True)
class MessageKind:
    """A kind of message. `write` is called when the message leaves, outside of any transaction, and again at
    each further try: it looks up what the ids stand for, or mints a secret. Raises `NothingToSay`."""

    name: str
    write: Write
    marketing: bool = False


_kinds: dict[str, MessageKind] = {}


def register_kind(kind: MessageKind) -> None:
    """Make `kind` known. Raises ValueError for a name that another one holds."""
    if _kinds.setdefault(kind.name, kind) is not kind:
        raise ValueError(f"two kinds of messages are called {kind.name}")


def kind_called(name: str) -> MessageKind:
    """The kind of that name. Raises LookupError, as in an older release that does not know it yet."""
    return _kinds[name]
