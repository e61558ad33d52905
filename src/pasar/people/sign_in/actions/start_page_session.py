"""Sign a browser in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.ids import hash_token, new_token
from pasar.kernel.tenancy import Site

PAGE_SESSION_LIFE: Final = timedelta(days=30)

INSERT = """
INSERT INTO page_sessions (token_hash, user_id, company_id, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5)
"""


async def start_page_session(session: AsyncSession, user_id: UUID, site: Site, at: datetime) -> str:
    """Open a session of 30 days at the site's company and answer the new cookie.

    Always a new one: whoever knew the browser's cookie before it signed in gains nothing by it.
    """
    cookie = new_token()
    arguments = (hash_token(cookie), user_id, site.company_id, at, at + PAGE_SESSION_LIFE)
    await fetch(session, INSERT, arguments)
    return cookie
