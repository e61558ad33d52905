"""Companies over HTTP: which shop this is, what its company has settled, and where one works."""

from __future__ import annotations

from litestar import get, patch

from pasar.kernel.http.guards import shopper, signed_in, staff
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.companies.actions.change_company import change_own_company
from pasar.people.companies.actions.change_security import change_security
from pasar.people.companies.schemas import (
    CompanyAnswer,
    CompanyInput,
    SecurityInput,
    SiteAnswer,
    Workplaces,
)
from pasar.people.companies.settings_of import company_settings, forget_settings
from pasar.people.companies.wire import change_of, company_answer, security_change, workplace_answer
from pasar.people.companies.workplaces import workplaces_of
from pasar.web.uploads import upload_path


@get("/api/site", guards=[shopper], summary="Which shop is this?", tags=["Site"])
async def site(context: Context, runtime: Runtime) -> SiteAnswer:
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
        time_zone=found.time_zone,
        logo=upload_path(runtime.files, found.logo, 2) if found.logo else None,
        features=dict(found.features),
    )


@get("/api/admin/company", guards=[staff("settings:read")], tags=["Settings"])
async def show_company(context: Context, runtime: Runtime) -> CompanyAnswer:
    """Read what the company has settled for itself."""
    return company_answer(await company_settings(runtime.database, context.company_id))


@patch("/api/admin/company", guards=[staff("settings:write")], tags=["Settings"])
async def edit_company(context: Context, runtime: Runtime, data: CompanyInput) -> CompanyAnswer:
    """Change some of it; the rest stays. How buyers pay by transfer takes who has confirmed lately."""
    async with runtime.database.transaction() as session:
        await change_own_company(session, context, change_of(data), runtime.clock.now())
    forget_settings(runtime.database, context.company_id)
    runtime.sites.forget()
    return company_answer(await company_settings(runtime.database, context.company_id))


@patch("/api/admin/company/security", guards=[staff("settings:write", step_up=True)], tags=["Settings"])
async def edit_security(context: Context, runtime: Runtime, data: SecurityInput) -> CompanyAnswer:
    """Change what the company demands: a second factor, networks to work from, e-mails proved first.

    It takes `staff:write` as well: 403 `security_needs_staff_write`.
    """
    async with runtime.database.transaction() as session:
        await change_security(session, context, security_change(data))
    forget_settings(runtime.database, context.company_id)
    return company_answer(await company_settings(runtime.database, context.company_id))


@get("/api/auth/companies", guards=[signed_in], summary="Where do I work?", tags=["Sign-in"])
async def list_workplaces(context: Context, runtime: Runtime) -> Workplaces:
    """List the companies where one works, with one's role and the hosts of their sites."""
    places = await workplaces_of(runtime.database, context.user_id)
    return Workplaces(items=[workplace_answer(place, context.company_id) for place in places])


ROUTES = (site, show_company, edit_company, edit_security, list_workplaces)
