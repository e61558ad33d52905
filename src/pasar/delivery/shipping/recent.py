"""What did a company's zones look like a moment ago? Per company, from memory, at most a second old.

Every cart that is read asks for shipping, and zones change a few times a year. The same file stands in taxes:
delivery lies below finance, and the kernel has no room for it yet.
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

from pasar.kernel.db.database import Database
from pasar.kernel.metrics import CACHE

T = TypeVar("T")

FRESH_SECONDS = 1.0
MOST_COMPANIES = 1000


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
