"""Send a message: write it, hand it to its channel, note what became of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec
import structlog

from pasar.delivery.notifications.channels.channel import RefusedForGood
from pasar.delivery.notifications.channels.choosing import mail_channel, sender_address, text_channel
from pasar.delivery.notifications.channels.texting import Text
from pasar.delivery.notifications.kinds import MessageKind, NothingToSay, Waiting, Written, kind_called
from pasar.delivery.notifications.mime import Mail
from pasar.delivery.notifications.unsubscribing import wants_none
from pasar.kernel.runtime import Runtime

log = structlog.get_logger(__name__)

MOST_ATTEMPTS = 40
"""At the queue's pace, 1 s doubling up to 5 minutes, these are two and a half hours."""
LONGEST_ERROR = 300

BEGIN = """
UPDATE messages SET attempts = attempts + 1
 WHERE company_id = $1 AND id = $2 AND state = 'queued'
RETURNING kind, channel, recipient, locale, given::text, attempts
"""
SENT = """
UPDATE messages SET state = 'sent', sent_at = $3, subject = $4, provider_id = $5, last_error = NULL
 WHERE company_id = $1 AND id = $2 AND state = 'queued'
"""
NOT_SENT = """
UPDATE messages SET state = CASE WHEN $4 THEN 'failed' ELSE state END, last_error = $3
 WHERE company_id = $1 AND id = $2 AND state = 'queued'
"""


async def send_message(runtime: Runtime, payload: dict[str, Any]) -> None:
    """Try once. A refusal, or the last try, ends the message as failed; else what went wrong is raised, and
    the job comes again. A message that has ended is left alone."""
    company_id, message_id = UUID(payload["companyId"]), UUID(payload["messageId"])
    row = await runtime.database.row(BEGIN, company_id, message_id)
    if row is None:
        return
    kind, channel, recipient, locale, given, attempts = row
    message = Waiting(
        company_id, message_id, kind, channel, recipient, locale, msgspec.json.decode(given), attempts
    )
    try:
        written, provider_id = await _hand_over(runtime, message)
    except (RefusedForGood, NothingToSay) as problem:
        await _note_failure(runtime, message, str(problem), final=True)
    except Exception as problem:
        final = attempts >= MOST_ATTEMPTS
        await _note_failure(runtime, message, f"{type(problem).__name__}: {problem}", final=final)
        if not final:
            raise
    else:
        now = runtime.clock.now()
        await runtime.database.rows(SENT, company_id, message_id, now, written.subject, provider_id)


async def _hand_over(runtime: Runtime, message: Waiting) -> tuple[Written, str]:
    texts = None if message.channel == "mail" else text_channel(runtime, message.channel)
    if message.channel != "mail" and texts is None:
        raise RefusedForGood(f"No provider for {message.channel} is set up.")
    kind = kind_called(message.kind)
    if kind.marketing and await wants_none(
        runtime.database, message.company_id, message.channel, message.recipient
    ):
        raise NothingToSay("The reader has unsubscribed.")
    written = await kind.write(runtime, message)
    if texts is not None:
        return written, await texts.send(_text(runtime, message, written))
    _require_way_out(kind, written)
    mail = Mail(
        company_id=message.company_id,
        id=message.id,
        recipient=message.recipient,
        sender=sender_address(runtime),
        sender_name=written.sender_name,
        subject=written.subject,
        text=written.text,
        html=written.html,
        at=runtime.clock.now(),
        unsubscribe_url=written.unsubscribe_url,
    )
    return written, await mail_channel(runtime).send(mail)


def _text(runtime: Runtime, message: Waiting, written: Written) -> Text:
    return Text(
        company_id=message.company_id,
        id=message.id,
        recipient=message.recipient,
        sender_name=written.sender_name,
        subject=written.subject,
        text=written.text,
        at=runtime.clock.now(),
    )


def _require_way_out(kind: MessageKind, written: Written) -> None:
    """Marketing offers to end it; what people need to know of their order does not."""
    if kind.marketing and written.unsubscribe_url is None:
        raise RefusedForGood(f"{kind.name} is marketing, and offers no way to unsubscribe.")
    if not kind.marketing and written.unsubscribe_url is not None:
        raise RefusedForGood(f"{kind.name} is not marketing: nobody unsubscribes from it.")


async def _note_failure(runtime: Runtime, message: Waiting, told: str, *, final: bool) -> None:
    told = told.replace("\0", "")[:LONGEST_ERROR]
    log.warning(
        "message.failed" if final else "message.waiting",
        messageId=str(message.id),
        kind=message.kind,
        attempts=message.attempts,
        reason=told,
    )
    await runtime.database.rows(NOT_SENT, message.company_id, message.id, told, final)
