"""Sites over HTTP, for the staff of their company."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, delete, get, patch, post, put

from pasar.kernel.http.guards import staff
from pasar.kernel.http.schema import Page
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.companies.actions.change_site import change_site
from pasar.people.companies.actions.create_site import open_site
from pasar.people.companies.actions.remove_site import remove_site
from pasar.people.companies.keeping_logos import keep_logo
from pasar.people.companies.schemas import NewSite, OwnSiteAnswer, SiteInput
from pasar.people.companies.site_draft import checked
from pasar.people.companies.sites import company_switches, one_site, sites_of
from pasar.people.companies.wire import merged, new_draft, site_answer
from pasar.web.uploads import LARGEST_UPLOAD, PictureBody, drop_upload, picture_of

__all__ = ["SITE_ROUTES"]

AnyRequest = Request[Any, Any, Any]
TAGS = ["Sites"]


@get("/api/admin/sites", guards=[staff("sites:read")], summary="The company's sites", tags=TAGS)
async def list_sites(context: Context, runtime: Runtime) -> Page[OwnSiteAnswer]:
    """List the company's sites, the default first."""
    found = await sites_of(runtime.database, context.company_id)
    switches = await company_switches(runtime.database, context.company_id)
    return Page(items=[site_answer(runtime.files, one, switches) for one in found], total=len(found))


@post("/api/admin/sites", guards=[staff("sites:write")], summary="Open a site", tags=TAGS)
async def post_site(context: Context, runtime: Runtime, data: NewSite) -> OwnSiteAnswer:
    """Open a site; it sells from the next second on. A host takes what changing one takes."""
    async with runtime.database.transaction() as session:
        site_id = await open_site(session, runtime, context, checked(new_draft(data)))
    runtime.sites.forget()
    return await _told(context, runtime, site_id)


@get("/api/admin/sites/{site_id:uuid}", guards=[staff("sites:read")], summary="One site", tags=TAGS)
async def show_site(context: Context, runtime: Runtime, site_id: UUID) -> OwnSiteAnswer:
    """Show one site of the company."""
    return await _told(context, runtime, site_id)


@patch("/api/admin/sites/{site_id:uuid}", guards=[staff("sites:write")], summary="Change a site", tags=TAGS)
async def patch_site(context: Context, runtime: Runtime, site_id: UUID, data: SiteInput) -> OwnSiteAnswer:
    """Change some of it; the rest stays. It holds at once here, and within a second everywhere.

    Another host takes a person (no API key) who may `staff:write` as well and has confirmed lately that it is
    them: 403 `people_only`, `host_needs_staff_write`, `step_up_required`. All owners hear of it by mail.
    """
    async with runtime.database.transaction() as session:
        await change_site(session, runtime, context, site_id, lambda before: merged(before, data))
    runtime.sites.forget()
    return await _told(context, runtime, site_id)


@delete("/api/admin/sites/{site_id:uuid}", guards=[staff("sites:write")], summary="Close a site", tags=TAGS)
async def delete_site(context: Context, runtime: Runtime, site_id: UUID) -> None:
    """Close a site, though not the default one. Its orders stay."""
    async with runtime.database.transaction() as session:
        logo = await remove_site(session, context.company_id, site_id)
    runtime.sites.forget()
    if logo:
        await drop_upload(runtime.files, logo)


@put(
    "/api/admin/sites/{site_id:uuid}/logo",
    guards=[staff("sites:write")],
    summary="Give a site its logo",
    tags=TAGS,
    operation_class=PictureBody,
    request_max_body_size=LARGEST_UPLOAD,
)
async def put_logo(request: AnyRequest, context: Context, runtime: Runtime, site_id: UUID) -> OwnSiteAnswer:
    """Take a picture of up to 5 MB as the site's logo, in place of the former one."""
    await one_site(runtime.database, context.company_id, site_id)
    await keep_logo(runtime, context.company_id, site_id, await picture_of(request))
    return await _told(context, runtime, site_id)


@delete(
    "/api/admin/sites/{site_id:uuid}/logo",
    guards=[staff("sites:write")],
    summary="Take a site's logo away",
    tags=TAGS,
)
async def delete_logo(context: Context, runtime: Runtime, site_id: UUID) -> None:
    """Take the logo away; the site's name stands in its place."""
    await keep_logo(runtime, context.company_id, site_id, None)


async def _told(context: Context, runtime: Runtime, site_id: UUID) -> OwnSiteAnswer:
    found = await one_site(runtime.database, context.company_id, site_id)
    switches = await company_switches(runtime.database, context.company_id)
    return site_answer(runtime.files, found, switches)


SITE_ROUTES = (list_sites, post_site, show_site, patch_site, delete_site, put_logo, delete_logo)
