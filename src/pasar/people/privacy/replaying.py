"""After a restore: whoever was erased since the backup is erased again.

A backup knows nothing of later erasures, so each is noted outside the database as well, among the files, by
ids alone. Notes are gathered by month; the worker compares them at its start.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
import structlog

from pasar.kernel.acting import Acting, acting_as
from pasar.kernel.db.database import fetch
from pasar.kernel.errors import NotFound, Problem
from pasar.kernel.files import FileMissing, Files
from pasar.kernel.runtime import Runtime
from pasar.people.privacy.actions.erase_person import erase_guest, erase_person

log = structlog.get_logger(__name__)

FOLDER: Final = "private/erasures"
FIRST_MONTH: Final = datetime(2026, 1, 1, tzinfo=UTC)  # before the first release that erases
# Notes of a month share a file: they are written one after the other.
ALONE: Final = "SELECT pg_advisory_xact_lock(hashtextextended('erasure notes', 0))"
ONE: Final = "SELECT id, user_id, company_id, customer_id, at FROM erasures WHERE id = $1"
KNOWN: Final = "SELECT 1 FROM erasures WHERE user_id = $1 OR (company_id = $2 AND customer_id = $3)"


class ErasureNote(msgspec.Struct, frozen=True, rename="camel"):
    """Who was erased, as ids."""

    id: UUID
    user_id: UUID | None
    company_id: UUID | None
    customer_id: UUID | None
    at: datetime


async def note_erasure(runtime: Runtime, payload: dict[str, Any]) -> None:
    """Write one erasure into its month's file. Repeating it changes nothing."""
    row = await runtime.database.row(ONE, UUID(payload["erasure_id"]))
    if row is None:
        return
    async with runtime.database.transaction() as session:
        await fetch(session, ALONE)
        await _add(runtime.files, ErasureNote(*row))


async def replay_erasures(runtime: Runtime, *, since: datetime | None = None) -> int:
    """Erase anew whom the notes name and the database knows still; how many that were.

    `since` is the time of the backup, or earlier; none looks at all notes. Whom a module refuses to erase
    (`last_owner`, at the time of the backup) is told in the log and stays.
    """
    erased = 0
    with acting_as(Acting(kind="job", name="privacy.replay")):
        for month in _months(since or FIRST_MONTH, runtime.clock.now()):
            for note in await _notes_of(runtime.files, month):
                if (since is None or note.at >= since) and await _erased_again(runtime, note):
                    erased += 1
    if erased:
        log.warning("privacy.replayed", erased=erased)
    return erased


async def _erased_again(runtime: Runtime, note: ErasureNote) -> bool:
    if await runtime.database.rows(KNOWN, note.user_id, note.company_id, note.customer_id):
        return False
    try:
        async with runtime.database.transaction() as session:
            if note.user_id is not None:
                await erase_person(session, runtime.secrets, note.user_id, note.at, erasure_id=note.id)
            elif note.company_id is not None and note.customer_id is not None:
                await erase_guest(
                    session, runtime.secrets, note.company_id, note.customer_id, note.at, erasure_id=note.id
                )
    except NotFound:
        return False  # came after the backup, and is gone with what came after it
    except Problem as problem:
        log.error("privacy.replay_refused", erasure=str(note.id), code=problem.code)
        return False
    return True


async def _add(files: Files, note: ErasureNote) -> None:
    notes = {known.id: known for known in await _notes_of(files, note.at)} | {note.id: note}
    await files.put(_key(note.at), msgspec.json.encode(sorted(notes.values(), key=lambda one: one.at)))


async def _notes_of(files: Files, month: datetime) -> list[ErasureNote]:
    try:
        return msgspec.json.decode(await files.get(_key(month)), type=list[ErasureNote])
    except FileMissing:
        return []


def _key(at: datetime) -> str:
    return f"{FOLDER}/{at.astimezone(UTC):%Y-%m}.json"


def _months(first: datetime, last: datetime) -> Iterator[datetime]:
    """A moment of every month from `first` to `last`."""
    month = first.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while month <= last:
        yield month
        month = (month + timedelta(days=32)).replace(day=1)
