"""Open an account for a person."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict
from pasar.kernel.ids import new_id

INSERT = """
INSERT INTO users (id, email, name, phone, password_hash) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (email) DO NOTHING RETURNING id
"""


async def add_user(
    session: AsyncSession, *, email: str, name: str, phone: str | None = None, password_hash: str | None
) -> UUID:
    """Open an account and answer its id. The values are normalised; without a hash nobody can sign in.

    Raises `Conflict` (`email_taken`), also when two register the same address at once.
    """
    user_id = new_id()
    if not await fetch(session, INSERT, (user_id, email, name, phone, password_hash)):
        raise Conflict("email_taken", "There is an account with this e-mail already. Sign in instead.")
    return user_id
