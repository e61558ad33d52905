"""Make a company."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict, Unprocessable
from pasar.kernel.ids import new_id

# Of two that come first at once, one is the platform: the other waits here and finds it.
HOLD = "SELECT pg_advisory_xact_lock(hashtextextended('pasar.companies', 0))"
INSERT = """
INSERT INTO companies (id, handle, name, time_zone, is_demo, is_platform)
SELECT $1, $2, $3, $4, $5, NOT EXISTS (SELECT 1 FROM companies WHERE is_platform)
ON CONFLICT (handle) DO NOTHING RETURNING id
"""


async def create_company(
    session: AsyncSession, *, handle: str, name: str, time_zone: str, is_demo: bool = False
) -> UUID:
    """Make a company and answer its id. It is reached once it has a site.

    The first one of an installation runs it: "the platform" in the ledger (decisions, "Ledger"). Raises
    `Conflict` (`handle_taken`) and `Unprocessable` (`time_zone_unknown`).
    """
    if time_zone not in available_timezones():
        raise Unprocessable("time_zone_unknown", "Name the time zone as IANA does, such as Asia/Jakarta.")
    company_id = new_id()
    await fetch(session, HOLD)
    if not await fetch(session, INSERT, (company_id, handle, name, time_zone, is_demo)):
        raise Conflict("handle_taken", "Another company has this handle. Choose another one.")
    return company_id
