"""Tax rates over HTTP, for staff."""

from __future__ import annotations

from uuid import UUID

from litestar import delete, get, post, put

from pasar.finance.taxes.actions.keep_rates import add_rate, change_rate, remove_rate
from pasar.finance.taxes.queries import forget_rates, stored_rates
from pasar.finance.taxes.schemas import TaxRateAnswer, TaxRateInput
from pasar.finance.taxes.wire import rate_answer, read_rate
from pasar.kernel.http.guards import staff
from pasar.kernel.http.schema import Page
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context

PATH = "/api/admin/tax-rates"
ONE = "/api/admin/tax-rates/{rate_id:uuid}"


@get(PATH, guards=[staff("settings:read")], tags=["Settings"])
async def list_tax_rates(context: Context, runtime: Runtime) -> Page[TaxRateAnswer]:
    """List the company's tax rates."""
    async with runtime.database.transaction() as session:
        items = [rate_answer(row) for row in await stored_rates(session, context.company_id)]
    return Page(items=items, total=len(items))


@post(PATH, guards=[staff("settings:write")], tags=["Settings"])
async def add_tax_rate(context: Context, runtime: Runtime, data: TaxRateInput) -> TaxRateAnswer:
    """Add a tax rate for a country, a region or a postcode pattern."""
    rate = read_rate(data)
    async with runtime.database.transaction() as session:
        row = add_rate(session, context.company_id, rate)
    forget_rates(runtime.database, context.company_id)
    return rate_answer(row)


@put(ONE, guards=[staff("settings:write")], tags=["Settings"])
async def edit_tax_rate(
    context: Context, runtime: Runtime, rate_id: UUID, data: TaxRateInput
) -> TaxRateAnswer:
    """Replace a tax rate."""
    rate = read_rate(data)
    async with runtime.database.transaction() as session:
        row = await change_rate(session, context.company_id, rate_id, rate)
    forget_rates(runtime.database, context.company_id)
    return rate_answer(row)


@delete(ONE, guards=[staff("settings:write")], tags=["Settings"])
async def drop_tax_rate(context: Context, runtime: Runtime, rate_id: UUID) -> None:
    """Remove a tax rate."""
    async with runtime.database.transaction() as session:
        await remove_rate(session, context.company_id, rate_id)
    forget_rates(runtime.database, context.company_id)


TAX_ROUTES = (list_tax_rates, add_tax_rate, edit_tax_rate, drop_tax_rate)
