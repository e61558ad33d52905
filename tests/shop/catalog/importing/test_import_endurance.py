"""An import that is killed is run again and ends the same; a long one takes no more memory than a short."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from pasar.kernel.db.database import Database
from pasar.kernel.runtime import Runtime
from support.databases import address_text
from support.shops import Shop, make_shop

SCRIPT = Path(__file__).with_name("importing_process.py")
SMALL, LARGE = 5_000, int(os.environ.get("PASAR_IMPORT_ROWS", "50000"))
ALLOWED_KIB = 64 * 1024
VARIANTS = 4

HEADING = (
    "Handle,Title,Body (HTML),Vendor,Type,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Qty,"
    "Variant Price\n"
)

COUNTS = """
SELECT (SELECT count(*) FROM products WHERE company_id = $1),
       (SELECT count(*) FROM variants WHERE company_id = $1),
       (SELECT count(*) FROM prices WHERE company_id = $1),
       (SELECT sum(on_hand) FROM stock_levels WHERE company_id = $1),
       (SELECT count(*) FROM stock_adjustments WHERE company_id = $1),
       (SELECT count(*) FROM price_changes WHERE company_id = $1)
"""


def write_file(path: Path, rows: int) -> None:
    with path.open("w") as file:
        file.write(HEADING)
        for number in range(rows):
            product, size = divmod(number, VARIANTS)
            head = f"Jug {product},<p>Holds {product} drops.</p>,Tide,Jugs,Size" if not size else ",,,,"
            file.write(f"jug-{product},{head},{size},JUG-{number},{number % 50},{number % 900 + 1}.25\n")


async def start(database: Database, shop: Shop, path: Path) -> asyncio.subprocess.Process:
    environment = {**os.environ, "DATABASE_URL": address_text(database.address)}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(SCRIPT),
        str(shop.company_id),
        str(path),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
    )


async def peak_kib(database: Database, shop: Shop, path: Path) -> int:
    process = await start(database, shop, path)
    told, _ = await process.communicate()
    assert process.returncode == 0
    return int(told.decode().rsplit("peak ", 1)[1])


async def test_killed_in_the_middle_and_run_again_ends_as_once(
    runtime: Runtime, database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "jugs.csv"
    write_file(path, 6_000)
    once, killed = await make_shop(runtime), await make_shop(runtime)
    await peak_kib(database, once, path)
    expected = tuple(await database.rows(COUNTS, once.company_id))

    process = await start(database, killed, path)
    assert process.stdout is not None
    assert await process.stdout.readline() == b"written 250\n"
    process.kill()
    await process.wait()
    between = await database.value("SELECT count(*) FROM products WHERE company_id = $1", killed.company_id)
    assert 250 <= between < 1_500, "killed in the middle"

    await peak_kib(database, killed, path)
    assert tuple(await database.rows(COUNTS, killed.company_id)) == expected
    assert (expected[0][0], expected[0][1]) == (1_500, 6_000)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="measures resident memory as Unix tells it")
async def test_memory_stays_flat(runtime: Runtime, database: Database, tmp_path: Path) -> None:
    """5,000 against 50,000 rows here; set PASAR_IMPORT_ROWS=500000 for the size of the promise."""
    small, large = tmp_path / "small.csv", tmp_path / "large.csv"
    write_file(small, SMALL)
    write_file(large, LARGE)
    least = await peak_kib(database, await make_shop(runtime), small)
    most = await peak_kib(database, await make_shop(runtime), large)
    assert most - least <= ALLOWED_KIB, f"{least} KiB for {SMALL} rows, {most} KiB for {LARGE}"
