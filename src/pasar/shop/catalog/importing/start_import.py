"""Take a file in and have a job import it."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import TooLarge, Unprocessable
from pasar.kernel.files import Files
from pasar.kernel.ids import new_id
from pasar.kernel.jobs import enqueue
from pasar.kernel.runtime import Runtime
from pasar.shop.catalog.importing.recognising import LOOKED_AT, other_than_a_table

JOB = "catalog.import"
MOST_BYTES = 64 * 1024 * 1024
LONGEST_NAME = 200

START = """
INSERT INTO catalog_imports (company_id, id, file_key, file_name, size_bytes, currency, strict, update_stock,
                             created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was kept for an import: its key among the files, size in bytes, SHA-256 of its content."""

    import_id: UUID
    key: str
    name: str
    size: int
    digest: bytes


async def start_import(
    runtime: Runtime,
    company_id: UUID,
    content: AsyncIterator[bytes],
    *,
    file_name: str,
    currency: str,
    strict: bool,
    update_stock: bool,
    author: str,
) -> UUID:
    """Keep the file, enqueue its import, and answer the import's id.

    Raises `TooLarge` beyond 64 MB and `Unprocessable` for an empty file or one that is no CSV; then nothing
    is kept.
    """
    kept = await keep_upload(runtime, company_id, content, file_name=file_name)
    async with runtime.database.transaction() as session:
        await enqueue_import(
            session,
            company_id,
            kept,
            currency=currency,
            strict=strict,
            update_stock=update_stock,
            author=author,
            at=runtime.clock.now(),
        )
    return kept.import_id


async def keep_upload(
    runtime: Runtime, company_id: UUID, content: AsyncIterator[bytes], *, file_name: str
) -> Upload:
    """Keep the file under a new import's id, outside any transaction. Raises as `start_import`."""
    import_id = new_id()
    key = f"imports/{company_id}/{import_id}.csv"
    size, digest = await _keep(runtime.files, key, content)
    name = "".join(character for character in file_name if character.isprintable())[:LONGEST_NAME]
    return Upload(import_id, key, name, size, digest)


async def enqueue_import(
    session: AsyncSession,
    company_id: UUID,
    upload: Upload,
    *,
    currency: str,
    strict: bool,
    update_stock: bool,
    author: str,
    at: datetime,
) -> None:
    """Note the import and enqueue its job; the file stays the caller's to delete when this fails."""
    file = (upload.import_id, upload.key, upload.name, upload.size)
    await fetch(session, START, (company_id, *file, currency, strict, update_stock, author, at))
    await _enqueue(session, company_id, upload.import_id)


async def _enqueue(session: AsyncSession, company_id: UUID, import_id: UUID) -> None:
    payload = {"companyId": str(company_id), "importId": str(import_id)}
    await enqueue(session, JOB, payload, once_per=f"{JOB}:{import_id}")


async def _keep(files: Files, key: str, content: AsyncIterator[bytes]) -> tuple[int, bytes]:
    size, digest = 0, hashlib.sha256()

    async def counted() -> AsyncIterator[bytes]:
        nonlocal size
        async for piece in content:
            if not size:
                _judge(piece[:LOOKED_AT])
            size += len(piece)
            if size > MOST_BYTES:
                raise TooLarge(
                    "import_too_large", "A file has at most 64 MB. Import larger ones by pasar import."
                )
            digest.update(piece)
            yield piece

    await files.put(key, counted())
    if not size:
        await files.delete(key)
        raise Unprocessable("import_empty", "The file is empty.")
    return size, digest.digest()


def _judge(first: bytes) -> None:
    found = other_than_a_table(first)
    if found is not None:
        raise Unprocessable(
            "import_not_csv", f"This is {found}, whatever its name says. Save the goods as CSV and send that."
        )
