"""When was this API key last used, and from where? Noted at most once a minute, while nobody waits."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from pasar.kernel.db.database import Database

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(minutes=1)
# Of several processes that notice it together, one writes.
NOTE: Final = """
INSERT INTO api_key_uses AS u (company_id, key_id, used_at, address) VALUES ($1, $2, $3, $4)
ON CONFLICT (company_id, key_id) DO UPDATE SET used_at = excluded.used_at, address = excluded.address
 WHERE u.used_at <= $5
"""
_writing: dict[UUID, asyncio.Task[None]] = {}


def note_key_use(
    database: Database, company_id: UUID, key_id: UUID, *, last: datetime | None, address: str, at: datetime
) -> None:
    """It is used now, and was last noted at `last`, as its row says."""
    if key_id in _writing or (last is not None and at - last < EVERY):
        return
    task = asyncio.create_task(_write(database, company_id, key_id, address, at))
    _writing[key_id] = task
    task.add_done_callback(lambda _: _writing.pop(key_id, None))


async def key_uses_written() -> None:
    """Wait for what is being written."""
    await asyncio.gather(*_writing.values())


async def _write(database: Database, company_id: UUID, key_id: UUID, address: str, at: datetime) -> None:
    try:
        await database.rows(NOTE, company_id, key_id, at, address, at - EVERY)
    except Exception as problem:  # nobody waits for it; the next use tries again
        log.debug("key_use.not_written", reason=type(problem).__name__)
