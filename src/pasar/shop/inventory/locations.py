"""Which places hold stock, and which one is meant when none is named?"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.ids import new_id

FIRST_NAME = "Main"

# FOR SHARE: nobody may close a location while stock is put there.
FIRST = """
SELECT id FROM locations WHERE company_id = $1 AND is_active ORDER BY priority, id LIMIT 1 FOR SHARE
"""
LOCK_ALL = "SELECT id FROM locations WHERE company_id = $1 ORDER BY id FOR SHARE"
MAKE = """
INSERT INTO locations (company_id, id, name) VALUES ($1, $2, $3)
ON CONFLICT (company_id, lower(name)) DO UPDATE SET is_active = true
RETURNING id
"""


async def default_location(session: AsyncSession, company_id: UUID) -> UUID:
    """The open location that is drawn from first, kept open until the transaction ends.

    A company that has none gets one named "Main". Call it before any stock level is locked.
    """
    rows = await fetch(session, FIRST, (company_id,))
    if not rows:  # none; or it was closed while this waited for it, and the next one is drawn from now
        rows = await fetch(session, FIRST, (company_id,))
    if not rows:
        rows = await fetch(session, MAKE, (company_id, new_id(), FIRST_NAME))
    location_id: UUID = rows[0][0]
    return location_id


async def lock_locations(session: AsyncSession, company_id: UUID) -> None:
    """Let no location of the company open, close or change its place until the transaction ends.

    Any number of transactions may do this at once; a company without a location gets one.
    """
    if not await fetch(session, LOCK_ALL, (company_id,)):
        await default_location(session, company_id)
