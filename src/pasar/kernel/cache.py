"""How is a slowly changing answer kept in memory, at most a second old?

`Remembered` keeps one answer and stands in while the database is away; `Recent` keeps one a company.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary

import structlog

from pasar.kernel.db.database import Database, is_outage
from pasar.kernel.metrics import CACHE

log = structlog.get_logger(__name__)
T = TypeVar("T")

FRESH_SECONDS = 1.0
# How long a caller waits for news while there is an older answer: the database may be going away.
PATIENCE_SECONDS = 0.5
MOST_COMPANIES = 1000


class Remembered(Generic[T]):
    """The last answer of `load`, asked again at most once a second, by one question at a time.

    While the database is away, or slower than half a second, the last answer stands. `now` gives seconds.
    """

    def __init__(self, load: Callable[[], Awaitable[T]], now: Callable[[], float]) -> None:
        self._load = load
        self._now = now
        self._answer: tuple[T] | None = None
        self._asked_at = 0.0
        self._question: asyncio.Task[T] | None = None
        self._changes = 0

    def forget(self) -> None:
        """Ask anew next time: this process has just changed something. An answer that was asked for before
        the change is on its way counts as old; while the database is away, the last one still stands in."""
        self._changes += 1
        self._asked_at = float("-inf")
        self._question = None

    async def get(self) -> T:
        """The answer. Raises what `load` raises only when there is no earlier answer to fall back on."""
        answer = self._answer
        # Absolute, so that a clock set back cannot make an answer last for hours.
        if answer is not None and abs(self._now() - self._asked_at) < FRESH_SECONDS:
            return answer[0]
        question = self._question
        if question is None or question.done():
            question = self._question = asyncio.create_task(self._ask())
        if answer is None:
            return await asyncio.shield(question)
        # Unlike `wait_for`, `wait` does not cancel the question for everybody when one caller goes away.
        await asyncio.wait((question,), timeout=PATIENCE_SECONDS)
        return question.result() if question.done() else answer[0]

    async def _ask(self) -> T:
        """Load, and note when: at the start, so that the answer is never older than it claims."""
        asked_at, changes = self._now(), self._changes
        try:
            value = await self._load()
        except Exception as problem:
            if self._answer is None or not is_outage(problem):
                raise
            log.warning("memory.stands_in", reason=type(problem).__name__)
            value = self._answer[0]
        if changes == self._changes or self._answer is None:
            self._answer = (value,)
            self._asked_at = asked_at if changes == self._changes else float("-inf")
        return value


@dataclass(slots=True)
class _Memory(Generic[T]):
    asked_at: float
    question: asyncio.Future[T]


class Recent(Generic[T]):
    """Answers of `load` by company. One question at a time: who asks meanwhile waits for the same answer."""

    def __init__(self, name: str, load: Callable[[Database, UUID], Awaitable[T]]) -> None:
        self._name = name
        self._load = load
        self._databases: WeakKeyDictionary[Database, OrderedDict[UUID, _Memory[T]]] = WeakKeyDictionary()

    async def get(self, database: Database, company_id: UUID) -> T:
        """The answer, loaded at most a second ago. Raises what `load` raises, and then remembers nothing."""
        now = time.monotonic()
        memories = self._databases.setdefault(database, OrderedDict())
        memory = memories.get(company_id)
        if memory is not None and now - memory.asked_at < FRESH_SECONDS:
            CACHE.labels(self._name, "hit").inc()
            return await asyncio.shield(memory.question)
        CACHE.labels(self._name, "miss").inc()
        memory = _Memory(now, asyncio.ensure_future(self._load(database, company_id)))
        memories[company_id] = memory
        memories.move_to_end(company_id)
        if len(memories) > MOST_COMPANIES:
            memories.popitem(last=False)
        try:
            # Shielded: a caller that goes away must not take the answer from the others.
            return await asyncio.shield(memory.question)
        except Exception:
            if memories.get(company_id) is memory:
                del memories[company_id]
            raise

    def forget(self, database: Database, company_id: UUID) -> None:
        """Ask anew next time: this process has just changed something."""
        self._databases.get(database, OrderedDict()).pop(company_id, None)
