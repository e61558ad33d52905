"""Open a shop window of a company."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict, Unprocessable
from pasar.kernel.events import record
from pasar.kernel.ids import new_id
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
from pasar.people.companies.hosts import HostError, normalise_host
from pasar.people.companies.site_draft import SiteDraft

MOST_SITES = 50
HOW_MANY = "SELECT count(*) FROM sites WHERE company_id = $1"
INSERT = """
INSERT INTO sites (company_id, id, name, host, is_default, currency, currencies, locale, locales,
                   tax_included, theme, features, time_zone, host_since)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::jsonb, $11::text::jsonb, $12::text::jsonb, $13, $14)
"""


async def create_site(
    session: AsyncSession,
    company_id: UUID,
    *,
    name: str,
    host: str | None,
    is_default: bool,
    currency: str,
    currencies: Sequence[str],
    locale: str,
    locales: Sequence[str],
    tax_included: Mapping[str, bool] | None = None,
    theme: Mapping[str, str] | None = None,
    features: Mapping[str, Any] | None = None,
    time_zone: str | None = None,
    host_since: datetime | None = None,
    public_url: str = "",
) -> UUID:
    """Open a site and answer its id; a default one takes over from the company's former default.

    `currency` and `locale` are what the site begins with and stand among `currencies` and `locales`.
    `tax_included` says by currency whether prices include tax. A host is settled at once unless `host_since`
    says when staff gave it (`link_host`); that of `public_url`, unless an operator opens the site, is left to
    whom it belongs (`leave_installation_host`). Raises `Conflict` (`host_taken`) and
    `Unprocessable` (`currency_not_listed`, `locale_not_listed`, `host_malformed`). What people sent goes
    through `open_site`.
    """
    if currency not in currencies:
        raise Unprocessable("currency_not_listed", "The site's currency must be one of its currencies.")
    if locale not in locales:
        raise Unprocessable("locale_not_listed", "The site's language must be one of its languages.")
    await hold_sites(session, company_id)
    host = _host(host)
    await leave_installation_host(session, company_id, host, public_url)
    await hold_host(session, host, but=None)
    if is_default:
        await fetch(session, RELIEVE, (company_id,))
    site_id = new_id()
    written = [msgspec.json.encode(dict(one or {})).decode() for one in (tax_included, theme, features)]
    values = (company_id, site_id, name, host, is_default, currency, list(currencies), locale, list(locales))
    await fetch(session, INSERT, (*values, *written, time_zone, host_since))
    return site_id


def _host(host: str | None) -> str | None:
    try:
        return normalise_host(host) if host else None
    except HostError as refusal:
        raise Unprocessable("host_malformed", str(refusal)) from None


async def open_site(session: AsyncSession, runtime: Runtime, context: Context, draft: SiteDraft) -> UUID:
    """Open a site of a checked draft; of its host the owners hear.

    Raises `Conflict` (`host_taken`, `too_many_sites`) and, for a host, what `require_host_right` raises.
    """
    company_id, now = context.company_id, runtime.clock.now()
    if draft.host:
        require_host_right(context, now)
    await hold_sites(session, company_id)
    ((sites,),) = await fetch(session, HOW_MANY, (company_id,))
    if sites >= MOST_SITES:
        raise Conflict("too_many_sites", f"A company has at most {MOST_SITES} sites. Remove one first.")
    site_id = await create_site(
        session,
        company_id,
        name=draft.name,
        host=draft.host,
        is_default=draft.is_default or sites == 0,
        currency=draft.currency,
        currencies=draft.currencies,
        locale=draft.locale,
        locales=draft.locales,
        tax_included=draft.tax_included,
        theme=draft.theme,
        features=draft.features,
        time_zone=draft.time_zone,
        host_since=now if draft.host else None,
        public_url=runtime.settings.public_url,
    )
    if draft.host:
        await record(session, company_id, HostChanged(site_id=site_id), at=now)
    return site_id
