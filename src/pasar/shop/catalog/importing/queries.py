"""Reads of imports."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from pasar.kernel.db.database import Database
from pasar.kernel.errors import NotFound
from pasar.shop.catalog.importing.schemas import ImportOut, ImportProblem

ONE = """
SELECT id, status, file_name, size_bytes, currency, strict, update_stock, rows, products, variants, created,
       updated, unchanged, errors, warnings, problems::text AS problems, created_at, started_at, finished_at
  FROM catalog_imports
 WHERE company_id = $1 AND id = $2
"""
LATEST = """
SELECT id, status, file_name, size_bytes, currency, strict, update_stock, rows, products, variants, created,
       updated, unchanged, errors, warnings, '[]' AS problems, created_at, started_at, finished_at
  FROM catalog_imports
 WHERE company_id = $1
 ORDER BY created_at DESC, id DESC
 LIMIT $2
"""


async def import_of(database: Database, company_id: UUID, import_id: UUID) -> ImportOut:
    """One import with its findings. Raises `NotFound`."""
    row = await database.row(ONE, company_id, import_id)
    if row is None:
        raise NotFound("import_not_found", "There is no such import.")
    return _import(row)


async def latest_imports(database: Database, company_id: UUID, *, limit: int = 20) -> list[ImportOut]:
    """The company's latest imports, newest first, without their findings."""
    return [_import(row) for row in await database.rows(LATEST, company_id, limit)]


def _import(row: Any) -> ImportOut:
    values = dict(row)
    values["problems"] = msgspec.json.decode(values["problems"], type=list[ImportProblem])
    return ImportOut(**values)
