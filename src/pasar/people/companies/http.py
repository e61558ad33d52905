"""Sites over HTTP."""

from __future__ import annotations

from litestar import get, patch

from pasar.kernel.http.guards import shopper, staff
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.companies.actions.change_company import change_company
from pasar.people.companies.schemas import CompanyAnswer, CompanyInput, SiteAnswer
from pasar.people.companies.settings_of import company_settings, forget_settings
from pasar.people.companies.wire import change_of, company_answer


@get("/api/site", guards=[shopper], summary="Which shop is this?", tags=["Site"])
async def site(context: Context) -> SiteAnswer:
    """Name the company and site that answer here, with their currencies, languages and features."""
    found = context.site
    return SiteAnswer(
        company_id=found.company_id,
        site_id=found.id,
        name=found.name,
        currency=found.currency,
        currencies=list(found.currencies),
        locale=found.locale,
        locales=list(found.locales),
        features=dict(found.features),
    )


@get("/api/admin/company", guards=[staff("settings:read")], tags=["Settings"])
async def show_company(context: Context, runtime: Runtime) -> CompanyAnswer:
    """Read what the company has settled for itself."""
    return company_answer(await company_settings(runtime.database, context.company_id))


@patch("/api/admin/company", guards=[staff("settings:write")], tags=["Settings"])
async def edit_company(context: Context, runtime: Runtime, data: CompanyInput) -> CompanyAnswer:
    """Change some of it; the rest stays."""
    async with runtime.database.transaction() as session:
        await change_company(session, context.company_id, change_of(data))
    forget_settings(runtime.database, context.company_id)
    return company_answer(await company_settings(runtime.database, context.company_id))


ROUTES = (site, show_company, edit_company)
