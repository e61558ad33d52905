"""`pasar bench`: what was asked for on the command line, done."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from pasar.roles.bench.databases import BenchHome, bench_home
from pasar.roles.bench.machine import Machine, this_machine
from pasar.roles.bench.measuring import Effort
from pasar.roles.bench.profile_run import profile_row
from pasar.roles.bench.report import Result, as_json, as_markdown, as_table, named_statements
from pasar.roles.bench.rows import ROW_NAMES, ROWS
from pasar.roles.bench.running import Plan, Told, run_elsewhere, run_own
from pasar.roles.bench.seeding import Seeded, seed
from pasar.roles.commands import CommandFailed

CALLS: Final = 2_000
WARM_UP: Final = 100
QUICK_SECONDS: Final = 2.0
QUICK_VARIANTS: Final = 2_000
QUICK_CLIENTS: Final = (32,)
PROFILE_CLIENTS: Final = 32
TABLE_WIDTH: Final = 116  # a narrow terminal wraps lines; cutting figures off would be worse


@dataclass(frozen=True, slots=True)
class BenchOptions:
    """What can be asked of the bench. `rows` empty: all. `quick` is the small size that tests run."""

    rows: Sequence[str] = ()
    clients: Sequence[int] = (1, 32, 100)
    seconds: float = 10.0
    variants: int = 50_000
    url: str | None = None
    quick: bool = False
    profile: str | None = None
    json_file: Path | None = None
    markdown_file: Path | None = None

    @property
    def plan(self) -> Plan:
        """Which rows, with how many clients, how hard. Raises `CommandFailed` for a row that there is not."""
        unknown = {*self.rows, *([self.profile] if self.profile else [])} - set(ROW_NAMES)
        if unknown:
            raise CommandFailed(f"There is no row {', '.join(sorted(unknown))}. Rows: {', '.join(ROW_NAMES)}")
        clients = QUICK_CLIENTS if self.quick else self.clients
        seconds = QUICK_SECONDS if self.quick else self.seconds
        return Plan(self.rows or ROW_NAMES, clients, Effort(seconds, CALLS, WARM_UP))


async def run_bench(options: BenchOptions, console: Console) -> bool:
    """Measure, print, write the files that were asked for. False when any row had an error."""
    running = asyncio.current_task()
    assert running is not None
    # Told to stop, the bench still takes its database and its folder away.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, running.cancel)
    plan = options.plan
    if options.url is not None:
        host, port = _place_of(options.url)
        with _progress(console) as told:
            results = await run_elsewhere(host, port, plan, told)
        machine = await this_machine(None)
    else:
        with bench_home() as home:
            machine = await this_machine(home.address.named("postgres"))
            with _progress(console) as told:
                seeded = await _seeded(home, options, told)
                if options.profile is None:
                    results = await run_own(home, seeded, plan, told)
            if options.profile is not None:
                await _profile(home, seeded, options, console)
                return True
    _tell(results, machine, options, console)
    return not any(result.errors for result in results)


async def _seeded(home: BenchHome, options: BenchOptions, told: Told) -> Seeded:
    variants = min(QUICK_VARIANTS, options.variants) if options.quick else options.variants
    told("making the starting database")
    return await seed(home, variants, lambda written: told(f"making the shop: {written:,} variants"))


async def _profile(home: BenchHome, seeded: Seeded, options: BenchOptions, console: Console) -> None:
    row = next((row for row in ROWS if row.name == options.profile), None)
    if row is None:
        raise CommandFailed(f"The row {options.profile} cannot be profiled here: it is no call to a server.")
    effort = Effort(options.plan.effort.seconds, CALLS * 5, 0)
    await profile_row(home, seeded, row, row.only_clients or PROFILE_CLIENTS, effort, console)


def _tell(results: Sequence[Result], machine: Machine, options: BenchOptions, console: Console) -> None:
    console.print(machine.sentence() + "\n", soft_wrap=True)
    Console(file=console.file, width=max(console.width, TABLE_WIDTH)).print(as_table(results))
    for result in results:
        for problem in result.problems:
            console.print(f"{result.name}, {result.clients} clients: {problem}", markup=False, style="red")
    for name, statements in named_statements(results).items():
        console.print(f"\n[bold]{name}[/], {len(statements)} statements a call:")
        for statement in statements:
            console.print("  " + " ".join(statement.split())[:150], markup=False, soft_wrap=True)
    if options.json_file:
        options.json_file.write_bytes(as_json(results))
    if options.markdown_file:
        options.markdown_file.write_text(as_markdown(results, machine, about=_about(options)))


def _about(options: BenchOptions) -> str:
    if options.url:
        return "A server that ran already, over real connections; without a floor."
    seconds = options.plan.effort.seconds
    return (
        f"`pasar serve` in production mode on its own PostgreSQL with {options.variants:,} variants, "
        f"driven over real connections; each measurement {seconds:g} s or {CALLS:,} calls, whichever comes "
        "first. Server, database and load generator share the machine. The floor replays the server's own "
        "recorded statements over bare asyncpg; best of three, two before and one after."
    )


def _place_of(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise CommandFailed("--url takes an address such as http://127.0.0.1:8000; TLS is not measured here.")
    return parts.hostname, parts.port or 80


@contextmanager
def _progress(console: Console) -> Iterator[Told]:
    if not console.is_terminal:  # a log or a pipe: one line a step
        yield lambda line: console.print(line, markup=False, soft_wrap=True)
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("starting")

        def told(line: str) -> None:
            progress.update(task, description=line)

        yield told
