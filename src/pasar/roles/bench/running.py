"""The whole run: seed once, then for each row record, replay, serve and drive, replay, count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import asyncpg

from pasar.roles.bench.asking import ask
from pasar.roles.bench.calls import UnexpectedAnswer
from pasar.roles.bench.databases import BenchHome, copy_of
from pasar.roles.bench.floor import WARM_UP_EACH, Floor
from pasar.roles.bench.import_row import measure_import
from pasar.roles.bench.in_process import record
from pasar.roles.bench.limiter_row import measure_limiter
from pasar.roles.bench.load import Driven
from pasar.roles.bench.measuring import BESIDE_CLIENTS, Effort, measure_counted, measure_row
from pasar.roles.bench.report import Result, result_of
from pasar.roles.bench.rows import IMPORT_ROW, LIMITER_ROW, ROWS, Row
from pasar.roles.bench.seeding import CURRENCY, Seeded
from pasar.roles.bench.server import RunningServer, ServerFailed, serving
from pasar.roles.bench.shop_facts import ShopFacts, facts_from_database, facts_over_http

Told = Callable[[str], None]
BEFORE, AFTER = 2, 1  # replays around the measured run; the best of the three counts
FAILURES = (UnexpectedAnswer, ServerFailed, OSError, TimeoutError, asyncpg.PostgresError)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which rows, with how many clients, how hard."""

    names: Sequence[str]
    clients: Sequence[int]
    effort: Effort

    @property
    def rows(self) -> list[Row]:
        """The rows over HTTP, in the table's order."""
        return [row for row in ROWS if row.name in self.names]

    def clients_of(self, row: Row) -> list[int]:
        """How many clients a row is driven with."""
        return [row.only_clients] if row.only_clients else list(self.clients)


async def run_own(home: BenchHome, seeded: Seeded, plan: Plan, told: Told) -> list[Result]:
    """Measure the rows of `plan` on copies of the starting database. A row that fails says so."""
    facts = await facts_from_database(home.full, seeded.company_id, CURRENCY)
    results: list[Result] = []
    for row in plan.rows:
        try:
            results += await _measure(home, facts, row, plan, told)
        except FAILURES as problem:
            results.append(_failed(row.name, problem))
    if LIMITER_ROW in plan.names:
        told(f"{LIMITER_ROW}: a call counted and not counted, then the count alone")
        try:
            results += await measure_limiter(home, seeded)
        except FAILURES as problem:
            results.append(_failed(LIMITER_ROW, problem))
    if IMPORT_ROW in plan.names:
        told(f"{IMPORT_ROW}: the import, then COPY")
        try:
            results.append(await measure_import(home, seeded))
        except FAILURES as problem:
            results.append(_failed(IMPORT_ROW, problem))
    return results


def _failed(name: str, problem: BaseException) -> Result:
    return Result(name, 0, 0.0, None, None, None, 1, problems=(f"{type(problem).__name__}: {problem}",))


async def _measure(home: BenchHome, facts: ShopFacts, row: Row, plan: Plan, told: Told) -> list[Result]:
    clients, effort = plan.clients_of(row), plan.effort
    told(f"{row.name}: recording its statements")
    async with copy_of(home.full) as copy:
        calls = min(row.distinct or effort.calls, effort.calls)
        warm_up = 0 if row.distinct else max(clients) * WARM_UP_EACH
        recorded = await record(home, copy, facts, row, warm_up=warm_up, calls=calls)
    floor = Floor(home.full, recorded, effort.seconds, effort.calls, repeats=row.distinct is not None)
    told(f"{row.name}: the floor, before")
    await floor.measure(clients, BEFORE)
    driven: dict[int, tuple[Driven, list[str]]] = {}
    async with copy_of(home.full) as copy, serving(home.folder, copy) as server:
        for number in clients:
            told(f"{row.name}: the server, {number} clients")
            driven[number] = await measure_counted(row, facts, server, number, effort, copy)
    told(f"{row.name}: the floor, after")
    await floor.measure(clients, AFTER)
    return [
        result
        for number, (came, problems) in driven.items()
        for result in _results(
            row, number, came, floor_rps=floor.best.get(number), problems=problems, statements=recorded.named
        )
    ]


def _results(row: Row, clients: int, came: Driven, **more: Any) -> list[Result]:
    """The row's line; where it had company, also the line without it, and the company's own."""
    results = [result_of(row.name, clients, came, **more)]
    if came.alone is not None:
        alone = result_of(row.alone, clients, came.alone, floor_rps=more.get("floor_rps"))
        results.insert(0, replace(alone, statements=None))
    if came.beside is not None:
        company = result_of(row.company, BESIDE_CLIENTS, came.beside)
        # The processor time is the readers', too: nobody can tell whose.
        results.append(replace(company, statements=None, load_micros=None, server_micros=None))
    return results


async def run_elsewhere(host: str, port: int, plan: Plan, told: Told) -> list[Result]:
    """Drive a server that runs already, without a floor: its database is out of reach."""
    server = RunningServer(host, port, None)
    facts = (await ask(host, port, facts_over_http())).results[0]
    results: list[Result] = []
    for row in plan.rows:
        for number in plan.clients_of(row):
            told(f"{row.name}: {number} clients")
            try:
                came, _ = await measure_row(row, facts, server, number, plan.effort)
            except FAILURES as problem:
                results.append(replace(_failed(row.name, problem), clients=number))
            else:
                results += _results(row, number, came)
    return results
