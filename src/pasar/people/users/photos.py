"""How does a person come to a photo, and where does the former one go?"""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.jobs import Job, enqueue
from pasar.kernel.runtime import Runtime
from pasar.web.uploads import drop_upload, keep_upload

__all__ = ["PHOTO_JOBS", "keep_photo", "photo_of", "set_photo"]

DROP: Final = "users.drop_photo"
PHOTO: Final = "SELECT photo FROM users WHERE id = $1"
WRITE: Final = """
UPDATE users SET photo = $2
  FROM (SELECT photo FROM users WHERE id = $1 FOR UPDATE) AS former
 WHERE id = $1
RETURNING former.photo
"""


async def photo_of(runtime: Runtime, user_id: UUID) -> str | None:
    """The token of the person's photo (`web.uploads`), if there is one."""
    token: str | None = await runtime.database.value(PHOTO, user_id)
    return token


async def set_photo(session: AsyncSession, user_id: UUID, token: str | None) -> str | None:
    """Let the upload `token`, or none, be the person's photo, and answer the former one's token.

    Its files are removed by a job of the same transaction; who wants it sooner drops them after the commit.
    """
    rows = await fetch(session, WRITE, (user_id, token))
    former: str | None = rows[0][0] if rows else None
    if former:
        await enqueue(session, DROP, {"token": former})
    return former


async def keep_photo(runtime: Runtime, user_id: UUID, content: bytes | None) -> None:
    """Take this picture, or none, as the person's photo; the former one's files are removed.

    Raises `Unprocessable` for what is no picture; nothing is left behind.
    """
    token = await keep_upload(runtime.files, content, "photo") if content is not None else None
    try:
        async with runtime.database.transaction() as session:
            former = await set_photo(session, user_id, token)
    except BaseException:
        if token:
            await drop_upload(runtime.files, token)
        raise
    if former:
        await drop_upload(runtime.files, former)


async def _drop(runtime: Runtime, payload: dict[str, Any]) -> None:
    await drop_upload(runtime.files, str(payload["token"]))


PHOTO_JOBS = (Job(DROP, _drop),)
