"""Open an account for a person, or find the one that is there: by the same work."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.ids import new_id

INSERT = """
INSERT INTO users (id, email, name, phone, password_hash) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (email) DO NOTHING
"""
FIND = "SELECT id FROM users WHERE email = $1"


@dataclass(frozen=True, slots=True)
class FoundUser:
    """The account under an e-mail; `is_new` when it was opened just now."""

    id: UUID
    is_new: bool


async def add_user_unless_known(
    session: AsyncSession, *, email: str, name: str, phone: str | None, password_hash: str
) -> FoundUser:
    """The account under `email`, opened with these values when there is none; else nothing is changed.

    Two statements either way: nobody can tell from the time which it was.
    """
    user_id = new_id()
    await fetch(session, INSERT, (user_id, email, name, phone, password_hash))
    found = UUID(str((await fetch(session, FIND, (email,)))[0][0]))
    return FoundUser(found, found == user_id)
