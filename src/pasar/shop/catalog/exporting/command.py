"""`pasar export products`: the catalogue into a file, or to standard output."""

from __future__ import annotations

import sys
from pathlib import Path
from uuid import UUID

from rich.console import Console

from pasar.kernel.runtime import Runtime
from pasar.shop.catalog.exporting.export_products import export_products

STANDARD_OUTPUT = Path("-")


async def run_export(
    runtime: Runtime, company_id: UUID, path: Path, *, currency: str, base_url: str = "", console: Console
) -> int:
    """Write the company's catalogue to `path` (`-`: standard output), and answer the number of products.

    The file appears whole or not at all: it is written beside its place and renamed at the end.
    `console` should write to standard error when the file goes to standard output.
    """
    if path == STANDARD_OUTPUT:
        sys.stdout.reconfigure(newline="")  # type: ignore[union-attr]  # a TextIOWrapper when we run as a command
        exported = await export_products(
            runtime, company_id, sys.stdout, currency=currency, base_url=base_url
        )
        sys.stdout.flush()
        return exported
    beside = path.with_name(f".{path.name}.part")
    try:
        with console.status("Exporting …") as status:

            async def tell(exported: int) -> None:
                status.update(f"Exporting … {exported:,} products")

            with beside.open("w", encoding="utf-8", newline="") as file:
                exported = await export_products(
                    runtime, company_id, file, currency=currency, base_url=base_url, on_progress=tell
                )
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    console.print(f"{exported:,} products written to {path}.")
    return exported
