"""Give an account another password."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.people.audit.public import audit_own_act

SET = "UPDATE users SET password_hash = $2 WHERE id = $1 AND is_active RETURNING coalesce(email, '')"


async def set_password(session: AsyncSession, user_id: UUID, password_hash: str) -> str | None:
    """Store the hash; answers the account's e-mail, empty for none, and None for a closed account."""
    rows = await fetch(session, SET, (user_id, password_hash))
    if not rows:
        return None
    await audit_own_act(session, user_id, "account.password_changed")
    return str(rows[0][0])
