"""Does the chain still say what was written? Walks it and names each link that does not fit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from pasar.kernel.db.database import Database
from pasar.people.audit.chain import BEFORE_THE_FIRST, ChainedEntry, entry_hash, link_hash

BATCH: Final = 2000
LONGEST_TRANSACTION: Final = timedelta(hours=1)
"""An entry is linked within minutes of its commit. One that says it is older than this when the run of links
before it was made, was put in later."""

COMPANIES: Final = """
SELECT company_id FROM audit_links UNION SELECT company_id FROM audit_entries ORDER BY company_id
"""
# The columns of the entry are those that `linking` hashed.
LINKS: Final = """
SELECT l.position, l.entry_id, l.linked_at, l.entry_hash, l.hash,
       e.company_id, e.id, e.at, e.actor_kind, e.actor_id, e.actor_name, e.action, e.object_type, e.object_id,
       e.before::text, e.after::text, e.withheld, e.person_id, e.sealed, e.address, e.agent, e.request_id
  FROM audit_links l LEFT JOIN audit_entries e ON e.company_id = l.company_id AND e.id = l.entry_id
 WHERE l.company_id = $1 AND l.position > $2
 ORDER BY l.position LIMIT $3
"""
TRIMMED: Final = """
SELECT after->>'hash' FROM audit_entries
 WHERE company_id = $1 AND action = 'audit.trimmed' AND object_type = 'audit' AND object_id = $2
 ORDER BY id DESC LIMIT 1
"""
WITHOUT_LINK: Final = """
SELECT e.id, e.at FROM audit_entries e
 WHERE e.company_id = $1
   AND NOT EXISTS (SELECT FROM audit_links l WHERE l.company_id = e.company_id AND l.entry_id = e.id)
   AND NOT EXISTS (SELECT FROM audit_unlinked u WHERE u.company_id = e.company_id AND u.entry_id = e.id)
 ORDER BY e.id
"""
GONE_BEFORE_LINK: Final = """
SELECT u.entry_id FROM audit_unlinked u
 WHERE u.company_id = $1
   AND NOT EXISTS (SELECT FROM audit_entries e WHERE e.company_id = u.company_id AND e.id = u.entry_id)
"""
WAITING: Final = "SELECT count(*) FROM audit_unlinked WHERE company_id = $1"

Kind = Literal["changed", "missing", "gap", "relinked", "late", "unlinked", "anchor"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that the chain does not bear out. `position` is that of the link, where there is one."""

    kind: Kind
    text: str
    position: int | None = None
    entry_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """A hash that was noted outside: what the chain of a company had at `position`."""

    position: int
    hash: bytes


@dataclass(slots=True)
class Verdict:
    """What was found in one company's log. `last` is the chain's end, to be noted outside."""

    company_id: UUID
    links: int = 0
    waiting: int = 0
    last: Anchor | None = None
    faults: list[Fault] = field(default_factory=list)


@dataclass(slots=True)
class _Walk:
    """Where the walk stands: the link before, when its run was made, and when the run before that was."""

    verdict: Verdict
    anchors: dict[int, bytes]
    position: int = 0
    previous: bytes = BEFORE_THE_FIRST
    run_at: datetime | None = None
    former_run_at: datetime | None = None


async def audited_companies(database: Database) -> list[UUID]:
    """Every company with a log; the nil UUID stands for acts that belong to none."""
    return [row[0] for row in await database.rows(COMPANIES)]


async def verify_chain(
    database: Database,
    company_id: UUID,
    *,
    anchors: tuple[Anchor, ...] = (),
    told: Callable[[int], None] = lambda _: None,
) -> Verdict:
    """Walk one company's chain; `told` hears how many links were walked.

    Found are entries that were changed, that are missing, that were put in later or past the chain, links
    that were changed, swapped or taken out, and an end that is not the one noted outside (`anchors`).
    """
    walk = _Walk(Verdict(company_id), {one.position: one.hash for one in anchors})
    while rows := await database.rows(LINKS, company_id, walk.position, BATCH):
        if walk.verdict.links == 0:
            await _begin(database, walk, rows[0][0])
        for row in rows:
            _look_at(walk, row)
        told(walk.verdict.links)
    verdict = walk.verdict
    if walk.position:
        verdict.last = Anchor(walk.position, walk.previous)
    for position in sorted(walk.anchors):
        verdict.faults.append(Fault("anchor", "The link that was noted outside is not there.", position))
    await _look_beside(database, verdict)
    return verdict


async def _begin(database: Database, walk: _Walk, first: int) -> None:
    """A chain that does not begin at 1 follows the hash that its last trimming noted."""
    if first == 1:
        return
    noted = await database.value(TRIMMED, walk.verdict.company_id, str(first - 1))
    if noted is None:
        text = f"Links 1 to {first - 1} are gone, and no trimming says so."
        walk.verdict.faults.append(Fault("gap", text, first - 1))
        return
    walk.position, walk.previous = first - 1, bytes.fromhex(noted)
    for position in [one for one in walk.anchors if one < first]:
        del walk.anchors[position]  # trimmed: it can no longer be compared


def _look_at(walk: _Walk, row: Any) -> None:
    """One link, its entry, and its place behind the one before."""
    position, entry_id, linked_at, hashed, hash_ = row[:5]
    faults = walk.verdict.faults

    def found(kind: Kind, text: str) -> None:
        faults.append(Fault(kind, text, position, entry_id))

    if walk.run_at is not None and linked_at != walk.run_at:
        walk.former_run_at = walk.run_at
    if position != walk.position + 1 and walk.verdict.links:
        found("gap", f"Links {walk.position + 1} to {position - 1} are gone.")
    elif link_hash(walk.previous, position, linked_at, hashed) != hash_ and (position == walk.position + 1):
        found("relinked", "This link does not follow the one before: one of the two was changed or swapped.")
    if row["company_id"] is None:
        found("missing", "The entry of this link is gone.")
    else:
        entry = ChainedEntry(*row[5:])
        if entry_hash(entry) != hashed:
            found("changed", "The entry does not say what it said when it was linked.")
        elif walk.former_run_at is not None and entry.at < walk.former_run_at - LONGEST_TRANSACTION:
            found("late", f"The entry says {entry.at:%Y-%m-%d %H:%M} and was put in after later ones.")
    noted = walk.anchors.pop(position, None)
    if noted is not None and noted != hash_:
        found("anchor", "The link is not the one that was noted outside.")
    walk.position, walk.previous, walk.run_at = position, hash_, linked_at
    walk.verdict.links += 1


async def _look_beside(database: Database, verdict: Verdict) -> None:
    """Entries that no link knows, and waiting ones that are gone."""
    company_id = verdict.company_id
    for row in await database.rows(WITHOUT_LINK, company_id):
        text = f"The entry of {row['at']:%Y-%m-%d %H:%M} was put in past the chain."
        verdict.faults.append(Fault("unlinked", text, entry_id=row["id"]))
    for row in await database.rows(GONE_BEFORE_LINK, company_id):
        verdict.faults.append(Fault("missing", "The entry is gone; it waited for its link.", entry_id=row[0]))
    verdict.waiting = int(await database.value(WAITING, company_id))
