"""The company's sites in the back office: the list, one of them, a new one."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post

from pasar.kernel.errors import BadRequest, Conflict, Forbidden, Problem, TooLarge, Unprocessable
from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, babel_locale, spoken_locales, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.companies.actions.change_site import change_site
from pasar.people.companies.actions.create_site import open_site
from pasar.people.companies.actions.remove_site import remove_site
from pasar.people.companies.backoffice_site_form import (
    SWITCHES,
    blank_values,
    new_site_of,
    site_change_of,
    site_errors,
    values_of_site,
)
from pasar.people.companies.features import BOUNDS, features_of
from pasar.people.companies.keeping_logos import keep_logo
from pasar.people.companies.site_draft import checked
from pasar.people.companies.sites import OwnSite, company_switches, one_site, sites_of
from pasar.people.companies.wire import merged, new_draft
from pasar.web.answering import page_response, see_other
from pasar.web.menus import MenuEntry, admin_menu
from pasar.web.notices import register_notice
from pasar.web.uploads import LARGEST_UPLOAD, drop_upload, picture_of, upload_path

__all__ = ["SITE_BACKOFFICE"]

AnyRequest = Request[Any, Any, Any]
HOME: Final = "/admin/sites"
ONE: Final = HOME + "/{site_id:uuid}"
READ, WRITE = [staff_page("sites:read")], [staff_page("sites:write")]
_NO_PICTURE: Final = N_("This file is no picture that we can show. Use a JPEG, PNG, WebP, GIF or AVIF.")

admin_menu.add(MenuEntry(N_("Sites"), HOME, "globe", group="settings", permission="sites:read", order=8))
register_notice("site-opened", "success", N_("The site is open."))
register_notice("site-removed", "success", N_("The site is closed."))
register_notice("last-site", "warning", N_("This is your only site. Open another one first."))
register_notice(
    "default-site", "warning", N_("This is the default site. Make another one the default first.")
)
register_notice("no-picture", "warning", _NO_PICTURE)


@get(HOME, guards=READ, include_in_schema=False)
async def show_sites(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """List the company's sites."""
    found = await sites_of(runtime.database, context.company_id)
    return await page_response(request, "people/companies/backoffice/sites.html", sites=found)


@get(f"{HOME}/new", guards=WRITE, include_in_schema=False)
async def new_site(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Ask for a new site."""
    return await _form(request, runtime, None, blank_values(context.site.currency), {})


@post(f"{HOME}/new", guards=WRITE, include_in_schema=False)
async def create_site(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Open a site."""
    values, wanted = new_site_of(await request.form())
    try:
        async with runtime.database.transaction() as session:
            site_id = await open_site(session, runtime, context, checked(new_draft(wanted)))
    except (Unprocessable, Conflict, Forbidden) as problem:
        return await _form(request, runtime, None, values, _errors(problem, context))
    runtime.sites.forget()
    return see_other(f"{HOME}/{site_id}", notice="site-opened")


@get(ONE, guards=READ, include_in_schema=False)
async def show_site(
    request: AnyRequest, context: Context, runtime: Runtime, site_id: UUID
) -> Response[bytes]:
    """Show a site to be changed."""
    site = await one_site(runtime.database, context.company_id, site_id)
    switches = await company_switches(runtime.database, context.company_id)
    values = values_of_site(site, features_of(switches, site.draft.features))
    return await _form(request, runtime, site, values, {})


@post(ONE, guards=WRITE, include_in_schema=False)
async def edit_site(
    request: AnyRequest, context: Context, runtime: Runtime, site_id: UUID
) -> Response[bytes]:
    """Change a site; it holds at once."""
    site = await one_site(runtime.database, context.company_id, site_id)
    values, wanted = site_change_of(await request.form(), site.draft)
    try:
        async with runtime.database.transaction() as session:
            await change_site(session, runtime, context, site_id, lambda before: merged(before, wanted))
    except (Unprocessable, Conflict, Forbidden) as problem:
        return await _form(request, runtime, site, values, _errors(problem, context))
    runtime.sites.forget()
    return see_other(f"{HOME}/{site_id}", notice="saved")


@post(f"{ONE}/logo", guards=WRITE, include_in_schema=False, request_max_body_size=LARGEST_UPLOAD)
async def change_logo(
    request: AnyRequest, context: Context, runtime: Runtime, site_id: UUID
) -> Response[bytes]:
    """Take a picture as the site's logo."""
    await one_site(runtime.database, context.company_id, site_id)
    try:
        await keep_logo(runtime, context.company_id, site_id, await picture_of(request))
    except (BadRequest, TooLarge, Unprocessable):
        return see_other(f"{HOME}/{site_id}", notice="no-picture")
    return see_other(f"{HOME}/{site_id}", notice="saved")


@post(f"{ONE}/logo/remove", guards=WRITE, include_in_schema=False)
async def drop_logo(context: Context, runtime: Runtime, site_id: UUID) -> Response[bytes]:
    """Take the logo away."""
    await keep_logo(runtime, context.company_id, site_id, None)
    return see_other(f"{HOME}/{site_id}", notice="saved")


@get(f"{ONE}/remove", guards=WRITE, include_in_schema=False)
async def ask_remove_site(
    request: AnyRequest, context: Context, runtime: Runtime, site_id: UUID
) -> Response[bytes]:
    """Ask before a site is closed."""
    site = await one_site(runtime.database, context.company_id, site_id)
    words = translator(context.locale)
    return await page_response(
        request,
        "layouts/admin_confirm.html",
        title=words.gettext("Close {name}?", name=site.draft.name),
        consequence=words.gettext(
            "Its address no longer leads to your shop, and carts begun there are lost. Orders stay."
        ),
        action_path=f"{HOME}/{site_id}/remove",
        confirm_label=words.gettext("Close the site"),
        cancel_path=f"{HOME}/{site_id}",
        hidden={},
    )


@post(f"{ONE}/remove", guards=WRITE, include_in_schema=False)
async def close_site(context: Context, runtime: Runtime, site_id: UUID) -> Response[bytes]:
    """Close a site, though not the default one."""
    try:
        async with runtime.database.transaction() as session:
            logo = await remove_site(session, context.company_id, site_id)
    except Conflict as problem:
        return see_other(f"{HOME}/{site_id}", notice=problem.code.replace("_", "-"))
    runtime.sites.forget()
    if logo:
        await drop_upload(runtime.files, logo)
    return see_other(HOME, notice="site-removed")


SITE_BACKOFFICE = (
    show_sites,
    new_site,
    create_site,
    show_site,
    edit_site,
    change_logo,
    drop_logo,
    ask_remove_site,
    close_site,
)


def _errors(problem: Problem, context: Context) -> dict[str, str]:
    """Beside their fields. Raises `problem` again where it is not about one: it asks to confirm first."""
    if isinstance(problem, Forbidden) and not problem.errors:
        raise problem
    return site_errors(problem, translator(context.locale))


async def _form(
    request: AnyRequest,
    runtime: Runtime,
    site: OwnSite | None,
    values: dict[str, Any],
    errors: dict[str, str],
) -> Response[bytes]:
    return await page_response(
        request,
        "people/companies/backoffice/site.html",
        status=422 if errors else 200,
        site=site,
        logo=upload_path(runtime.files, site.logo, 2) if site and site.logo else "",
        values=values,
        errors=errors,
        switches=SWITCHES,
        bounds=BOUNDS,
        languages=[(code, _name_of(code)) for code in spoken_locales()],
    )


def _name_of(code: str) -> str:
    name = babel_locale(code).get_display_name() or code
    return name[:1].upper() + name[1:]
