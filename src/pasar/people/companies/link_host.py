"""At which host do the links of mails about accounts lead to a company?

They carry what opens an account. So a host that staff have just given counts only once the company's owners,
who hear of it at once, have had a day to take it back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from pasar.kernel.db.database import Database

__all__ = ["SETTLES_AFTER", "settled_host"]

SETTLES_AFTER: Final = timedelta(hours=24)
# The site's own before those of its company's other sites, the default's first.
SETTLED: Final = """
SELECT host FROM sites
 WHERE company_id = $1 AND host IS NOT NULL AND (host_since IS NULL OR host_since <= $3)
 ORDER BY id = $2 DESC, is_default DESC, id LIMIT 1
"""


async def settled_host(database: Database, company_id: UUID, site_id: UUID, now: datetime) -> str | None:
    """The site's host, or that of another site of the company, that has been so for `SETTLES_AFTER` or since
    the company was opened; None where there is none yet."""
    host: str | None = await database.value(SETTLED, company_id, site_id, now - SETTLES_AFTER)
    return host
