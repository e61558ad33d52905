"""Change what a company has settled for itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import FieldProblem, NotFound, Unprocessable
from pasar.kernel.http.guards import require_step_up
from pasar.kernel.tenancy import Context

CHANGE = """
UPDATE companies
   SET name = coalesce($2, name), time_zone = coalesce($3, time_zone),
       low_stock_default = coalesce($4, low_stock_default),
       bank_transfer_days = coalesce($5, bank_transfer_days),
       bank_transfer_note = coalesce($6, bank_transfer_note), unique_skus = coalesce($7, unique_skus)
 WHERE id = $1
RETURNING id
"""
BANK = "SELECT bank_transfer_days, bank_transfer_note FROM companies WHERE id = $1 FOR NO KEY UPDATE"


@dataclass(frozen=True, slots=True)
class CompanyChange:
    """What to change; None leaves as it is. `low_stock_default` counts units, `bank_transfer_days` days."""

    name: str | None = None
    time_zone: str | None = None
    low_stock_default: int | None = None
    bank_transfer_days: int | None = None
    bank_transfer_note: str | None = None
    unique_skus: bool | None = None


async def change_own_company(
    session: AsyncSession, context: Context, change: CompanyChange, now: datetime
) -> None:
    """`change_company` for the caller's own. Where buyers pay is money's way: other words about it take a
    person who has proved lately to be there.

    Raises what `change_company` and, for these, `require_step_up` raise.
    """
    rows = await fetch(session, BANK, (context.company_id,))
    wanted = (change.bank_transfer_days, change.bank_transfer_note)
    if rows and any(new not in {None, old} for new, old in zip(wanted, rows[0], strict=True)):
        require_step_up(context, now)
    await change_company(session, context.company_id, change)


async def change_company(session: AsyncSession, company_id: UUID, change: CompanyChange) -> None:
    """Change the company's own decisions; every process sees them within a second.

    Raises `Unprocessable` (`time_zone_unknown`) and `NotFound`.
    """
    if change.time_zone is not None and change.time_zone not in available_timezones():
        told = "Name the time zone as IANA does, such as Asia/Jakarta."
        raise Unprocessable("time_zone_unknown", told, errors=[FieldProblem("timeZone", "unknown", told)])
    values = (
        change.name,
        change.time_zone,
        change.low_stock_default,
        change.bank_transfer_days,
        change.bank_transfer_note,
        change.unique_skus,
    )
    if not await fetch(session, CHANGE, (company_id, *values)):
        raise NotFound("company_unknown", "There is no company with this id.")
