"""People hear of their accounts: each request of sign-in becomes one letter, by the way that reaches them."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.delivery.notifications.account_mails import CODE, WAYS, kind_of, register_account_mails
from pasar.delivery.notifications.actions.notify import notify
from pasar.delivery.notifications.channels.choosing import text_channel
from pasar.delivery.notifications.kinds import ChannelName
from pasar.kernel.events import Delivered, Subscriber
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.events import FACTS
from pasar.people.sign_in.public import Letter, letter_of

__all__ = ["ACCOUNT_SUBSCRIBERS"]


async def _write_to_person(runtime: Runtime, session: AsyncSession, fact: Delivered) -> None:
    """Queue the letter of a request; none for people whom nobody knows, or whom nothing reaches."""
    request_id = UUID(fact.data["requestId"])
    letter = await letter_of(session, request_id)
    way = _way(runtime, letter) if letter else None
    if letter is None or way is None:
        return
    channel, recipient = way
    await notify(
        session,
        fact.company_id,
        kind=kind_of(letter.kind),
        recipient=recipient,
        locale=letter.locale,
        dedupe_key=f"account:{request_id}",
        given={"requestId": str(request_id)} | {name: fact.data[name] for name in WAYS if name in fact.data},
        related=f"user:{letter.user_id}" if letter.user_id else "",
        channel=channel,
        at=runtime.clock.now(),
    )


def _way(runtime: Runtime, letter: Letter) -> tuple[ChannelName, str] | None:
    """A code goes by WhatsApp, by SMS, or to the verified e-mail of its account; the rest by mail."""
    if letter.kind != CODE:
        return ("mail", letter.recipient) if letter.recipient else None
    channels: tuple[ChannelName, ...] = ("whatsapp", "sms")
    for channel in channels:
        if text_channel(runtime, channel) is not None:
            return channel, letter.recipient
    return ("mail", letter.verified_email) if letter.verified_email else None


register_account_mails()
ACCOUNT_SUBSCRIBERS = (
    Subscriber("notifications.account", tuple(fact.type for fact in FACTS.values()), _write_to_person),
)
