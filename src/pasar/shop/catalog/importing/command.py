"""`pasar import products FILE`: a catalogue into the shop, with a progress bar and a readable report."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from typing import BinaryIO, Final, cast
from uuid import UUID

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from pasar.kernel.runtime import Runtime
from pasar.shop.catalog.importing.import_products import import_products
from pasar.shop.catalog.importing.report import ImportReport

AUTHOR: Final = "command:import"
MOST_SHOWN: Final = 40
STEP_PERCENT: Final = 10


class _Counting(io.RawIOBase):
    """A file that knows how much of it was read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.position = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: object) -> int:
        """Read as a file does, and count."""
        view = cast("memoryview", buffer)
        content = self._file.read(len(view))
        view[: len(content)] = content
        self.position += len(content)
        return len(content)


async def run_import(
    runtime: Runtime,
    company_id: UUID,
    path: Path,
    *,
    currency: str,
    strict: bool,
    update_stock: bool,
    console: Console,
) -> ImportReport:
    """Import `path` and print its report; the caller decides what its errors mean for the exit code.

    Raises OSError for a file that cannot be read, MoneyError for an unknown currency.
    """
    size = path.stat().st_size  # noqa: ASYNC240  one look at a local file, before the work begins
    with path.open("rb") as file:  # read in the import's own thread
        counting = _Counting(file)
        shown = _Bar(console, size) if console.is_terminal else _Lines(console, size)

        async def tell(report: ImportReport) -> None:
            shown.tell(counting.position, report)

        with shown:
            report = await import_products(
                runtime,
                company_id,
                cast("BinaryIO", io.BufferedReader(counting, 256 * 1024)),
                currency=currency,
                strict=strict,
                update_stock=update_stock,
                author=AUTHOR,
                on_progress=tell,
            )
    print_report(report, console)
    return report


class _Bar:
    """A progress bar over the bytes read."""

    def __init__(self, console: Console, size: int) -> None:
        self._progress = Progress(
            TextColumn("Importing"),
            BarColumn(),
            TaskProgressColumn(),
            DownloadColumn(),
            TextColumn("{task.fields[products]:,} products"),
            TimeRemainingColumn(),
            console=console,
        )
        self._task = self._progress.add_task("", total=max(size, 1), products=0)

    def __enter__(self) -> None:
        self._progress.start()

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def tell(self, position: int, report: ImportReport) -> None:
        """Show how far it is."""
        self._progress.update(self._task, completed=position, products=report.products)


class _Lines:
    """A plain line for each tenth of the file: for logs and pipes."""

    def __init__(self, console: Console, size: int) -> None:
        self._console = console
        self._size = max(size, 1)
        self._told = 0

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None

    def tell(self, position: int, report: ImportReport) -> None:
        """Say how far it is, when another tenth is done."""
        percent = min(100, position * 100 // self._size)
        if percent >= self._told + STEP_PERCENT:
            self._told = percent - percent % STEP_PERCENT
            self._console.print(f"{percent} % read, {report.products} products", highlight=False)


def print_report(report: ImportReport, console: Console) -> None:
    """Print what became of the file: the counts, then the findings, errors before warnings."""
    if report.undone:
        console.print(
            Text(f"Nothing was imported: {report.errors:,} errors, and --strict.", style="bold red")
        )
    else:
        console.print(
            f"{report.products:,} products with {report.variants:,} variants: {report.created:,} created, "
            f"{report.updated:,} updated, {report.unchanged:,} unchanged."
        )
    if not report.problems:
        return
    console.print(f"{report.errors:,} errors (rows left out) and {report.warnings:,} warnings.")
    console.print(_kinds(report))
    console.print(_findings(report))
    shown = min(MOST_SHOWN, len(report.problems))
    if report.errors + report.warnings > shown:
        console.print(f"The first {shown} of {report.errors + report.warnings:,} are shown.")


def _kinds(report: ImportReport) -> Table:
    kinds = Counter((problem.severity, problem.code) for problem in report.problems)
    table = Table("", "kind", "times", title="Kinds of findings", title_justify="left")
    for (severity, code), times in sorted(kinds.items(), key=lambda kind: (kind[0][0], -kind[1], kind[0][1])):
        table.add_row(severity, code, f"{times:,}")
    return table


def _findings(report: ImportReport) -> Table:
    table = Table(title="Findings", title_justify="left")
    table.add_column("line", justify="right")
    table.add_column("")
    table.add_column("column")
    table.add_column("what", overflow="fold")
    ordered = sorted(report.problems, key=lambda problem: problem.severity != "error")
    for problem in ordered[:MOST_SHOWN]:
        # Text, not markup: a file's own words must not become colours or links of the terminal.
        table.add_row(
            str(problem.line), problem.severity, Text(problem.column), Text(_printable(problem.message))
        )
    return table


def _printable(text: str) -> str:
    """`text` without control characters, which could steer the terminal."""
    return "".join(character if character.isprintable() else "�" for character in text)
