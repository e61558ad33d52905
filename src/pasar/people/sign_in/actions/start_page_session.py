"""Sign a browser in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.ids import hash_token, new_token
from pasar.kernel.tenancy import Site
from pasar.people.sign_in.actions.begin_sign_in import begin_sign_in
from pasar.people.sign_in.person import Device

PAGE_SESSION_LIFE: Final = timedelta(days=30)

INSERT = """
INSERT INTO page_sessions (token_hash, sign_in_id, user_id, company_id, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6)
"""


async def start_page_session(
    session: AsyncSession, user_id: UUID, site: Site, device: Device, at: datetime
) -> str:
    """Open a session of 30 days at the site's company and answer the new cookie.

    Always a new one: whoever knew the browser's cookie before it signed in gains nothing by it.
    """
    sign_in_id = await begin_sign_in(
        session, user_id, company_id=site.company_id, kind="pages", device=device, at=at
    )
    cookie = new_token()
    arguments = (hash_token(cookie), sign_in_id, user_id, site.company_id, at, at + PAGE_SESSION_LIFE)
    await fetch(session, INSERT, arguments)
    return cookie
