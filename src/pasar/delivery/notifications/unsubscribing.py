"""Who wants no marketing from a company, and the link by which they say so.

The token names the message and is signed; it holds no address, so that nobody can unsubscribe others, or
learn from a link whom it was sent to.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.delivery.notifications.kinds import Waiting
from pasar.delivery.notifications.rendering import MailPage
from pasar.kernel.db.database import Database, fetch
from pasar.kernel.runtime import Runtime

KEY: Final = "unsubscribe links"
SIGNED_BYTES: Final = 32
MAC_BYTES: Final = 16
LONGEST_TOKEN: Final = 100

RECIPIENT = "SELECT channel, recipient FROM messages WHERE company_id = $1 AND id = $2"
WANTS_NONE = "SELECT 1 FROM unsubscribes WHERE company_id = $1 AND recipient_hash = $2"


def recipient_hash(channel: str, recipient: str) -> bytes:
    """How an address is remembered: without being kept."""
    return hashlib.sha256(f"{channel}:{recipient.strip().lower()}".encode()).digest()


def unsubscribe_token(runtime: Runtime, company_id: UUID, message_id: UUID) -> str:
    """The token of a message's link. It does not end: RFC 8058 has no end either."""
    signed = company_id.bytes + message_id.bytes
    return urlsafe_b64encode(signed + _mac(runtime, signed)).rstrip(b"=").decode()


def unsubscribe_url(runtime: Runtime, page: MailPage, message: Waiting) -> str | None:
    """The whole address of a marketing message's link; None where the shop's own address is not known."""
    token = unsubscribe_token(runtime, message.company_id, message.id)
    return page.link(f"/unsubscribe/{token}") or None


def message_of(runtime: Runtime, token: str) -> tuple[UUID, UUID] | None:
    """The company and message that the token names; None for a token that is not ours."""
    if len(token) > LONGEST_TOKEN or not token.isascii():
        return None
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (ValueError, NotBase64):
        return None
    signed, mac = raw[:SIGNED_BYTES], raw[SIGNED_BYTES:]
    if len(signed) != SIGNED_BYTES or not hmac.compare_digest(mac, _mac(runtime, signed)):
        return None
    return UUID(bytes=signed[:16]), UUID(bytes=signed[16:])


async def recipient_of(database: Database, company_id: UUID, message_id: UUID) -> tuple[str, str] | None:
    """Over which channel and to whom the message went."""
    row = await database.row(RECIPIENT, company_id, message_id)
    return (row["channel"], row["recipient"]) if row else None


async def wants_none(source: AsyncSession | Database, company_id: UUID, channel: str, recipient: str) -> bool:
    """Whether this reader has unsubscribed from the company's marketing."""
    values = (company_id, recipient_hash(channel, recipient))
    if isinstance(source, Database):
        return await source.row(WANTS_NONE, *values) is not None
    return bool(await fetch(source, WANTS_NONE, values))


def _mac(runtime: Runtime, signed: bytes) -> bytes:
    return hmac.new(runtime.key(KEY), signed, hashlib.sha256).digest()[:MAC_BYTES]
