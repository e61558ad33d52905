"""The page behind an invitation's link."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request, Response, get, post

from pasar.kernel.errors import Conflict, Forbidden, NotFound, Problem, Unauthorised, Unprocessable
from pasar.kernel.http.guards import page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.access.public import Invited, role_word
from pasar.people.sign_in.public import field_words
from pasar.people.staff.actions.accept import (
    accept_as_known,
    accept_as_new,
    has_account,
    look_at_invitation,
)
from pasar.web.answering import page_response, see_other
from pasar.web.form_values import text_of
from pasar.web.notices import register_notice

__all__ = ["INVITATION_PAGES"]

AnyRequest = Request[Any, Any, Any]
HERE: Final = "/invitations/{token:str}"
NO_STORE: Final = {"Cache-Control": "no-store"}
LONGEST_PASSWORD: Final = 1000
_OVER: Final = {
    "invitation_unknown": N_(
        "The link is not complete, or a later mail has replaced it. Open the last mail's."
    ),
    "invitation_used": N_("It is accepted already. Sign in to start."),
    "invitation_revoked": N_("It was taken back. Ask whoever invited you for another one."),
    "invitation_expired": N_("Its seven days are over. Ask whoever invited you to send it again."),
    "already_staff": N_("You work there already. Sign in to start."),
}

register_notice("joined", "success", N_("Welcome. You work here now."))
register_notice("joined-new", "success", N_("Your account is ready. Sign in to start."))


@get(HERE, guards=[page], include_in_schema=False)
async def show_invitation(
    request: AnyRequest, context: Context, runtime: Runtime, token: str
) -> Response[bytes]:
    """Show who invites to what, and how to accept."""
    try:
        invited = await _here(context, runtime, token)
    except Problem as problem:
        return await _over(request, context, problem)
    return await _ask(request, context, runtime, token, invited)


@post(HERE, guards=[page], include_in_schema=False)
async def accept_invitation(
    request: AnyRequest, context: Context, runtime: Runtime, token: str
) -> Response[bytes]:
    """Accept: as whoever is signed in, else as a new person."""
    form = await request.form()
    name = text_of(form, "name")
    try:
        invited = await _here(context, runtime, token)
        if context.caller.kind == "guest":
            password = text_of(form, "password", LONGEST_PASSWORD, strip=False)
            await accept_as_new(runtime, context.site, token, name=name, password=password)
            return see_other("/sign-in?back=/admin", notice="joined-new")
        await accept_as_known(runtime, token, context.caller)
    except (Unauthorised, Forbidden):  # the page itself says to sign in, or out
        return await _ask(request, context, runtime, token, invited, status=403)
    except Unprocessable as problem:
        errors = field_words(problem.errors, translator(context.locale))
        return await _ask(request, context, runtime, token, invited, status=422, name=name, errors=errors)
    except (Conflict, NotFound) as problem:
        return await _over(request, context, problem)
    return see_other("/admin", notice="joined")


INVITATION_PAGES = (show_invitation, accept_invitation)


async def _here(context: Context, runtime: Runtime, token: str) -> Invited:
    """The invitation to this shop's company: at another one's the link is of nothing."""
    invited = await look_at_invitation(runtime, token)
    if invited.company_id != context.company_id:
        raise NotFound("invitation_unknown", "This link is of another shop.")
    return invited


async def _ask(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    token: str,
    invited: Invited,
    *,
    status: int = 200,
    name: str = "",
    errors: dict[str, str] | None = None,
) -> Response[bytes]:
    caller = context.caller
    if caller.kind != "guest":
        way = "accept" if caller.email == invited.email else "another"
    else:
        way = "sign_in" if await has_account(runtime.database, invited.email) else "new"
    return await page_response(
        request,
        "people/staff/invitation.html",
        status=status,
        headers=NO_STORE,
        invited=invited,
        role=role_word(invited.grant, translator(context.locale)),
        way=way,
        token=token,
        name=name,
        errors=errors or {},
    )


async def _over(request: AnyRequest, context: Context, problem: Problem) -> Response[bytes]:
    if problem.code not in _OVER:
        raise problem
    return await page_response(
        request,
        "people/staff/invitation_over.html",
        status=problem.status,
        headers=NO_STORE,
        text=translator(context.locale).gettext(_OVER[problem.code]),
        sign_in=problem.code in {"invitation_used", "already_staff"},
    )
