"""Where calls are counted: in this process's memory, or in a Redis that several processes share.

A window begins with a subject's first call and ends `window_ms` later, whole: so the answer can say exactly
when everything is allowed again, and one counter per subject is enough.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any, Final, Protocol

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from pasar.kernel.config.stores import RedisSettings

log = structlog.get_logger(__name__)

Counted = tuple[int, int]
"""How many calls this window has had, this one among them, and in how many milliseconds it ends."""

MOST_SUBJECTS: Final = 100_000
FIRST_SWEEP: Final = 1024
REDIS_SECONDS: Final = 0.25
AGAIN_SECONDS: Final = 2.0
REDIS_PROBLEMS: Final = (RedisError, OSError, TimeoutError)

# One round trip, and no counter without an end: a process that dies in between cannot leave one.
COUNT: Final = """
local counted = {}
for _, key in ipairs(KEYS) do
  local calls = redis.call('INCR', key)
  local left = redis.call('PTTL', key)
  if left < 0 then
    redis.call('PEXPIRE', key, ARGV[1])
    left = tonumber(ARGV[1])
  end
  counted[#counted + 1] = calls
  counted[#counted + 1] = left
end
return counted
"""


class CountStore(Protocol):
    """Counts calls by subject."""

    async def count(self, subjects: Sequence[str], window_ms: int) -> list[Counted]:
        """Count one call for each of `subjects`, and answer where each stands."""

    async def away(self) -> str | None:
        """Why the shared store cannot be reached; None when it can, or when there is none."""

    async def close(self) -> None:
        """Let connections go."""


class MemoryCounts:
    """Counts in memory: exact for one process, and gone with it."""

    def __init__(self, most: int = MOST_SUBJECTS) -> None:
        self._most = most
        self._counts: dict[str, list[int]] = {}  # calls, and when the window ends
        self._sweep_at = min(FIRST_SWEEP, most)

    async def count(self, subjects: Sequence[str], window_ms: int) -> list[Counted]:
        """Count one call for each of `subjects`, and answer where each stands."""
        now = time.monotonic_ns() // 1_000_000
        counted: list[Counted] = []
        for subject in subjects:
            entry = self._counts.get(subject)
            if entry is None or entry[1] <= now:
                self._counts.pop(subject, None)  # to the end of the order: the oldest windows stand first
                entry = self._counts[subject] = [0, now + window_ms]
            entry[0] += 1
            counted.append((entry[0], entry[1] - now))
        if len(self._counts) > self._sweep_at:
            self._sweep(now)
        return counted

    async def away(self) -> str | None:
        """Memory is always there."""
        return None

    async def close(self) -> None:
        """Nothing to let go."""

    def __len__(self) -> int:
        return len(self._counts)

    def _sweep(self, now: int) -> None:
        """Forget windows that are over; when too many are open still, the oldest half of them.

        Sweeping again only at twice what is left keeps it to a constant share of each call.
        """
        kept = [(subject, entry) for subject, entry in self._counts.items() if entry[1] > now]
        if len(kept) >= self._most:
            kept = kept[len(kept) // 2 :]
        self._counts = dict(kept)
        self._sweep_at = min(self._most, max(FIRST_SWEEP, 2 * len(kept)))


class RedisCounts:
    """Counts in Redis, and in memory while Redis is away: no call ever fails for it."""

    def __init__(self, settings: RedisSettings, *, namespace: str) -> None:
        """`namespace` begins every key, so that installations may share one Redis."""
        self._place = settings.place
        self._namespace = namespace
        self._redis: Redis = Redis.from_url(
            settings.url,
            password=settings.password,  # one in the address goes before it, and is the same
            socket_connect_timeout=REDIS_SECONDS,
            socket_timeout=REDIS_SECONDS,
            retry=Retry(NoBackoff(), 0),  # memory is the better second try
        )
        self._script = self._redis.register_script(COUNT)
        self._memory = MemoryCounts()
        self._again_at: float | None = None  # while it is away: when to try it again

    async def count(self, subjects: Sequence[str], window_ms: int) -> list[Counted]:
        """Count one call for each of `subjects`, and answer where each stands."""
        if self._again_at is not None:
            if time.monotonic() < self._again_at:
                return await self._memory.count(subjects, window_ms)
            self._again_at = time.monotonic() + AGAIN_SECONDS  # one call tries, the others need not wait
        try:
            async with asyncio.timeout(REDIS_SECONDS):
                keys = [self._namespace + subject for subject in subjects]
                told: Any = await self._script(keys=keys, args=[window_ms])
        except REDIS_PROBLEMS as problem:
            self._note_away(problem)
            return await self._memory.count(subjects, window_ms)
        if self._again_at is not None:
            self._again_at = None
            log.info("rate_limits.redis_back", place=self._place)
        return list(zip(told[::2], told[1::2], strict=True))

    async def away(self) -> str | None:
        """Why Redis cannot be reached; None when it answers."""
        try:
            async with asyncio.timeout(REDIS_SECONDS):
                await self._redis.ping()
        except REDIS_PROBLEMS as problem:
            return f"Redis at {self._place} does not answer ({_reason(problem)})"
        return None

    async def close(self) -> None:
        """Let connections go."""
        await self._redis.aclose()

    def _note_away(self, problem: BaseException) -> None:
        if self._again_at is None:
            log.warning("rate_limits.redis_away", place=self._place, reason=_reason(problem))
        self._again_at = time.monotonic() + AGAIN_SECONDS


def _reason(problem: BaseException) -> str:
    """The kind of the problem: its text may name the password's owner."""
    return type(problem).__name__
