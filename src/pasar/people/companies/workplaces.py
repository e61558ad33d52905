"""For which companies does a person work, and where do these answer?"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from pasar.kernel.cache import Recent
from pasar.kernel.db.database import Database

# Roles come through the door of access. A company's default site first: that is where its staff go.
WORKPLACES = """
SELECT c.id AS company_id, c.name, r.role,
       array(SELECT s.host FROM sites s WHERE s.company_id = c.id AND s.host IS NOT NULL
              ORDER BY s.is_default DESC, s.id) AS hosts
  FROM company_roles r JOIN companies c ON c.id = r.company_id
 WHERE r.user_id = $1
 ORDER BY lower(c.name), c.id
"""


@dataclass(frozen=True, slots=True)
class Workplace:
    """A company, the role that the person has there, and the hosts of its sites, the default's first."""

    company_id: UUID
    name: str
    role: str
    hosts: tuple[str, ...]


async def workplaces_of(database: Database, user_id: UUID) -> tuple[Workplace, ...]:
    """The companies where the person works, by name. One indexed read."""
    rows = await database.rows(WORKPLACES, user_id)
    return tuple(Workplace(row["company_id"], row["name"], row["role"], tuple(row["hosts"])) for row in rows)


# The back office shows them on each page: remembered for a second, by person.
recent_workplaces: Recent[tuple[Workplace, ...]] = Recent("companies.workplaces", workplaces_of)
