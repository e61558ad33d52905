"""Measure one row against a running server: prepare its calls, drive them, and count afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from pasar.kernel.db.addresses import DatabaseAddress
from pasar.roles.bench.asking import ask, ask_all
from pasar.roles.bench.calls import Call
from pasar.roles.bench.counting import count_rows, differences
from pasar.roles.bench.databases import connected
from pasar.roles.bench.floor import in_own_process
from pasar.roles.bench.load import Drive, Driven, drive
from pasar.roles.bench.replaying import ANALYZE_PREPARED
from pasar.roles.bench.rows import Row
from pasar.roles.bench.server import RunningServer
from pasar.roles.bench.shop_facts import ShopFacts

BESIDE_CLIENTS = 2


@dataclass(frozen=True, slots=True)
class Effort:
    """How much to measure: until `seconds` are over or `calls` are done, after `warm_up` calls."""

    seconds: float
    calls: int
    warm_up: int


async def measure_row(
    row: Row,
    facts: ShopFacts,
    server: RunningServer,
    clients: int,
    effort: Effort,
    prepared_all: Callable[[], Awaitable[None]] | None = None,
) -> tuple[Driven, Counter[str]]:
    """Drive `row` with so many clients. Answers what came back, and all rows made, preparations included.

    `prepared_all` is awaited between preparing and measuring.
    """
    made: Counter[str] = Counter()
    opened = None
    if row.opening is not None:
        opening = await ask(server.host, server.port, row.opening(facts))
        opened = opening.results[0]
    wanted = effort.warm_up + effort.calls
    distinct = min(row.distinct or wanted, wanted)
    cases = [row.case(facts, opened, number) for number in range(distinct)]
    prepared = await ask_all(server.host, server.port, cases)
    made.update(prepared.made)
    calls = repeated(prepared.results, wanted)
    if prepared_all is not None:
        await prepared_all()
    driven = await in_own_process(
        drive,
        Drive(
            host=server.host,
            port=server.port,
            clients=clients,
            seconds=effort.seconds,
            calls=calls[effort.warm_up :],
            warm_up=calls[: effort.warm_up],
            beside=[row.beside(facts, opened)] if row.beside else [],
            beside_clients=BESIDE_CLIENTS if row.beside else 0,
            server_pid=server.pid,
        ),
    )
    for one in (driven, driven.alone, driven.beside):
        made.update(one.made if one is not None else {})
    return driven, made


def repeated(calls: Sequence[Call], wanted: int) -> list[Call]:
    """So many calls: `calls` as often around as it takes."""
    return list(islice(cycle(calls), wanted))


async def measure_counted(
    row: Row,
    facts: ShopFacts,
    server: RunningServer,
    clients: int,
    effort: Effort,
    database: DatabaseAddress,
) -> tuple[Driven, list[str]]:
    """The same, and a sentence for each way in which the database disagrees with what was counted."""
    before = await count_rows(database)

    async def analyse() -> None:
        async with connected(database) as connection:
            await connection.execute(ANALYZE_PREPARED)

    driven, made = await measure_row(row, facts, server, clients, effort, analyse)
    after = await count_rows(database)
    return driven, differences(before, after, made, hot=row.name == "checkout.hot")
