"""When was this sign-in last used? Noted at most every five minutes, and never while somebody waits."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from pasar.kernel.clock import Clock
from pasar.kernel.db.database import Database

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(minutes=5)
# Of several processes that notice it together, one writes.
TOUCH: Final = "UPDATE sign_ins SET last_seen_at = $2 WHERE id = $1 AND last_seen_at <= $3"


class LastSeen:
    """Notes the use of sign-ins in tasks of their own."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._writing: dict[UUID, asyncio.Task[None]] = {}

    def note(self, sign_in_id: UUID, last_seen_at: datetime) -> None:
        """It is used now, and was last noted at `last_seen_at`, as its row says."""
        now = self._clock.now()
        if now - last_seen_at < EVERY or sign_in_id in self._writing:
            return
        task = asyncio.create_task(self._write(sign_in_id, now))
        self._writing[sign_in_id] = task
        task.add_done_callback(lambda _: self._writing.pop(sign_in_id, None))

    async def written(self) -> None:
        """Wait for what is being written."""
        await asyncio.gather(*self._writing.values())

    async def _write(self, sign_in_id: UUID, now: datetime) -> None:
        try:
            await self._database.rows(TOUCH, sign_in_id, now, now - EVERY)
        except Exception as problem:  # nobody waits for it; the next use tries again
            log.debug("last_seen.not_written", reason=type(problem).__name__)
