"""Run the real server in this process, drive one row from another, and say where the time went."""

from __future__ import annotations

import asyncio
import time
from contextlib import redirect_stderr

from rich.console import Console

from pasar.kernel.config import load_settings
from pasar.kernel.logs import configure_logs
from pasar.kernel.runtime import Runtime
from pasar.roles.bench.asking import ask, ask_all
from pasar.roles.bench.databases import BenchHome, copy_of
from pasar.roles.bench.floor import in_own_process
from pasar.roles.bench.load import Drive, drive
from pasar.roles.bench.measuring import Effort, repeated
from pasar.roles.bench.profiling import Samples, sampling
from pasar.roles.bench.rows import Row
from pasar.roles.bench.seeding import CURRENCY, Seeded
from pasar.roles.bench.server import free_port
from pasar.roles.bench.shop_facts import ShopFacts, facts_from_database
from pasar.roles.serving import Part, listen, opened, run_parts

MOST = 45


async def profile_row(
    home: BenchHome, seeded: Seeded, row: Row, clients: int, effort: Effort, console: Console
) -> None:
    """Print the server's CPU per call of `row`: by package, by function, and with what functions call."""
    settings = load_settings({"PASAR_HOME": str(home.folder / "profiled"), "PORT": str(free_port())})
    facts = await facts_from_database(home.full, seeded.company_id, CURRENCY)
    log = (home.folder / "profiled.log").open("w")
    with log, redirect_stderr(log):
        # As in production, so that writing the log is in the figures.
        configure_logs(level="INFO", style="json", service="pasar", role="web")
        async with copy_of(home.full) as copy, opened(settings, copy) as runtime:
            ready = asyncio.Event()
            part, listening = Part(web=True, work=False), listen(settings)
            serving = asyncio.create_task(run_parts(runtime, part, listening, lambda _: ready.set()))
            await ready.wait()
            await _sample(runtime, facts, row, clients, effort, console)
            runtime.closing.set()
            await serving


async def _sample(
    runtime: Runtime, facts: ShopFacts, row: Row, clients: int, effort: Effort, console: Console
) -> None:
    host, port = runtime.settings.host, runtime.settings.port
    state = (await ask(host, port, row.opening(facts))).results[0] if row.opening else None
    wanted = min(row.distinct or effort.calls, effort.calls)
    cases = [row.case(facts, state, number) for number in range(wanted)]
    calls = repeated((await ask_all(host, port, cases)).results, effort.calls)
    started = time.process_time()
    with sampling() as samples:
        driven = await in_own_process(drive, Drive(host, port, clients, effort.seconds, calls))
    _tell(samples, time.process_time() - started, len(driven.latencies), console)


def _tell(samples: Samples, cpu_seconds: float, calls: int, console: Console) -> None:
    each = cpu_seconds * 1e6 / max(calls, 1)
    console.print(f"{calls} calls, {each:.0f} µs of the server's CPU each, {samples.total} samples\n")
    console.print("By package (own lines and the C they call):")
    _print(samples.parts(cpu_seconds, calls, 30), console)
    console.print("\nBy function, own lines:")
    _print(samples.table(samples.own, cpu_seconds, calls, MOST), console)
    console.print("\nBy function, with all that it calls:")
    _print(samples.table(samples.within, cpu_seconds, calls, MOST), console)


def _print(lines: list[str], console: Console) -> None:
    for line in lines:
        console.print(line, markup=False, soft_wrap=True)
