"""Give an account another password."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch

SET = "UPDATE users SET password_hash = $2 WHERE id = $1 AND is_active RETURNING coalesce(email, '')"


async def set_password(session: AsyncSession, user_id: UUID, password_hash: str) -> str | None:
    """Store the hash; answers the account's e-mail, empty for none, and None for a closed account."""
    rows = await fetch(session, SET, (user_id, password_hash))
    return str(rows[0][0]) if rows else None
