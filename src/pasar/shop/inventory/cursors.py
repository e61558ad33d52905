"""Where does the next page of a list begin? Cursors are opaque to clients and readable to us."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from pasar.kernel.errors import BadRequest
from pasar.kernel.ids import parse_id


def read_id(cursor: str | None) -> UUID | None:
    """A cursor that is an id. Raises `BadRequest` for any other text."""
    if cursor is None:
        return None
    found = parse_id(cursor)
    if found is None:
        raise _broken()
    return found


def write_number(number: int, row_id: UUID) -> str:
    """A cursor of a number and an id."""
    return f"{number}.{row_id}"


def read_number(cursor: str | None) -> tuple[int, UUID] | None:
    """What `write_number` wrote. Raises `BadRequest` for any other text."""
    if cursor is None:
        return None
    number, _, row_id = cursor.rpartition(".")
    found = parse_id(row_id)
    if found is None or len(number) > 19 or not number.removeprefix("-").isdecimal() or not number.isascii():
        raise _broken()
    value = int(number)
    if not -(2**63) <= value < 2**63:
        raise _broken()
    return value, found


def write_time(at: datetime, row_id: UUID) -> str:
    """A cursor of a time and an id."""
    return f"{at.isoformat()}/{row_id}"


def read_time(cursor: str | None) -> tuple[datetime, UUID] | None:
    """What `write_time` wrote. Raises `BadRequest` for any other text."""
    if cursor is None:
        return None
    text, _, row_id = cursor.rpartition("/")
    found = parse_id(row_id)
    try:
        at = datetime.fromisoformat(text.replace(" ", "+"))  # a "+" that a client did not escape
        if found is None or at.tzinfo is None:
            raise _broken()
        return at.astimezone(UTC), found
    except (ValueError, OverflowError):  # the latter: at the ends of time a zone leads beyond them
        raise _broken() from None


def _broken() -> BadRequest:
    return BadRequest(
        "cursor_malformed", "Send the nextCursor of the page before, or none for the first page."
    )
