"""Commands on one company's goods: which company, and what to call."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from rich.console import Console

from pasar.kernel.acting import Acting
from pasar.kernel.config import Settings
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Site
from pasar.people.audit.public import audit_event
from pasar.roles.attaching import runtime_for_command
from pasar.shop.catalog.exporting.command import run_export
from pasar.shop.catalog.importing.command import run_import


class CommandFailed(Exception):
    """A command cannot do what was asked; its text says what to do."""


async def site_for_command(runtime: Runtime, company: UUID | None, currency: str | None) -> Site:
    """The default site of `company`, else of the only or the demo company. Raises `CommandFailed`."""
    site = await (runtime.sites.of_company(company) if company else runtime.sites.fallback())
    if site is None:
        raise CommandFailed(
            "There is no such company. Name one with --company ID, or make the demo shop: pasar demo"
        )
    if currency is not None and currency not in site.currencies:
        raise CommandFailed(f"{site.name} sells in {', '.join(site.currencies)}, not in {currency}.")
    return site


async def import_file(
    settings: Settings,
    file: Path,
    console: Console,
    *,
    currency: str | None,
    strict: bool,
    update_stock: bool,
    company: UUID | None,
) -> bool:
    """Import a product CSV; False when `strict` refused it."""
    async with runtime_for_command(settings) as runtime:
        site = await site_for_command(runtime, company, currency)
        report = await run_import(
            runtime,
            site.company_id,
            file,
            currency=currency or site.currency,
            strict=strict,
            update_stock=update_stock,
            console=console,
        )
        after = {
            "file": file.name,
            "rows": report.rows,
            "created": report.created,
            "updated": report.updated,
            "errors": report.errors,
        }
        who = Acting(kind="command", name="pasar import products", company_id=site.company_id)
        async with runtime.database.transaction() as session:
            await audit_event(session, who, "import.run", "import", "", after=after)
        return not report.undone


async def export_file(
    settings: Settings, file: Path, console: Console, *, currency: str | None, company: UUID | None
) -> None:
    """Export all products."""
    async with runtime_for_command(settings) as runtime:
        site = await site_for_command(runtime, company, currency)
        await run_export(runtime, site.company_id, file, currency=currency or site.currency, console=console)
