"""Which site answers at this host, or for this company?"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from pasar.kernel.cache import FRESH_SECONDS, Remembered
from pasar.kernel.clock import Clock
from pasar.kernel.db.database import Database
from pasar.kernel.tenancy import Site
from pasar.people.companies.features import features_of

# One company's sites stand together, its default first.
ALL_SITES = """
SELECT s.company_id, s.id, s.name, s.host, s.currency, s.currencies, s.locale, s.locales, s.features,
       s.tax_included, s.theme, coalesce(s.time_zone, c.time_zone) AS time_zone, s.logo,
       c.name AS company_name, c.switches, c.is_demo
  FROM sites s JOIN companies c ON c.id = s.company_id
 WHERE $1::uuid IS NULL OR s.company_id = $1
 ORDER BY c.created_at, c.id, s.is_default DESC, s.id
"""
MOST_LATECOMERS = 1000


@dataclass(frozen=True, slots=True)
class Known:
    """All sites at one moment."""

    by_host: Mapping[str, Site]
    by_company: Mapping[UUID, Site]


class Directory:
    """Finds sites, as `kernel.tenancy.SiteDirectory` asks: one statement reads all, at most once a second.

    Keeps answering from memory while the database is away.
    """

    def __init__(self, database: Database, clock: Clock, *, production: bool) -> None:
        self._database = database
        self._clock = clock
        self._production = production
        self._known = Remembered(self._read_all, self._seconds)
        self._latecomers: OrderedDict[UUID, tuple[float, Site | None]] = OrderedDict()

    async def by_host(self, host: str) -> Site | None:
        """The site that answers at `host` (any case, without port), if any."""
        return (await self._known.get()).by_host.get(host.lower())

    async def of_company(self, company_id: UUID) -> Site | None:
        """The company's default site. One that is not in memory yet is asked for by its id.

        So a company made a moment ago answers at once, and an unknown id costs one read a second.
        """
        known = (await self._known.get()).by_company.get(company_id)
        return known or await self._latecomer(company_id)

    async def fallback(self) -> Site | None:
        """The only company's default site or, outside production, the first demo company's."""
        sites = (await self._known.get()).by_company.values()
        if len(sites) == 1:
            return next(iter(sites))
        return None if self._production else next((site for site in sites if site.demo), None)

    def forget(self) -> None:
        """Ask anew at the next call: this process has just changed a site. Others see it within a second."""
        self._known.forget()
        self._latecomers.clear()

    async def _latecomer(self, company_id: UUID) -> Site | None:
        asked_at, site = self._latecomers.get(company_id, (None, None))
        if asked_at is not None and abs(self._seconds() - asked_at) < FRESH_SECONDS:
            return site
        asked_at = self._seconds()
        rows = await self._database.rows(ALL_SITES, company_id)
        site = site_of_row(rows[0]) if rows else None
        self._latecomers[company_id] = (asked_at, site)
        if len(self._latecomers) > MOST_LATECOMERS:
            self._latecomers.popitem(last=False)
        return site

    async def _read_all(self) -> Known:
        rows = await self._database.rows(ALL_SITES, None)
        by_host: dict[str, Site] = {}
        by_company: dict[UUID, Site] = {}
        for row in rows:
            site = site_of_row(row)
            if site.host:
                by_host[site.host] = site
            by_company.setdefault(site.company_id, site)
        return Known(MappingProxyType(by_host), MappingProxyType(by_company))

    def _seconds(self) -> float:
        return self._clock.now().timestamp()


def site_of_row(row: asyncpg.Record) -> Site:
    """A row of `ALL_SITES` as calls know it."""
    return Site(
        company_id=row["company_id"],
        id=row["id"],
        name=row["name"],
        host=row["host"].lower() if row["host"] else None,
        currency=row["currency"],
        currencies=tuple(row["currencies"]),
        locale=row["locale"],
        locales=tuple(row["locales"]),
        time_zone=row["time_zone"],
        company_name=row["company_name"],
        features=features_of(_json(row["switches"]), _json(row["features"])),
        tax_included=MappingProxyType(_json(row["tax_included"])),
        theme=MappingProxyType(_json(row["theme"])),
        demo=row["is_demo"],
        logo=row["logo"] or "",
    )


def _json(text: str) -> dict[str, Any]:
    return msgspec.json.decode(text, type=dict[str, Any])
