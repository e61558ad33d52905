"""A process of its own that imports a file: to be killed, or to have its memory measured.

Arguments: the company's id and the file. The database is DATABASE_URL's. Prints a line for each batch,
and last the peak of its resident memory in KiB.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
import tempfile
from pathlib import Path
from uuid import UUID

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import load_settings
from pasar.kernel.db.addresses import parse_address
from pasar.kernel.db.database import Database
from pasar.roles.assembling import open_runtime
from pasar.shop.catalog.importing.import_products import import_products
from pasar.shop.catalog.importing.report import ImportReport


async def tell(report: ImportReport) -> None:
    """Say that one more batch is written."""
    print(f"written {report.products}", flush=True)


async def main(company_id: UUID, path: Path) -> None:
    """Import `path`."""
    database = await Database.open(parse_address(os.environ["DATABASE_URL"]))
    with tempfile.TemporaryDirectory() as home:
        settings = load_settings({"PASAR_HOME": home, "LOG_LEVEL": "ERROR"})
        runtime = open_runtime(settings, database, SystemClock())
        with path.open("rb") as file:
            await import_products(runtime, company_id, file, currency="USD", author="test", on_progress=tell)
        await runtime.http.aclose()
    await database.close()
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}", flush=True)


if __name__ == "__main__":
    asyncio.run(main(UUID(sys.argv[1]), Path(sys.argv[2])))
