"""Sign a browser out."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.ids import hash_token

DELETE = "DELETE FROM page_sessions WHERE token_hash = $1"


async def end_page_session(session: AsyncSession, cookie: str) -> None:
    """End the session behind `cookie`, if there is one. The browser gets a new cookie, or none."""
    await fetch(session, DELETE, (hash_token(cookie),))
