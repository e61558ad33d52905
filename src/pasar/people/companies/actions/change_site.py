"""Change what a company has decided of one of its sites."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import FieldProblem, Unprocessable
from pasar.kernel.events import record
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.companies.actions.hold_sites import (
    RELIEVE,
    hold_host,
    hold_sites,
    leave_installation_host,
)
from pasar.people.companies.events import HostChanged
from pasar.people.companies.giving_hosts import require_host_right
from pasar.people.companies.site_draft import SiteDraft, checked
from pasar.people.companies.sites import SITES, own_site, site_not_found

WRITE = """
UPDATE sites
   SET name = $3, host = $4, is_default = $5, currency = $6, currencies = $7, locale = $8, locales = $9,
       time_zone = $10, features = $11::text::jsonb, tax_included = $12::text::jsonb,
       theme = $13::text::jsonb,
       host_since = CASE WHEN host IS DISTINCT FROM $4 THEN $14 ELSE host_since END
 WHERE company_id = $1 AND id = $2
"""
LOGO = """
UPDATE sites SET logo = $3
  FROM (SELECT logo FROM sites WHERE company_id = $1 AND id = $2 FOR UPDATE) AS former
 WHERE company_id = $1 AND id = $2
RETURNING former.logo
"""


async def change_site(
    session: AsyncSession,
    runtime: Runtime,
    context: Context,
    site_id: UUID,
    change: Callable[[SiteDraft], SiteDraft],
) -> None:
    """Make the site what `change` makes of what it is; every process sees it within a second.

    A new default takes over from the former one; of another host the owners hear. Raises `NotFound`
    (`site_not_found`), `Conflict` (`host_taken`), `Unprocessable` (`site_wrong`, `default_needed`) and what
    `require_host_right` raises for another host. A currency may be taken away though
    open carts are in it: a customer's cart then goes on in the site's own, a guest's is told
    `currency_not_sold` until it is begun anew (`shop.carts`).
    """
    company_id, now = context.company_id, runtime.clock.now()
    await hold_sites(session, company_id)
    rows = await fetch(session, SITES, (company_id, site_id))
    if not rows:
        raise site_not_found()
    before = own_site(rows[0]).draft
    after = checked(change(before))
    if before.is_default and not after.is_default:
        told = "One site is the default. Make another one the default instead."
        error = FieldProblem("isDefault", "default_needed", told)
        raise Unprocessable("default_needed", told, errors=[error])
    if after.host != before.host:
        require_host_right(context, now)
        await leave_installation_host(session, company_id, after.host, runtime.settings.public_url)
        await hold_host(session, after.host, but=site_id)
        await record(session, company_id, HostChanged(site_id=site_id), at=now)
    if after.is_default and not before.is_default:
        await fetch(session, RELIEVE, (company_id,))
    await fetch(session, WRITE, (company_id, site_id, *_written(after), now))


async def set_logo(session: AsyncSession, company_id: UUID, site_id: UUID, token: str | None) -> str | None:
    """Give the site the upload `token` as its logo, or none, and answer the former one's token.

    Raises `NotFound` (`site_not_found`).
    """
    rows = await fetch(session, LOGO, (company_id, site_id, token))
    if not rows:
        raise site_not_found()
    former: str | None = rows[0][0]
    return former


def _written(draft: SiteDraft) -> tuple[object, ...]:
    jsons = (draft.features, draft.tax_included, draft.theme)
    return (
        draft.name,
        draft.host,
        draft.is_default,
        draft.currency,
        list(draft.currencies),
        draft.locale,
        list(draft.locales),
        draft.time_zone,
        *(msgspec.json.encode(dict(one)).decode() for one in jsons),
    )
