"""Sites over HTTP."""

from __future__ import annotations

from litestar import get

from pasar.kernel.http.guards import shopper
from pasar.kernel.tenancy import Context
from pasar.people.companies.schemas import SiteAnswer


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


ROUTES = (site,)
