"""The whole bench in its small size: a database, a server and a load generator of its own."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from pasar.roles.bench.command import BenchOptions, run_bench
from pasar.roles.commands import CommandFailed

pytestmark = pytest.mark.slow


def _traces() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob("pasar-bench-*"))


async def test_carts_are_measured_without_errors_and_without_a_trace(tmp_path: Path) -> None:
    before = _traces()
    shown = io.StringIO()
    options = BenchOptions(
        rows=["cart.create", "cart.read"],
        variants=200,
        quick=True,
        json_file=tmp_path / "figures.json",
        markdown_file=tmp_path / "table.md",
    )
    assert await run_bench(options, Console(file=shown, width=140)), shown.getvalue()
    figures = msgspec.json.decode((tmp_path / "figures.json").read_bytes())
    assert [(row["name"], row["clients"], row["errors"]) for row in figures] == [
        ("cart.create", 32, 0),
        ("cart.read", 32, 0),
    ]
    for row in figures:
        assert 0 < row["p50"] <= row["p95"] <= row["p99"]
        assert row["ratio"] == pytest.approx(row["rps"] / row["floorRps"], abs=0.001)
    assert "INSERT INTO carts" in (tmp_path / "table.md").read_text()
    assert _traces() <= before


async def test_the_limiter_is_measured_with_and_without(tmp_path: Path) -> None:
    options = BenchOptions(rows=["limiter"], variants=200, quick=True, json_file=tmp_path / "figures.json")
    shown = io.StringIO()
    assert await run_bench(options, Console(file=shown, width=140)), shown.getvalue()

    call, alone = msgspec.json.decode((tmp_path / "figures.json").read_bytes())
    assert (call["name"], alone["name"]) == ("limiter", "limiter, the count alone")
    assert call["ratio"] > 0.7, "a counted call is hardly slower than one that is not counted"
    assert alone["rps"] > 50_000, "a few microseconds"


async def test_a_row_that_there_is_not_is_refused() -> None:
    with pytest.raises(CommandFailed, match=r"no row cart\.delete"):
        await run_bench(BenchOptions(rows=["cart.delete"]), Console(file=io.StringIO()))
