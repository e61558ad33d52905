"""Tax rates over HTTP, for staff."""

from __future__ import annotations

from uuid import UUID

from litestar import delete, get, post, put
from sqlalchemy import select

from pasar.finance.taxes.actions.keep_rates import add_rate, change_rate, remove_rate
from pasar.finance.taxes.models import TaxRateRow
from pasar.finance.taxes.percent import percent_of, ppm_of
from pasar.finance.taxes.queries import forget_rates
from pasar.finance.taxes.rates import TaxRate, TaxRateError
from pasar.finance.taxes.schemas import TaxRateAnswer, TaxRateInput
from pasar.kernel.errors import FieldProblem, Unprocessable
from pasar.kernel.http.guards import staff
from pasar.kernel.http.schema import Page
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context

PATH = "/api/admin/tax-rates"
ONE = "/api/admin/tax-rates/{rate_id:uuid}"


@get(PATH, guards=[staff("settings:read")], tags=["Settings"])
async def list_tax_rates(context: Context, runtime: Runtime) -> Page[TaxRateAnswer]:
    """List the company's tax rates."""
    stored = (
        select(TaxRateRow)
        .where(TaxRateRow.company_id == context.company_id)
        .order_by(TaxRateRow.country, TaxRateRow.priority, TaxRateRow.name, TaxRateRow.id)
    )
    async with runtime.database.transaction() as session:
        items = [_answer(row) for row in await session.scalars(stored)]
    return Page(items=items, total=len(items))


@post(PATH, guards=[staff("settings:write")], tags=["Settings"])
async def add_tax_rate(context: Context, runtime: Runtime, data: TaxRateInput) -> TaxRateAnswer:
    """Add a tax rate for a country, a region or a postcode pattern."""
    rate = _rate(data)
    async with runtime.database.transaction() as session:
        row = add_rate(session, context.company_id, rate)
    forget_rates(runtime.database, context.company_id)
    return _answer(row)


@put(ONE, guards=[staff("settings:write")], tags=["Settings"])
async def edit_tax_rate(
    context: Context, runtime: Runtime, rate_id: UUID, data: TaxRateInput
) -> TaxRateAnswer:
    """Replace a tax rate."""
    rate = _rate(data)
    async with runtime.database.transaction() as session:
        row = await change_rate(session, context.company_id, rate_id, rate)
    forget_rates(runtime.database, context.company_id)
    return _answer(row)


@delete(ONE, guards=[staff("settings:write")], tags=["Settings"])
async def drop_tax_rate(context: Context, runtime: Runtime, rate_id: UUID) -> None:
    """Remove a tax rate."""
    async with runtime.database.transaction() as session:
        await remove_rate(session, context.company_id, rate_id)
    forget_rates(runtime.database, context.company_id)


def _rate(data: TaxRateInput) -> TaxRate:
    try:
        return TaxRate(
            country=data.country,
            name=data.name.strip(),
            rate_ppm=ppm_of(data.percent),
            region=data.region,
            postcode=data.postcode,
            priority=data.priority,
            compound=data.compound,
        )
    except TaxRateError as problem:
        field = "postcode" if "postcode" in str(problem) else "region"
        raise _refused(field, str(problem)) from None
    except ValueError as problem:
        raise _refused("percent", str(problem)) from None


def _refused(field: str, reason: str) -> Unprocessable:
    return Unprocessable(
        "tax_rate_invalid",
        f"This rate cannot be charged: {reason}.",
        errors=[FieldProblem(field, "invalid", reason)],
    )


def _answer(row: TaxRateRow) -> TaxRateAnswer:
    return TaxRateAnswer(
        id=row.id,
        name=row.name,
        country=row.country,
        percent=percent_of(row.rate_ppm),
        region=row.region,
        postcode=row.postcode,
        priority=row.priority,
        compound=row.compound,
    )


TAX_ROUTES = (list_tax_rates, add_tax_rate, edit_tax_rate, drop_tax_rate)
