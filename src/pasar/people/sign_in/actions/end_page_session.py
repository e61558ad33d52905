"""Sign a browser out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.ids import hash_token
from pasar.people.sign_in.actions.revoke_sign_in import revoke_sign_in

FIND = "SELECT sign_in_id FROM page_sessions WHERE token_hash = $1"


async def end_page_session(session: AsyncSession, cookie: str, at: datetime) -> None:
    """End the sign-in behind `cookie`, if there is one. The browser gets a new cookie, or none."""
    for row in await fetch(session, FIND, (hash_token(cookie),)):
        await revoke_sign_in(session, row[0], "signed_out", at)
