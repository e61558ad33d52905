"""Which exports are there, how far are they, and who may take the file away?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from pasar.kernel.db.database import Database
from pasar.kernel.errors import Conflict, NotFound
from pasar.kernel.files import FileMissing
from pasar.kernel.runtime import Runtime

OF_PERSON: Final = """
SELECT id, state, done, total, file_key, size, created_at, expires_at FROM personal_exports
 WHERE user_id = $1 AND id = $2 AND expires_at > $3
"""
OF_CUSTOMER: Final = """
SELECT id, state, done, total, file_key, size, created_at, expires_at FROM personal_exports
 WHERE company_id = $1 AND customer_id = $2 AND id = $3 AND expires_at > $4
"""
LATEST: Final = """
SELECT id, state, done, total, file_key, size, created_at, expires_at FROM personal_exports
 WHERE user_id = $1 AND expires_at > $2 ORDER BY created_at DESC, id DESC LIMIT 1
"""
LATEST_OF_CUSTOMER: Final = """
SELECT id, state, done, total, file_key, size, created_at, expires_at FROM personal_exports
 WHERE company_id = $1 AND customer_id = $2 AND expires_at > $3 ORDER BY created_at DESC, id DESC LIMIT 1
"""
OVER: Final = "SELECT id, file_key FROM personal_exports WHERE expires_at <= $1 ORDER BY expires_at LIMIT 500"
FORGET: Final = "DELETE FROM personal_exports WHERE id = $1"


@dataclass(frozen=True, slots=True)
class ExportState:
    """How far an export is: `done` of `total` parts; `size` in bytes once it is ready."""

    id: UUID
    state: str
    done: int
    total: int
    file_key: str | None
    size: int | None
    created_at: datetime
    expires_at: datetime


def _state(row: asyncpg.Record | None) -> ExportState:
    if row is None:
        raise NotFound(
            "export_not_found", "There is no such export, or its seven days are over. Ask for one."
        )
    return ExportState(*row)


async def own_export(runtime: Runtime, user_id: UUID, export_id: UUID) -> ExportState:
    """The person's own export. Raises `NotFound`, for anybody else's as well."""
    return _state(await runtime.database.row(OF_PERSON, user_id, export_id, runtime.clock.now()))


async def customer_export(
    runtime: Runtime, company_id: UUID, customer_id: UUID, export_id: UUID
) -> ExportState:
    """The export of a customer of the company. Raises `NotFound`."""
    now = runtime.clock.now()
    return _state(await runtime.database.row(OF_CUSTOMER, company_id, customer_id, export_id, now))


async def latest_export(database: Database, user_id: UUID, now: datetime) -> ExportState | None:
    """The person's newest export that is still kept."""
    row = await database.row(LATEST, user_id, now)
    return ExportState(*row) if row is not None else None


async def latest_customer_export(
    database: Database, company_id: UUID, customer_id: UUID, now: datetime
) -> ExportState | None:
    """The newest export of a customer of the company that is still kept."""
    row = await database.row(LATEST_OF_CUSTOMER, company_id, customer_id, now)
    return ExportState(*row) if row is not None else None


async def file_of(runtime: Runtime, export: ExportState) -> bytes:
    """The ZIP. Raises `Conflict` `export_not_ready` before it is, `NotFound` when it is gone."""
    if export.file_key is None:
        raise Conflict(
            "export_not_ready", "The file is still being made. Ask again in a moment.", state=export.state
        )
    try:
        return await runtime.files.get(export.file_key)
    except FileMissing:
        raise NotFound("export_not_found", "This file is gone. Ask for a new one.") from None


async def forget_exports(runtime: Runtime) -> int:
    """Delete files whose time is over, and their rows; how many."""
    gone = 0
    while rows := await runtime.database.rows(OVER, runtime.clock.now()):
        for export_id, file_key in rows:
            if file_key is not None:
                await runtime.files.delete(file_key)
            await runtime.database.rows(FORGET, export_id)
            gone += 1
    return gone
