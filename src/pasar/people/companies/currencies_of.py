"""In which currencies does a company sell? In those of all its sites."""

from __future__ import annotations

from uuid import UUID

from pasar.kernel.db.database import Database

CURRENCIES = """
SELECT currency
  FROM (SELECT c.currency, min(CASE WHEN s.is_default THEN 0 ELSE 1 END * 1000 + c.place) AS place
          FROM sites s, unnest(s.currencies) WITH ORDINALITY AS c(currency, place)
         WHERE s.company_id = $1
         GROUP BY c.currency) sold
 ORDER BY place, currency
"""


async def company_currencies(database: Database, company_id: UUID) -> tuple[str, ...]:
    """Codes (ISO 4217) of all sites together, those of the default site first, in its order."""
    return tuple(row[0] for row in await database.rows(CURRENCIES, company_id))
