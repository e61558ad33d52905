"""Remove what is older than seven years, the time that the log is kept (spec, storefront: "audit 7 years").

The database's function `audit_trim` does it, the only way there is: it takes whole links from the beginning
of the chain, leaves an entry with the hash that the rest follows, and can reach nothing younger.
"""

from __future__ import annotations

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.acting import Acting
from pasar.kernel.db.database import fetch

TRIM: Final = "SELECT audit_trim($1, $2, $3, $4)"


async def trim_log(session: AsyncSession, company_id: UUID, acting: Acting) -> int:
    """Remove a company's entries of more than seven years, and answer how many. Raises what PostgreSQL says
    to a role that may not."""
    rows = await fetch(session, TRIM, (company_id, acting.kind, acting.actor_id, acting.name))
    return int(rows[0][0])
