"""Keep the same password under a newer hash."""

from __future__ import annotations

from uuid import UUID

from pasar.kernel.db.database import Database

# Only in place of the hash that was checked: meanwhile the person may have changed the password.
RENEW = "UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2"


async def renew_password_hash(database: Database, user_id: UUID, former: str, newer: str) -> None:
    """Store `newer` in place of `former`, both of one password; nothing when `former` is no longer there."""
    await database.rows(RENEW, user_id, former, newer)
