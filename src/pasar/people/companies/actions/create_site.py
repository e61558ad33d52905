"""Open a shop window of a company."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict, Unprocessable
from pasar.kernel.ids import new_id

HOST_TAKEN = "SELECT 1 FROM sites WHERE lower(host) = $1"
RELIEVE = "UPDATE sites SET is_default = false WHERE company_id = $1 AND is_default"
INSERT = """
INSERT INTO sites (company_id, id, name, host, is_default, currency, currencies, locale, locales,
                   tax_included, theme)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::jsonb, $11::text::jsonb)
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
) -> UUID:
    """Open a site and answer its id; a default one takes over from the company's former default.

    `currency` and `locale` are what the site begins with and stand among `currencies` and `locales`.
    `tax_included` says by currency whether prices include tax. Raises `Conflict` (`host_taken`) and
    `Unprocessable` (`currency_not_listed`, `locale_not_listed`).
    """
    if currency not in currencies:
        raise Unprocessable("currency_not_listed", "The site's currency must be one of its currencies.")
    if locale not in locales:
        raise Unprocessable("locale_not_listed", "The site's language must be one of its languages.")
    host = host.lower() if host else None
    if host and await fetch(session, HOST_TAKEN, (host,)):
        raise Conflict("host_taken", "Another site answers at this host. Choose another one.")
    if is_default:
        await fetch(session, RELIEVE, (company_id,))
    site_id = new_id()
    written = (
        msgspec.json.encode(dict(tax_included or {})).decode(),
        msgspec.json.encode(dict(theme or {})).decode(),
    )
    await fetch(
        session,
        INSERT,
        (
            company_id,
            site_id,
            name,
            host,
            is_default,
            currency,
            list(currencies),
            locale,
            list(locales),
            *written,
        ),
    )
    return site_id
