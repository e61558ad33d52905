"""End a sign-in with all its tokens."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch

LOCK = "SELECT id FROM refresh_tokens WHERE family = $1 ORDER BY id FOR UPDATE"
REVOKE = "UPDATE refresh_tokens SET revoked_at = $2 WHERE family = $1 AND revoked_at IS NULL"


async def revoke_family(session: AsyncSession, family: UUID, at: datetime) -> None:
    """Revoke every token that came from one sign-in; access tokens end where they are looked up.

    Two statements: the first waits for a refresh that is under way, so that the second sees its new token.
    """
    await fetch(session, LOCK, (family,))
    await fetch(session, REVOKE, (family, at))
