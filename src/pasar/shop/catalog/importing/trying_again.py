"""A step of an import that met others (a deadlock, a lock held too long) is done again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import Database, is_contention

log = structlog.get_logger(__name__)
Result = TypeVar("Result")

TRIES: Final = 5
PAUSE_SECONDS: Final = 0.2
"""Before the second try; each further one waits twice as long."""


async def in_transaction(database: Database, work: Callable[[AsyncSession], Awaitable[Result]]) -> Result:
    """Do `work` in a transaction of its own, up to `TRIES` times while others are in the way.

    `work` must leave nothing behind when its transaction is rolled back. Raises what it raises, and the last
    refusal of the database.
    """
    for earlier in range(TRIES):
        try:
            async with database.transaction() as session:
                return await work(session)
        except Exception as problem:
            if not is_contention(problem) or earlier == TRIES - 1:
                raise
            log.info("import.waits", tries=earlier + 1)
            await asyncio.sleep(PAUSE_SECONDS * 2**earlier)
    raise AssertionError("unreachable: the last try answers or raises")
