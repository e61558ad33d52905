"""How are the figures shown? As a table for people, JSON for scripts, and Markdown for the documentation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from rich.box import SIMPLE
from rich.table import Table

from pasar.roles.bench.load import Driven
from pasar.roles.bench.machine import Machine
from pasar.roles.bench.percentiles import percentile

HEADINGS = ("name", "clients", "rps", "p50", "p95", "p99", "errors", "floorRps", "ratio")
MORE_HEADINGS = ("load µs", "server µs")


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table. Latencies in milliseconds, None where a row has none (the import).

    `load_micros` and `server_micros`: CPU per call of the load generator and of the server. `statements` is
    None for a line that is told beside its row's.
    """

    name: str
    clients: int
    rps: float
    p50: float | None
    p95: float | None
    p99: float | None
    errors: int
    floor_rps: float | None = None
    load_micros: float | None = None
    server_micros: float | None = None
    problems: tuple[str, ...] = ()
    statements: tuple[str, ...] | None = field(default=(), repr=False)

    @property
    def ratio(self) -> float | None:
        """Calls a second as a part of the floor's."""
        return self.rps / self.floor_rps if self.floor_rps else None


def result_of(
    name: str,
    clients: int,
    driven: Driven,
    *,
    floor_rps: float | None = None,
    problems: Sequence[str] = (),
    statements: Sequence[str] = (),
) -> Result:
    """Sum a measurement up. Whatever the database disagrees with counts as an error."""
    done = len(driven.latencies)
    told = (*problems, *([driven.first_error] if driven.first_error else []))
    points = [percentile(driven.latencies, at) if done else None for at in (50, 95, 99)]
    return Result(
        name=name,
        clients=clients,
        rps=done / driven.seconds if driven.seconds else 0.0,
        p50=points[0],
        p95=points[1],
        p99=points[2],
        errors=driven.errors + len(problems),
        floor_rps=floor_rps,
        load_micros=driven.own_cpu_seconds / done * 1e6 if done else None,
        server_micros=driven.server_cpu_seconds / done * 1e6 if done and driven.server_cpu_seconds else None,
        problems=told,
        statements=tuple(statements),
    )


def as_json(results: Sequence[Result]) -> bytes:
    """`[{name, clients, rps, p50, p95, p99, errors, floorRps, ratio}]`, latencies in milliseconds."""
    rows = [dict(zip(HEADINGS, _values(result), strict=True)) for result in results]
    return msgspec.json.format(msgspec.json.encode(rows), indent=2) + b"\n"


def _values(result: Result) -> list[Any]:
    numbers = [_rounded(n, 2) for n in (result.rps, result.p50, result.p95, result.p99)]
    floor = [_rounded(result.floor_rps, 2), _rounded(result.ratio, 3)]
    return [result.name, result.clients, *numbers, result.errors, *floor]


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _cells(result: Result) -> list[str]:
    floor = [_shown(result.floor_rps, 0), _shown(result.ratio, 2)]
    cpu = [_shown(result.load_micros, 0), _shown(result.server_micros, 0)]
    latencies = [_shown(value, 1) for value in (result.p50, result.p95, result.p99)]
    return [
        result.name,
        str(result.clients),
        _shown(result.rps, 0),
        *latencies,
        str(result.errors),
        *floor,
        *cpu,
    ]


def _shown(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def as_table(results: Sequence[Result]) -> Table:
    """The table for a terminal."""
    table = Table(title="ms; CPU per call in µs; ratio = rps / floorRps", box=SIMPLE, padding=(0, 1, 0, 0))
    for heading in (*HEADINGS, *MORE_HEADINGS):
        table.add_column(heading, justify="left" if heading == "name" else "right", no_wrap=True)
    for result in results:
        table.add_row(*_cells(result), style="red" if result.errors else None)
    return table


def as_markdown(results: Sequence[Result], machine: Machine, *, about: str) -> str:
    """The same for documentation, with the machine and the statements."""
    lines = [machine.sentence() + ".", "", about, ""]
    lines += ["| " + " | ".join((*HEADINGS, *MORE_HEADINGS)) + " |"]
    lines += ["|---" + "|---:" * (len(HEADINGS) + len(MORE_HEADINGS) - 1) + "|"]
    lines += ["| " + " | ".join(_cells(result)) + " |" for result in results]
    lines += ["", "Statements of one call, as the driver recorded them and the floor replays them:", ""]
    for name, statements in named_statements(results).items():
        lines += [f"- `{name}`: " + (" · ".join(f"`{_short(sql)}`" for sql in statements) or "none")]
    return "\n".join(lines) + "\n"


def named_statements(results: Sequence[Result]) -> dict[str, tuple[str, ...]]:
    """The statements by row, each row once."""
    return {one.name: one.statements for one in results if one.statements is not None}


def _short(sql: str) -> str:
    flat = " ".join(sql.split())
    return flat if len(flat) <= 90 else flat[:87] + "…"
