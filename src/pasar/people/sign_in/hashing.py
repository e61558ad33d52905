"""Where are passwords hashed? On a few threads of their own that yield to everybody else.

argon2id is meant to be dear: some 20 ms of a core and 19 MiB each. The threads run at a low priority, so
that the event loop, the database and whoever reads a cart come first; a wait that grows too long is refused
rather than endured, since nobody waits for a sign-in for half a minute.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

from pasar.kernel.errors import Unavailable

# Of 19, the lowest. Readers keep their p95 at 10 as well (docs/performance.md); at 19, on two cores with ten
# busy processes, eight hashes had not ended after ten seconds.
LOW_PRIORITY: Final = 10
MOST_WAITING: Final = 40
LONGEST_WAIT: Final = 20.0
"""Seconds."""
RETRY_AFTER: Final = 3

P = ParamSpec("P")
T = TypeVar("T")


class HashingThreads:
    """Runs work on `threads` threads of low priority.

    At most `most_waiting` calls wait, each for `longest_wait` seconds.
    """

    def __init__(
        self, threads: int, *, most_waiting: int = MOST_WAITING, longest_wait: float = LONGEST_WAIT
    ) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="hashing", initializer=yield_to_others)
        self._places = threading.BoundedSemaphore(threads + most_waiting)
        self._longest_wait = longest_wait

    async def run(self, work: Callable[P, T], *arguments: P.args, **more: P.kwargs) -> T:
        """Do `work` on one of the threads. Raises `Unavailable` (`busy_try_again`) when too many wait."""
        if not self._places.acquire(blocking=False):
            raise _busy()
        future = self._pool.submit(work, *arguments, **more)
        future.add_done_callback(lambda _: self._places.release())
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), self._longest_wait)
        except TimeoutError:
            raise _busy() from None


def yield_to_others() -> None:
    """Give this thread a low priority. On Linux only: elsewhere it would be the whole process's."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOW_PRIORITY)


def threads_for(cores: int) -> int:
    """How many threads: one core is left to the event loop, and one thread is the least."""
    return max(1, cores - 1)


def _busy() -> Unavailable:
    return Unavailable(
        "busy_try_again",
        "Many people are signing in just now. Try again in a few seconds.",
        headers={"Retry-After": str(RETRY_AFTER)},
    )


def _own_cores() -> int:
    """The cores that this process may use, which a container can limit."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


hashing_threads: Final = HashingThreads(threads_for(_own_cores()))
