"""Which places hold stock, and which one is meant when none is named?"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.ids import new_id

FIRST_NAME = "Main"

FIRST = "SELECT id FROM locations WHERE company_id = $1 AND is_active ORDER BY priority, id LIMIT 1"
MAKE = """
INSERT INTO locations (company_id, id, name) VALUES ($1, $2, $3)
ON CONFLICT (company_id, lower(name)) DO UPDATE SET is_active = true
RETURNING id
"""


async def default_location(session: AsyncSession, company_id: UUID) -> UUID:
    """The open location that is drawn from first. A company that has none gets one named "Main"."""
    rows = await fetch(session, FIRST, (company_id,))
    if not rows:
        rows = await fetch(session, MAKE, (company_id, new_id(), FIRST_NAME))
    location_id: UUID = rows[0][0]
    return location_id
