"""Which companies are there on this installation?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pasar.kernel.db.database import Database

# Ids rise with time (UUIDv7), so the primary key gives the newest first and the cursor is the last id.
PAGE = """
SELECT c.id, c.name, c.handle, c.time_zone, c.is_platform, c.created_at,
       array(SELECT s.host FROM sites s
              WHERE s.company_id = c.id AND s.host IS NOT NULL ORDER BY s.id) AS hosts
  FROM companies c
 WHERE $1::uuid IS NULL OR c.id < $1
 ORDER BY c.id DESC LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """What the installation knows of a company: its names and where it answers, nothing of its trade."""

    id: UUID
    name: str
    handle: str
    time_zone: str
    is_platform: bool
    created_at: datetime
    hosts: tuple[str, ...]


async def companies_page(
    database: Database, *, limit: int, after: UUID | None
) -> tuple[list[CompanyFacts], bool]:
    """Up to `limit` companies, the newest first, and whether more follow."""
    rows = await database.rows(PAGE, after, limit + 1)
    found = [CompanyFacts(**{**dict(row), "hosts": tuple(row["hosts"])}) for row in rows[:limit]]
    return found, len(rows) > limit
