"""Give a passkey another name."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import NotFound

RENAME = "UPDATE passkeys SET name = $3 WHERE user_id = $1 AND id = $2 RETURNING 1"


async def rename_passkey(session: AsyncSession, user_id: UUID, passkey_id: UUID, name: str) -> None:
    """Raises `NotFound` for one that is not the person's own."""
    if not await fetch(session, RENAME, (user_id, passkey_id, name)):
        raise NotFound("passkey_not_found", "You have no such passkey.")
