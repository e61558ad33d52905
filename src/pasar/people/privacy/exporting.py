"""Make the file: a ZIP with one JSON file per module, and an index that says what each is for."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import msgspec
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.errors import Conflict
from pasar.kernel.runtime import Runtime
from pasar.people.privacy.personal_data import PersonalData, Subject, Told, finder, personal_data

log = structlog.get_logger(__name__)

FOLDER: Final = "private/exports"
QUEUED: Final = (
    "SELECT user_id, company_id, customer_id FROM personal_exports WHERE id = $1 AND state = 'queued'"
)
GATHERED: Final = "UPDATE personal_exports SET done = $2 WHERE id = $1"
READY: Final = """
UPDATE personal_exports SET state = 'ready', done = total, file_key = $2, size = $3
 WHERE id = $1 AND state = 'queued' RETURNING 1
"""
FAILED: Final = "UPDATE personal_exports SET state = 'failed' WHERE id = $1 AND state = 'queued'"


async def make_export(runtime: Runtime, payload: dict[str, Any]) -> None:
    """Gather, pack and keep the file of one export. Done before or erased meanwhile: nothing happens."""
    export_id = UUID(payload["export_id"])
    row = await runtime.database.row(QUEUED, export_id)
    if row is None:
        return
    found = await _gathered(runtime, export_id, row[0], row[1], row[2])
    if found is None:
        await runtime.database.rows(FAILED, export_id)  # there is nobody of this id any more
        return
    key, content = f"{FOLDER}/{export_id}.zip", packed(found, made_at=runtime.clock.now())
    await runtime.files.put(key, content)
    if not await runtime.database.rows(READY, export_id, key, len(content)):
        await runtime.files.delete(key)  # erased while we packed
    log.info("privacy.exported", export=str(export_id), size=len(content))


async def _gathered(
    runtime: Runtime, export_id: UUID, user_id: UUID | None, company_id: UUID | None, customer_id: UUID | None
) -> list[tuple[PersonalData, Told]] | None:
    """What each module tells, all of one moment."""
    found = []
    async with runtime.database.transaction() as session:
        subject = await _subject(session, user_id, company_id, customer_id)
        if subject is None:
            return None
        for done, data in enumerate(personal_data(), start=1):
            found.append((data, await data.export(session, subject)))
            await runtime.database.rows(GATHERED, export_id, done)  # by itself, so that others see it
    return found


async def _subject(
    session: AsyncSession, user_id: UUID | None, company_id: UUID | None, customer_id: UUID | None
) -> Subject | None:
    try:
        if user_id is not None:
            return await finder().account(session, user_id, lock=False)
        if company_id is not None and customer_id is not None:
            return await finder().guest(session, company_id, customer_id)
    except Conflict:
        pass  # the guest has got an account since: it is theirs alone now
    return None


def packed(found: list[tuple[PersonalData, Told]], *, made_at: datetime) -> bytes:
    """The ZIP: `index.json` and `<module>.json` each."""
    index = {
        "madeAt": made_at.isoformat(),
        "files": [
            {
                "file": f"{data.name}.json",
                "purpose": data.purpose,
                "kept": data.retention,
                "records": {table: len(rows) for table, rows in told.items()},
            }
            for data, told in found
        ],
    }
    packed_bytes = io.BytesIO()
    with zipfile.ZipFile(packed_bytes, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.json", _json(index))
        for data, told in found:
            archive.writestr(f"{data.name}.json", _json(told))
    return packed_bytes.getvalue()


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2)
