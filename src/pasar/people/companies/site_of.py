"""Which site is this, whose id something carries?"""

from __future__ import annotations

from uuid import UUID

from pasar.kernel.db.database import Database
from pasar.kernel.tenancy import Site
from pasar.people.companies.directory import ALL_SITES, site_of_row


async def site_by_id(database: Database, company_id: UUID, site_id: UUID) -> Site | None:
    """The company's site, as it is now. A company has few, so that reading all of them costs nothing more."""
    rows = await database.rows(ALL_SITES, company_id)
    return next((site_of_row(row) for row in rows if row["id"] == site_id), None)
