"""How fast is an import beside a bare COPY of the rows that it makes? Rows are variants; one run each."""

from __future__ import annotations

import csv
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import uvloop

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import load_settings
from pasar.kernel.db.addresses import DatabaseAddress
from pasar.kernel.db.database import Database
from pasar.kernel.money import Money
from pasar.roles.assembling import open_runtime
from pasar.roles.bench.databases import BenchHome, connected, copy_of
from pasar.roles.bench.floor import in_own_process
from pasar.roles.bench.goods import bench_goods
from pasar.roles.bench.report import Result
from pasar.roles.bench.rows import IMPORT_ROW
from pasar.roles.bench.seeding import CURRENCY, Seeded
from pasar.shop.catalog.drafts import ProductDraft
from pasar.shop.catalog.importing.import_products import import_products

TRIES: Final = 3
# In the order that foreign keys ask for.
TABLES: Final = (
    *("categories", "products", "variants", "prices", "price_changes", "product_media"),
    *("locations", "stock_levels", "stock_adjustments"),
)
HEADING: Final = (
    *("Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published", "Option1 Name"),
    *("Option1 Value", "Variant SKU", "Variant Grams", "Variant Inventory Tracker", "Variant Inventory Qty"),
    *("Variant Inventory Policy", "Variant Fulfillment Service", "Variant Price"),
    *("Variant Requires Shipping", "Variant Taxable", "Status"),
)


@dataclass(frozen=True, slots=True)
class ImportJob:
    """What the importing process is told."""

    address: DatabaseAddress
    company_id: UUID
    file: Path
    home: Path


@dataclass(frozen=True, slots=True)
class Imported:
    """What it answers: variants read, findings that were errors and the first few, wall and CPU seconds."""

    variants: int
    errors: int
    problems: tuple[str, ...]
    seconds: float
    cpu_seconds: float


async def measure_import(home: BenchHome, seeded: Seeded) -> Result:
    """Import the generated goods into an empty shop, then COPY the rows it made into empty shops."""
    folder = home.folder / "import"
    folder.mkdir()
    file = folder / "goods.csv"
    write_goods(file, seeded.asked)
    try:
        async with copy_of(home.empty) as copy:
            done = await in_own_process(run_import, ImportJob(copy, seeded.company_id, file, folder))
            await _copy_out(copy, folder)
        seconds = [await _copy_in(home, folder) for _ in range(TRIES)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    missing = abs(seeded.variants - done.variants)
    return Result(
        name=IMPORT_ROW,
        clients=1,
        rps=done.variants / done.seconds,
        p50=None,
        p95=None,
        p99=None,
        errors=done.errors + missing,
        floor_rps=done.variants / min(seconds),
        server_micros=done.cpu_seconds / done.variants * 1e6,
        problems=done.problems,
        statements=tuple(f"COPY {table}" for table in TABLES),
    )


def write_goods(file: Path, variants: int) -> None:
    """The generated goods as Shopify's CSV, one row a variant."""
    with file.open("w", newline="", encoding="utf-8") as output:
        writer = csv.writer(output)
        writer.writerow(HEADING)
        for draft in bench_goods(variants):
            writer.writerows(_lines(draft))


def _lines(draft: ProductDraft) -> list[list[str]]:
    name = draft.option_names[0] if draft.option_names else "Title"
    about = [
        draft.title,
        draft.description_html,
        draft.vendor,
        draft.category_title or "",
        ", ".join(draft.tags),
    ]
    lines = []
    for place, variant in enumerate(draft.variants):
        first = [*about, "true", name] if place == 0 else [""] * 7
        price = Money(variant.price_minor or 0, CURRENCY).decimal_string()
        value = variant.option_values[0] if variant.option_values else "Default Title"
        stock = ["shopify", str(variant.on_hand or 0), "deny", "manual", price, "true", "true"]
        own = [value, variant.sku or "", str(variant.weight_grams), *stock]
        lines.append([draft.handle, *first, *own, "active" if place == 0 else ""])
    return lines


def run_import(job: ImportJob) -> Imported:
    """Read the file and write its products. Call it in a process of its own."""
    return uvloop.run(_import(job))


async def _import(job: ImportJob) -> Imported:
    settings = load_settings({"PASAR_HOME": str(job.home / "home"), "LOG_LEVEL": "WARNING"})
    database = await Database.open(job.address)
    runtime = open_runtime(settings, database, SystemClock())
    try:
        started, cpu = time.perf_counter(), time.process_time()
        with job.file.open("rb") as stream:
            report = await import_products(runtime, job.company_id, stream, currency=CURRENCY, author="bench")
        return Imported(
            report.variants,
            report.errors,
            tuple(f"line {p.line}: {p.message}" for p in report.problems[:3]),
            time.perf_counter() - started,
            time.process_time() - cpu,
        )
    finally:
        await runtime.http.aclose()
        await database.close()


async def _copy_out(address: DatabaseAddress, folder: Path) -> None:
    async with connected(address) as connection:
        for table in TABLES:
            await connection.copy_from_table(table, output=folder / table, format="binary")


async def _copy_in(home: BenchHome, folder: Path) -> float:
    """Seconds to COPY all rows into an empty shop, in one transaction."""
    async with copy_of(home.empty) as copy, connected(copy) as connection:
        started = time.perf_counter()
        async with connection.transaction():
            for table in TABLES:
                await connection.copy_to_table(table, source=folder / table, format="binary")
        return time.perf_counter() - started
