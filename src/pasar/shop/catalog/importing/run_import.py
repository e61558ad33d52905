"""Run an import that was asked for: the job behind the upload."""

from __future__ import annotations

import tempfile
from typing import Any
from uuid import UUID

import msgspec
import structlog

from pasar.kernel.acting import Acting
from pasar.kernel.db.database import is_contention, is_outage
from pasar.kernel.files import FileMissing
from pasar.kernel.jobs import Job
from pasar.kernel.runtime import Runtime
from pasar.people.audit.public import audit_event
from pasar.shop.catalog.importing.import_products import import_products
from pasar.shop.catalog.importing.report import ImportReport
from pasar.shop.catalog.importing.start_import import JOB
from pasar.shop.catalog.shopify_product import Problem

log = structlog.get_logger(__name__)

BEGIN = """
UPDATE catalog_imports SET status = 'running', started_at = $3
 WHERE company_id = $1 AND id = $2 AND status IN ('waiting', 'running')
RETURNING file_key, file_name, currency, strict, update_stock, created_by
"""
PROGRESS = """
UPDATE catalog_imports
   SET rows = $3, products = $4, variants = $5, created = $6, updated = $7, unchanged = $8, errors = $9,
       warnings = $10
 WHERE company_id = $1 AND id = $2
"""
END = """
UPDATE catalog_imports SET status = $3, finished_at = $4, problems = $5::text::jsonb
 WHERE company_id = $1 AND id = $2
"""


async def run_import(runtime: Runtime, payload: dict[str, Any]) -> None:
    """Import the file of the payload and write its report. Running it again after a kill ends the same."""
    company_id, import_id = UUID(payload["companyId"]), UUID(payload["importId"])
    row = await runtime.database.row(BEGIN, company_id, import_id, runtime.clock.now())
    if row is None:  # it has ended, or its company is gone
        return
    try:
        report, status = await _import(runtime, company_id, import_id, row), "done"
    except FileMissing:
        report, status = _without("The file is no longer there. Upload it again."), "failed"
    except Exception as problem:
        if is_outage(problem) or is_contention(problem):
            raise  # the job is tried again
        log.error("import.failed", importId=str(import_id), companyId=str(company_id), exc_info=problem)
        report, status = _without("This is our mistake; what was written so far stays."), "failed"
    if report.undone:
        status = "undone"
    await _progress(runtime, company_id, import_id, report)
    problems = msgspec.json.encode(report.problems).decode()
    await runtime.database.rows(END, company_id, import_id, status, runtime.clock.now(), problems)
    await _note(runtime, company_id, import_id, row, report, status)
    await runtime.files.delete(row["file_key"])


async def _import(runtime: Runtime, company_id: UUID, import_id: UUID, row: Any) -> ImportReport:
    async def tell(report: ImportReport) -> None:
        await _progress(runtime, company_id, import_id, report)

    with tempfile.TemporaryFile() as file:
        async for piece in runtime.files.stream(row["file_key"]):
            file.write(piece)
        file.seek(0)
        return await import_products(
            runtime,
            company_id,
            file,
            currency=row["currency"],
            strict=row["strict"],
            update_stock=row["update_stock"],
            author=row["created_by"],
            on_progress=tell,
        )


async def _note(
    runtime: Runtime, company_id: UUID, import_id: UUID, row: Any, report: ImportReport, status: str
) -> None:
    """One entry of the audit log for the whole run: who asked, which file, how many rows."""
    after = {
        "status": status,
        "file": row["file_name"],
        "askedBy": row["created_by"],
        "rows": report.rows,
        "created": report.created,
        "updated": report.updated,
        "errors": report.errors,
    }
    job = Acting(kind="job", name=JOB, company_id=company_id)
    async with runtime.database.transaction() as session:
        await audit_event(session, job, "import.run", "import", import_id, after=after)


async def _progress(runtime: Runtime, company_id: UUID, import_id: UUID, report: ImportReport) -> None:
    counts = (report.rows, report.products, report.variants, report.created, report.updated, report.unchanged)
    found = (report.errors, report.warnings)
    await runtime.database.rows(PROGRESS, company_id, import_id, *counts, *found)


def _without(reason: str) -> ImportReport:
    report = ImportReport()
    report.note(Problem(0, "", "import_failed", reason, "error"))
    return report


# One entry for the whole run (`_note`), not one for each of its rows.
IMPORT_JOBS = (Job(JOB, run_import, noted=False),)
