"""Which sites does a company have, and what has it decided of each?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec

from pasar.kernel.db.database import Database
from pasar.kernel.errors import NotFound
from pasar.people.companies.site_draft import SiteDraft

SITES = """
SELECT id, name, host, is_default, currency, currencies, locale, locales, time_zone, features, tax_included,
       theme, logo
  FROM sites WHERE company_id = $1 AND ($2::uuid IS NULL OR id = $2)
 ORDER BY is_default DESC, id
"""


@dataclass(frozen=True, slots=True)
class OwnSite:
    """A site of the company, with what has been decided. `logo` is an upload's token."""

    id: UUID
    draft: SiteDraft
    logo: str | None


async def sites_of(database: Database, company_id: UUID) -> list[OwnSite]:
    """The company's sites, the default first, then the oldest first."""
    return [own_site(row) for row in await database.rows(SITES, company_id, None)]


async def one_site(database: Database, company_id: UUID, site_id: UUID) -> OwnSite:
    """One site of the company. Raises `NotFound` (`site_not_found`)."""
    row = await database.row(SITES, company_id, site_id)
    if row is None:
        raise site_not_found()
    return own_site(row)


def site_not_found() -> NotFound:
    """The company has no such site."""
    return NotFound("site_not_found", "There is no such site.")


def own_site(row: Any) -> OwnSite:
    """A row of `SITES`."""
    return OwnSite(
        id=row.id,
        logo=row.logo,
        draft=SiteDraft(
            name=row.name,
            host=row.host,
            is_default=row.is_default,
            currency=row.currency,
            currencies=tuple(row.currencies),
            locale=row.locale,
            locales=tuple(row.locales),
            time_zone=row.time_zone,
            features=_json(row.features),
            tax_included=_json(row.tax_included),
            theme=_json(row.theme),
        ),
    )


def _json(value: Any) -> dict[str, Any]:
    return msgspec.json.decode(value, type=dict[str, Any]) if isinstance(value, str) else dict(value)


async def company_switches(database: Database, company_id: UUID) -> dict[str, Any]:
    """What the company has decided for all its sites: under what each decides for itself."""
    return _json(await database.value("SELECT switches FROM companies WHERE id = $1", company_id) or "{}")
