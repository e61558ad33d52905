"""Which taxes does a company charge at a place?"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.finance.taxes.models import TaxRateRow
from pasar.finance.taxes.rates import TaxPolicy, TaxRate, matching_rates
from pasar.kernel.cache import Recent
from pasar.kernel.db.database import Database
from pasar.kernel.errors import NotFound

RATES = """
SELECT country, name, rate_ppm, region, postcode, priority, compound
  FROM tax_rates WHERE company_id = $1 ORDER BY priority, country, name, id
"""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where goods go; unknown parts are empty."""

    country: str
    region: str
    postal_code: str


async def tax_policy(
    database: Database,
    company_id: UUID,
    *,
    currency: str,
    tax_included: bool,
    country: str | None,
    region: str | None,
    postcode: str | None,
) -> TaxPolicy | None:
    """What is charged on goods sent to a place, from rates at most a second old; None when nothing is.

    `tax_included` is the site's decision for `currency`; rates are the same in every currency.
    """
    del currency  # rates of one currency only may come; callers already say which one they reckon in
    if not country:
        return None
    place = Destination(country, region or "", postcode or "")
    rates = matching_rates(await tax_rates(database, company_id), place)
    return TaxPolicy(rates, included=tax_included) if rates else None


async def tax_rates(database: Database, company_id: UUID) -> tuple[TaxRate, ...]:
    """The company's rates, at most a second old: what `matching_rates` chooses from.

    Read them before a transaction takes locks: they come over the bare pool.
    """
    return await RECENT.get(database, company_id)


async def stored_rates(session: AsyncSession, company_id: UUID) -> list[TaxRateRow]:
    """All rates of the company, by country and priority."""
    rows = await session.scalars(
        select(TaxRateRow)
        .where(TaxRateRow.company_id == company_id)
        .order_by(TaxRateRow.country, TaxRateRow.priority, TaxRateRow.name, TaxRateRow.id)
    )
    return list(rows)


async def stored_rate(session: AsyncSession, company_id: UUID, rate_id: UUID) -> TaxRateRow:
    """One rate of the company. Raises `NotFound`."""
    row = await session.get(TaxRateRow, (company_id, rate_id))
    if row is None:
        raise NotFound("tax_rate_not_found", "There is no such tax rate.")
    return row


def forget_rates(database: Database, company_id: UUID) -> None:
    """Read the company's rates anew next time: they were just changed."""
    RECENT.forget(database, company_id)


async def _read(database: Database, company_id: UUID) -> tuple[TaxRate, ...]:
    return tuple(
        TaxRate(
            country=row["country"],
            name=row["name"],
            rate_ppm=row["rate_ppm"],
            region=row["region"],
            postcode=row["postcode"],
            priority=row["priority"],
            compound=row["compound"],
        )
        for row in await database.rows(RATES, company_id)
    )


RECENT: Recent[tuple[TaxRate, ...]] = Recent("tax_rates", _read)
