"""Link what was written to its company's chain, in an order that skips no late commit."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import Database, fetch
from pasar.people.audit.chain import BEFORE_THE_FIRST, ChainedEntry, entry_hash, link_hash

BATCH: Final = 1000
COMPANIES: Final = "SELECT DISTINCT company_id FROM audit_unlinked"
NOW: Final = "SELECT clock_timestamp()"
# One linker per company: positions have no gaps, and each link follows the one before.
ALONE: Final = "SELECT pg_try_advisory_xact_lock(hashtextextended('audit:' || $1::uuid::text, 0))"
LAST: Final = """
SELECT position, hash, linked_at FROM audit_links WHERE company_id = $1 ORDER BY position DESC LIMIT 1
"""
# The columns are those that the hash covers; verifying reads the same.
WAITING: Final = """
SELECT e.company_id, e.id, e.at, e.actor_kind, e.actor_id, e.actor_name, e.action, e.object_type, e.object_id,
       e.before::text, e.after::text, e.withheld, e.person_id, e.sealed, e.address, e.agent, e.request_id
  FROM audit_unlinked u JOIN audit_entries e ON e.company_id = u.company_id AND e.id = u.entry_id
 WHERE u.company_id = $1 AND e.at <= $2
 ORDER BY e.at, e.id LIMIT $3
"""
LINK: Final = """
INSERT INTO audit_links (company_id, position, entry_id, linked_at, entry_hash, hash)
SELECT $1, position, entry_id, $2, entry_hash, hash
  FROM unnest($3::bigint[], $4::uuid[], $5::bytea[], $6::bytea[])
       AS links (position, entry_id, entry_hash, hash)
"""
LINKED: Final = "DELETE FROM audit_unlinked WHERE company_id = $1 AND entry_id = ANY ($2::uuid[])"


async def link_entries(database: Database) -> int:
    """Link all entries that are there when this begins; answer how many.

    What is written in the meantime waits for the next run, so that all links of one run bear one time.
    Several may run at once.
    """
    linked = 0
    for row in await database.rows(COMPANIES):
        until: datetime = await database.value(NOW)
        while done := await _link_batch(database, row[0], until):
            linked += done
    return linked


async def _link_batch(database: Database, company_id: UUID, until: datetime) -> int:
    async with database.transaction() as session:
        if not (await fetch(session, ALONE, (company_id,)))[0][0]:
            return 0
        waiting = await fetch(session, WAITING, (company_id, until, BATCH))
        if not waiting:
            return 0
        await _link(session, company_id, until, [ChainedEntry(*row) for row in waiting])
        return len(waiting)


async def _link(session: AsyncSession, company_id: UUID, at: datetime, entries: list[ChainedEntry]) -> None:
    last: list[Any] = await fetch(session, LAST, (company_id,))
    position, previous, last_at = last[0] if last else (0, BEFORE_THE_FIRST, at)
    linked_at = max(at, last_at)  # a clock that was set back does not bring the chain out of order
    hashes: list[bytes] = []
    links: list[bytes] = []
    for place, entry in enumerate(entries, position + 1):
        hashes.append(entry_hash(entry))
        previous = link_hash(previous, place, linked_at, hashes[-1])
        links.append(previous)
    ids = [entry.id for entry in entries]
    places = list(range(position + 1, position + 1 + len(entries)))
    await fetch(session, LINK, (company_id, linked_at, places, ids, hashes, links))
    await fetch(session, LINKED, (company_id, ids))
