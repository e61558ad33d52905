"""The page of one's own sign-ins: where one is signed in, and signing out there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post

from pasar.kernel.errors import NotFound, Unauthorised
from pasar.kernel.http.guards import page
from pasar.kernel.i18n import N_
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.sign_in.device_words import device_words
from pasar.people.sign_in.sessions.own_sessions import end_other_sessions, end_own_session, own_sessions
from pasar.web.answering import page_response, see_other
from pasar.web.notices import register_notice
from pasar.web.slots import Filling, slots

__all__ = ["SESSION_PAGES"]

AnyRequest = Request[Any, Any, Any]
HOME = "/account/sessions"

register_notice("session-ended", "success", N_("That device is signed out."))
register_notice("session-over", "info", N_("That device was signed out already."))
register_notice("sessions-ended", "success", N_("You are signed out everywhere else."))
slots.fill("account_tabs", Filling("sessions", "people/sign_in/sessions_tab.html", order=60))


@get(HOME, guards=[page], include_in_schema=False)
async def show_sessions(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Show where the person is signed in."""
    found = await own_sessions(runtime.database, _person(context), runtime.clock.now())
    # The one that asks comes first, whatever its time.
    ordered = sorted(found, key=lambda one: one.id != context.caller.sign_in_id)
    return await page_response(
        request,
        "people/sign_in/sessions.html",
        sessions=[(one, device_words(one.agent)) for one in ordered],
        current=context.caller.sign_in_id,
    )


@post(HOME + "/{session_id:uuid}/end", guards=[page], include_in_schema=False)
async def end_session(session_id: UUID, context: Context, runtime: Runtime) -> Response[bytes]:
    """Sign one device out."""
    user_id = _person(context)
    try:
        async with runtime.database.transaction() as session:
            await end_own_session(session, user_id, session_id, runtime.clock.now())
    except NotFound:
        return see_other(HOME, notice="session-over")
    return see_other(HOME, notice="session-ended")


@post(HOME + "/end-others", guards=[page], include_in_schema=False)
async def end_others(context: Context, runtime: Runtime) -> Response[bytes]:
    """Sign out everywhere but here."""
    user_id = _person(context)
    async with runtime.database.transaction() as session:
        await end_other_sessions(session, user_id, context.caller.sign_in_id, runtime.clock.now())
    return see_other(HOME, notice="sessions-ended")


SESSION_PAGES = (show_sessions, end_session, end_others)


def _person(context: Context) -> UUID:
    """The signed-in person's id. Raises `Unauthorised`, which leads guests to sign in."""
    if context.caller.user_id is None:
        raise Unauthorised("sign_in_required", "Sign in first.")
    return context.caller.user_id
