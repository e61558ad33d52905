"""One's own sign-ins over HTTP."""

from __future__ import annotations

from uuid import UUID

from litestar import delete, get

from pasar.kernel.http.guards import signed_in
from pasar.kernel.http.schema import Page
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.sign_in.sessions.own_sessions import end_other_sessions, end_own_session, own_sessions
from pasar.people.sign_in.sessions.schemas import EndedAnswer, SessionAnswer, session_answer

__all__ = ["SESSION_ROUTES"]

HOME = "/api/auth/sessions"


@get(HOME, guards=[signed_in], summary="Where am I signed in?", tags=["Sign-in"])
async def list_sessions(context: Context, runtime: Runtime) -> Page[SessionAnswer]:
    """List one's own sign-ins that are still good, the last used first."""
    found = await own_sessions(runtime.database, context.user_id, runtime.clock.now())
    items = [session_answer(one, context.caller.sign_in_id) for one in found]
    return Page(items=items, total=len(items))


@delete(HOME + "/{session_id:uuid}", guards=[signed_in], summary="Sign out there", tags=["Sign-in"])
async def end_session(session_id: UUID, context: Context, runtime: Runtime) -> None:
    """End one of one's own sign-ins, in every process within a second."""
    async with runtime.database.transaction() as session:
        await end_own_session(session, context.user_id, session_id, runtime.clock.now())


@delete(HOME, status_code=200, guards=[signed_in], summary="Sign out everywhere else", tags=["Sign-in"])
async def end_others(context: Context, runtime: Runtime) -> EndedAnswer:
    """End all of one's own sign-ins but the one that calls."""
    async with runtime.database.transaction() as session:
        ended = await end_other_sessions(
            session, context.user_id, context.caller.sign_in_id, runtime.clock.now()
        )
    return EndedAnswer(ended=ended)


SESSION_ROUTES = (list_sessions, end_session, end_others)
