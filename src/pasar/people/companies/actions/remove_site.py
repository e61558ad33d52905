"""Close a shop window."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict
from pasar.people.companies.actions.hold_sites import hold_sites
from pasar.people.companies.sites import site_not_found

STANDING = """
SELECT is_default, (SELECT count(*) FROM sites WHERE company_id = $1) AS together
  FROM sites WHERE company_id = $1 AND id = $2
"""
REMOVE = "DELETE FROM sites WHERE company_id = $1 AND id = $2 RETURNING logo"


async def remove_site(session: AsyncSession, company_id: UUID, site_id: UUID) -> str | None:
    """Remove the site and answer the token of its logo, whose files are then to be dropped.

    Orders placed there stay. Raises `NotFound` (`site_not_found`) and `Conflict` (`last_site`,
    `default_site`).
    """
    await hold_sites(session, company_id)
    rows = await fetch(session, STANDING, (company_id, site_id))
    if not rows:
        raise site_not_found()
    is_default, together = rows[0]
    if together == 1:
        raise Conflict("last_site", "This is your only site. Open another one first.")
    if is_default:
        raise Conflict("default_site", "This is the default site. Make another one the default first.")
    ((logo,),) = await fetch(session, REMOVE, (company_id, site_id))
    token: str | None = logo
    return token
