"""Add, change and remove tax rates, or replace them all."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.finance.taxes.models import TaxRateRow
from pasar.finance.taxes.rates import TaxRate
from pasar.kernel.errors import NotFound
from pasar.kernel.ids import new_id


def add_rate(session: AsyncSession, company_id: UUID, rate: TaxRate) -> TaxRateRow:
    """A new rate; written when the session flushes."""
    row = TaxRateRow(company_id=company_id, id=new_id())
    _fill(row, rate)
    session.add(row)
    return row


async def change_rate(session: AsyncSession, company_id: UUID, rate_id: UUID, rate: TaxRate) -> TaxRateRow:
    """Put `rate` in the place of a stored one. Raises `NotFound`."""
    row = await session.get(TaxRateRow, (company_id, rate_id), with_for_update=True)
    if row is None:
        raise _unknown()
    _fill(row, rate)
    return row


async def remove_rate(session: AsyncSession, company_id: UUID, rate_id: UUID) -> None:
    """Remove a rate. Raises `NotFound`."""
    row = await session.get(TaxRateRow, (company_id, rate_id), with_for_update=True)
    if row is None:
        raise _unknown()
    await session.delete(row)


async def replace_rates(session: AsyncSession, company_id: UUID, rates: Iterable[TaxRate]) -> None:
    """Put `rates` in the place of all that a company has. Only the standard class is stored."""
    await session.execute(delete(TaxRateRow).where(TaxRateRow.company_id == company_id))
    for rate in rates:
        add_rate(session, company_id, rate)
    await session.flush()


def _fill(row: TaxRateRow, rate: TaxRate) -> None:
    row.name = rate.name
    row.country = rate.country
    row.region = rate.region
    row.postcode = rate.postcode
    row.rate_ppm = rate.rate_ppm
    row.priority = rate.priority
    row.compound = rate.compound


def _unknown() -> NotFound:
    return NotFound("tax_rate_not_found", "There is no such tax rate.")
