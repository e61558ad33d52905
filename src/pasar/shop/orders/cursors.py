"""Where does the next page of a list begin? After the last order seen, by time of placing and id."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from uuid import UUID

from pasar.kernel.errors import BadRequest

__all__ = ["read_cursor", "write_cursor"]


def write_cursor(placed_at: datetime, order_id: UUID) -> str:
    """Opaque to clients, safe in an address."""
    return base64.urlsafe_b64encode(f"{placed_at.isoformat()} {order_id}".encode()).decode().rstrip("=")


def read_cursor(text: str | None) -> tuple[datetime | None, UUID | None]:
    """What `write_cursor` wrote; two Nones for the first page. Raises `BadRequest` `cursor_malformed`."""
    if not text:
        return None, None
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        at, _, order_id = plain.partition(" ")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("a time without a zone")
        return moment.astimezone(UTC), UUID(order_id)
    except (ValueError, OverflowError, binascii.Error):  # at the ends of time a zone leads beyond them
        raise BadRequest("cursor_malformed", "Take nextCursor from the answer before, unchanged.") from None
