"""Take a file in and have a job import it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import TooLarge, Unprocessable
from pasar.kernel.files import Files
from pasar.kernel.ids import new_id
from pasar.kernel.jobs import enqueue
from pasar.kernel.runtime import Runtime

JOB = "catalog.import"
MOST_BYTES = 64 * 1024 * 1024
LONGEST_NAME = 200

START = """
INSERT INTO catalog_imports (company_id, id, file_key, file_name, size_bytes, currency, strict, update_stock,
                             created_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""


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

    Raises `TooLarge` beyond 64 MB and `Unprocessable` for an empty file; then nothing is kept.
    """
    import_id = new_id()
    key = f"imports/{company_id}/{import_id}.csv"
    size = await _keep(runtime.files, key, content)
    name = "".join(character for character in file_name if character.isprintable())[:LONGEST_NAME]
    at = runtime.clock.now()
    values = (company_id, import_id, key, name, size, currency, strict, update_stock, author, at)
    async with runtime.database.transaction() as session:
        await fetch(session, START, values)
        await _enqueue(session, company_id, import_id)
    return import_id


async def _enqueue(session: AsyncSession, company_id: UUID, import_id: UUID) -> None:
    payload = {"companyId": str(company_id), "importId": str(import_id)}
    await enqueue(session, JOB, payload, once_per=f"{JOB}:{import_id}")


async def _keep(files: Files, key: str, content: AsyncIterator[bytes]) -> int:
    size = 0

    async def counted() -> AsyncIterator[bytes]:
        nonlocal size
        async for piece in content:
            size += len(piece)
            if size > MOST_BYTES:
                raise TooLarge(
                    "import_too_large", "A file has at most 64 MB. Import larger ones by pasar import."
                )
            yield piece

    await files.put(key, counted())
    if not size:
        await files.delete(key)
        raise Unprocessable("import_empty", "The file is empty.")
    return size
