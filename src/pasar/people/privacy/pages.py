"""Account, Privacy: what one agrees to, one's data as a file, and being forgotten."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post

from pasar.kernel.errors import Conflict, Unauthorised
from pasar.kernel.http.guards import page, require_step_up
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.privacy.actions.record_consents import record_consents
from pasar.people.privacy.consents import PURPOSES, consents_of
from pasar.people.privacy.exports import file_of, latest_export, own_export
from pasar.people.privacy.http import zip_response
from pasar.people.privacy.own_rights import ask_for_own_export, erase_own
from pasar.web.answering import page_response, see_other
from pasar.web.notices import register_notice
from pasar.web.slots import Filling, slots

__all__ = ["PRIVACY_PAGES"]

AnyRequest = Request[Any, Any, Any]
HOME: Final = "/account/privacy"
LAST_OWNER: Final = N_(
    "You are the last owner of a company. Make somebody else its owner first, then erase your account."
)

register_notice("consents-saved", "success", N_("Saved. You can change your mind at any time."))
register_notice("export-begun", "info", N_("Your file is being made. Load this page again in a moment."))
register_notice("erased", "success", N_("Your account is erased. You are signed out everywhere."))
slots.fill("account_tabs", Filling("privacy", "people/privacy/account_tab.html", order=80))


@get(HOME, guards=[page], include_in_schema=False)
async def show_privacy(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Show consents, the file of one's data, and the way out."""
    return await _page(request, context, runtime)


@post(f"{HOME}/consents", guards=[page], include_in_schema=False)
async def save_consents(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Note what one agrees to: a box that is not ticked is a no."""
    user_id = _person(context)
    ticked = (await request.form()).keys()
    async with runtime.database.transaction() as session:
        await record_consents(
            session,
            context.company_id,
            user_id,
            {name: name in ticked for name in PURPOSES},
            at=runtime.clock.now(),
            address=context.address,
        )
    return see_other(HOME, notice="consents-saved")


@post(f"{HOME}/export", guards=[page], include_in_schema=False)
async def begin_own_export(context: Context, runtime: Runtime) -> Response[bytes]:
    """Ask for the file."""
    _person(context)
    async with runtime.database.transaction() as session:
        await ask_for_own_export(session, context, runtime.clock.now())
    return see_other(HOME, notice="export-begun")


@get(f"{HOME}/export/{{export_id:uuid}}", guards=[page], include_in_schema=False)
async def take_own_export(export_id: UUID, context: Context, runtime: Runtime) -> Response[bytes]:
    """The file."""
    return zip_response(
        await file_of(runtime, await own_export(runtime, _person(context), export_id)), export_id
    )


@get(f"{HOME}/erase", guards=[page], include_in_schema=False)
async def ask_before_erasing(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Ask first; who has not proved lately to be there does that before."""
    _person(context)
    require_step_up(context, runtime.clock.now())
    return await page_response(request, "people/privacy/erase.html", headers={"Cache-Control": "no-store"})


@post(f"{HOME}/erase", guards=[page], include_in_schema=False)
async def erase_own_account(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Erase the account, once the box is ticked."""
    _person(context)
    require_step_up(context, runtime.clock.now())
    if (await request.form()).get("confirmed") != "1":
        return see_other(f"{HOME}/erase")
    try:
        async with runtime.database.transaction() as session:
            await erase_own(session, runtime, context)
    except Conflict as refusal:
        if refusal.code != "last_owner":
            raise
        return await _page(request, context, runtime, problem=translator(context.locale).gettext(LAST_OWNER))
    return see_other("/sign-in", notice="erased")


PRIVACY_PAGES = (
    show_privacy,
    save_consents,
    begin_own_export,
    take_own_export,
    ask_before_erasing,
    erase_own_account,
)


async def _page(
    request: AnyRequest, context: Context, runtime: Runtime, *, problem: str = ""
) -> Response[bytes]:
    user_id = _person(context)
    states = await consents_of(runtime.database, context.company_id, user_id)
    words = translator(context.locale)
    return await page_response(
        request,
        "people/privacy/privacy.html",
        status=409 if problem else 200,
        consents=[(state, words.gettext(state.purpose.text)) for state in states],
        export=await latest_export(runtime.database, user_id, runtime.clock.now()),
        problem=problem,
    )


def _person(context: Context) -> UUID:
    """The signed-in person's id. Raises `Unauthorised`, which leads guests to sign in."""
    if context.caller.user_id is None:
        raise Unauthorised("sign_in_required", "Sign in first.")
    return context.caller.user_id
