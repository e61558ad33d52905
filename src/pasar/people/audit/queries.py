"""Reads of the audit log: a page of entries, one entry, and all of them in turn."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.crypto import SealBroken
from pasar.kernel.db.database import Database, fetch
from pasar.people.audit.entries import Entry, Sought
from pasar.people.audit.sealing import open_values
from pasar.people.audit.searching import prefixes_of

__all__ = ["PLAN_ANEW", "entries_page", "entry_by_id", "every_entry"]

log = structlog.get_logger(__name__)

# Each filter may be absent: planned with its values, what is absent vanishes, and an index serves the rest.
PLAN_ANEW: Final = "SELECT set_config('plan_cache_mode', 'force_custom_plan', true)"
# Ids rise with time (UUIDv7), so the primary key gives the newest first and the cursor is the last id.
PAGE: Final = """
SELECT id, at, actor_kind, actor_id, actor_name, action, object_type, object_id,
       before::text AS before, after::text AS after, withheld, person_id, address, agent, request_id,
       sealed
  FROM audit_entries
 WHERE company_id = $1
   AND ($2::uuid IS NULL OR actor_id = $2)
   AND ($3::text IS NULL OR action = $3)
   AND ($4::text IS NULL OR object_type = $4)
   AND ($5::text IS NULL OR object_id = $5)
   AND ($6::timestamptz IS NULL OR at >= $6) AND ($7::uuid IS NULL OR id >= $7)
   AND ($8::timestamptz IS NULL OR at < $8) AND ($9::uuid IS NULL OR id < $9)
   AND ($10::text IS NULL OR words @@ (('''company:' || $1::uuid::text || '''')::tsquery
        && ($10::text::tsquery || plainto_tsquery('simple', $11))))
   AND ($12::uuid IS NULL OR id < $12)
 ORDER BY id DESC LIMIT $13
"""
ONE: Final = """
SELECT id, at, actor_kind, actor_id, actor_name, action, object_type, object_id,
       before::text AS before, after::text AS after, withheld, person_id, address, agent, request_id,
       sealed
  FROM audit_entries WHERE company_id = $1 AND id = $2
"""
_SLACK: Final = timedelta(seconds=1)
"""An id is made a moment before or after the time beside it."""
_VERSION_7: Final = 0x7 << 76 | 0x2 << 62


async def entries_page(
    session: AsyncSession, company_id: UUID, sought: Sought, *, limit: int, after: UUID | None = None
) -> tuple[list[Entry], bool]:
    """Up to `limit` entries, the newest first, behind the entry `after`; and whether more follow."""
    await fetch(session, PLAN_ANEW)
    rows = await fetch(session, PAGE, arguments_of(company_id, sought, limit=limit + 1, after=after))
    return [_entry(row) for row in rows[:limit]], len(rows) > limit


def arguments_of(
    company_id: UUID, sought: Sought, *, limit: int, after: UUID | None = None
) -> tuple[object, ...]:
    """The arguments of `PAGE`."""
    words = prefixes_of(sought.text) or None
    return (
        company_id,
        sought.actor,
        sought.action,
        sought.object_type,
        sought.object_id,
        sought.since,
        _first_id(sought.since - _SLACK) if sought.since else None,
        sought.until,
        _first_id(sought.until + _SLACK) if sought.until else None,
        words,
        sought.text.replace("\0", " ") if words else None,
        after,
        limit,
    )


async def entry_by_id(session: AsyncSession, company_id: UUID, entry_id: UUID) -> Entry | None:
    """One entry of the company, with its personal values opened where they can be, or said to be broken."""
    rows = await fetch(session, ONE, (company_id, entry_id))
    if not rows:
        return None
    entry = _entry(rows[0])
    if entry.sealed is None or entry.person_id is None:
        return entry
    try:
        opened = await open_values(session, entry.person_id, entry.sealed)
    except SealBroken as problem:
        # Whoever reads the log to find out what happened must see the rest of the entry.
        log.error("audit.unreadable", companyId=str(company_id), entryId=str(entry_id), reason=str(problem))
        return replace(entry, unreadable=True)
    return replace(entry, personal=opened, erased=opened is None)


async def every_entry(
    database: Database, company_id: UUID, sought: Sought, *, batch: int = 500
) -> AsyncIterator[list[Entry]]:
    """All that is sought, the newest first, batch by batch: no transaction is open while one is sent."""
    after: UUID | None = None
    more = True
    while more:
        async with database.transaction() as session:
            found, more = await entries_page(session, company_id, sought, limit=batch, after=after)
        if found:
            yield found
            after = found[-1].id


def _entry(row: Any) -> Entry:
    values = list(row)
    for place in (8, 9):
        values[place] = None if values[place] is None else msgspec.json.decode(values[place], type=dict)
    return Entry(*values)


def _first_id(at: datetime) -> UUID:
    """The least UUIDv7 of that millisecond (RFC 9562); of the first for a time before 1970."""
    milliseconds = max(0, int(at.timestamp() * 1000))
    return UUID(int=milliseconds << 80 | _VERSION_7)
