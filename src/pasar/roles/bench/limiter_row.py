"""What does counting calls cost? The cheapest call there is, counted and not counted, and the count alone."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from uuid import UUID

import uvloop

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import load_settings
from pasar.kernel.config.edge import MOST_CALLS, RateLimitSettings
from pasar.kernel.db.addresses import DatabaseAddress
from pasar.kernel.db.database import Database
from pasar.kernel.rate_limits.limiter import RateLimiter, Standing, Subject, subjects_of
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import GUEST
from pasar.roles.assembling import open_runtime
from pasar.roles.bench.calls import Call
from pasar.roles.bench.databases import BenchHome, copy_of
from pasar.roles.bench.floor import in_own_process
from pasar.roles.bench.in_process import InProcess
from pasar.roles.bench.report import Result
from pasar.roles.bench.rows import LIMITER_ROW
from pasar.roles.bench.seeding import Seeded

TURNS: Final = 8
"""The two take turns within one process, so that a noisy moment meets both."""
CALLS_A_TURN: Final = 500
COUNTS: Final = 100_000
ADDRESSES: Final = tuple(f"192.0.2.{number}" for number in range(250))


@dataclass(frozen=True, slots=True)
class LimiterJob:
    """What the measuring process is told."""

    address: DatabaseAddress
    company_id: UUID
    home: Path


@dataclass(frozen=True, slots=True)
class LimiterCost:
    """Calls a second with and without the count, CPU µs of a counted call, and of a count alone."""

    counted: float
    uncounted: float
    call_micros: float
    count_micros: float


class Uncounted(RateLimiter):
    """Lets everybody in without a look."""

    async def count(self, subjects: Sequence[Subject], *, write: bool) -> Standing:  # noqa: ARG002  RateLimiter's own signature
        """Nobody is counted."""
        return Standing(MOST_CALLS, MOST_CALLS, 1)


async def measure_limiter(home: BenchHome, seeded: Seeded) -> list[Result]:
    """Two lines: a guest's look at no cart, whose floor is the same uncounted; and the count alone."""
    async with copy_of(home.full) as copy:
        cost = await in_own_process(run_limiter, LimiterJob(copy, seeded.company_id, home.folder / "limiter"))
    call = Result(
        LIMITER_ROW, 1, cost.counted, None, None, None, 0, cost.uncounted, server_micros=cost.call_micros
    )
    alone = Result(
        f"{LIMITER_ROW}, the count alone",
        *(1, 1e6 / cost.count_micros, None, None, None, 0),
        server_micros=cost.count_micros,
    )
    return [call, alone]


def run_limiter(job: LimiterJob) -> LimiterCost:
    """Measure. Call it in a process of its own."""
    return uvloop.run(_measure(job))


async def _measure(job: LimiterJob) -> LimiterCost:
    settings = load_settings({"PASAR_HOME": str(job.home), "LOG_LEVEL": "WARNING"})
    database = await Database.open(job.address)
    runtime = open_runtime(settings, database, SystemClock())
    try:
        limits = RateLimitSettings(MOST_CALLS)
        counted = _caller(replace(runtime, limiter=RateLimiter(limits)), job.company_id)
        uncounted = _caller(replace(runtime, limiter=Uncounted(limits)), job.company_id)
        for call in (counted, uncounted):
            await _seconds(call, CALLS_A_TURN)  # fills memories
        with_it, without, cpu = 0.0, 0.0, 0.0
        for _ in range(TURNS):
            began = time.process_time()
            with_it += await _seconds(counted, CALLS_A_TURN)
            cpu += time.process_time() - began
            without += await _seconds(uncounted, CALLS_A_TURN)
        calls = TURNS * CALLS_A_TURN
        return LimiterCost(calls / with_it, calls / without, cpu / calls * 1e6, await _alone(limits))
    finally:
        await runtime.http.aclose()
        await database.close()


def _caller(runtime: Runtime, company_id: UUID) -> Callable[[], Awaitable[object]]:
    caller = InProcess(runtime)
    call = Call("GET", "/api/public/cart", headers=(("x-company-id", str(company_id)),), needle=b'"items":[]')
    return lambda: caller.call(call)


async def _seconds(call: Callable[[], Awaitable[object]], times: int) -> float:
    began = time.perf_counter()
    for _ in range(times):
        await call()
    return time.perf_counter() - began


async def _alone(limits: RateLimitSettings) -> float:
    """CPU µs to settle who counts, and to count."""
    limiter = RateLimiter(limits)
    began = time.process_time()
    for number in range(COUNTS):
        address = ADDRESSES[number % len(ADDRESSES)]
        await limiter.count(subjects_of(limiter, GUEST, address, None), write=True)
    return (time.process_time() - began) / COUNTS * 1e6
