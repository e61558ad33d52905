"""Invitations in the back office: inviting, sending again, taking back."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post

from pasar.kernel.errors import NotFound, Problem
from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.access.public import (
    InvitationFacts,
    invitation_of,
    invite,
    resend_invitation,
    revoke_invitation,
    role_chosen,
    role_word,
)
from pasar.people.staff.backoffice import HOME, TEMPLATES, WRITE, givable_roles, state_badge
from pasar.people.staff.http import invited_email
from pasar.people.staff.refusals import REFUSALS
from pasar.web.answering import page_response, see_other
from pasar.web.form_inputs import refusal_errors
from pasar.web.form_values import text_of
from pasar.web.notices import register_notice

__all__ = ["INVITATION_BACKOFFICE"]

AnyRequest = Request[Any, Any, Any]
INVITATION: Final = HOME + "/invitations/{invitation_id:uuid}"
LONGEST_EMAIL: Final = 320

register_notice("staff-invited", "success", N_("The invitation is on its way by mail."))
register_notice("invitation-taken-back", "success", N_("The invitation is taken back. Its link is dead."))


@get(f"{HOME}/invite", guards=WRITE, include_in_schema=False)
async def new_invitation(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Ask whom to invite."""
    return await _form(request, context, runtime, {"email": "", "role": ""})


@post(f"{HOME}/invite", guards=WRITE, include_in_schema=False)
async def send_invitation(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """Invite somebody."""
    form = await request.form()
    values = {"email": text_of(form, "email", LONGEST_EMAIL), "role": text_of(form, "role", 60)}
    role, custom_role_id = role_chosen(values["role"])
    try:
        email = invited_email(values["email"])
        async with runtime.database.transaction() as session:
            await invite(
                session,
                context.company_id,
                email,
                role=role,
                custom_role_id=custom_role_id,
                by=context.user_id,
                locale=context.locale,
                at=runtime.clock.now(),
            )
    except Problem as problem:
        return await _form(request, context, runtime, values, problem)
    return see_other(HOME, notice="staff-invited")


@get(INVITATION, guards=[staff_page("staff:read")], include_in_schema=False)
async def show_invitation(
    request: AnyRequest, context: Context, runtime: Runtime, invitation_id: UUID
) -> Response[bytes]:
    """Show one invitation."""
    return await _page(request, context, runtime, invitation_id)


@post(f"{INVITATION}/resend", guards=WRITE, include_in_schema=False)
async def send_again(
    request: AnyRequest, context: Context, runtime: Runtime, invitation_id: UUID
) -> Response[bytes]:
    """Send another mail."""
    try:
        async with runtime.database.transaction() as session:
            await resend_invitation(
                session, context.company_id, invitation_id, by=context.user_id, at=runtime.clock.now()
            )
    except NotFound:
        raise
    except Problem as problem:
        return await _page(request, context, runtime, invitation_id, problem)
    return see_other(HOME, notice="staff-invited")


@post(f"{INVITATION}/revoke", guards=WRITE, include_in_schema=False)
async def take_back(
    request: AnyRequest, context: Context, runtime: Runtime, invitation_id: UUID
) -> Response[bytes]:
    """Take it back."""
    try:
        async with runtime.database.transaction() as session:
            await revoke_invitation(session, context.company_id, invitation_id, at=runtime.clock.now())
    except NotFound:
        raise
    except Problem as problem:
        return await _page(request, context, runtime, invitation_id, problem)
    return see_other(HOME, notice="invitation-taken-back")


INVITATION_BACKOFFICE = (new_invitation, send_invitation, show_invitation, send_again, take_back)


async def _form(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    values: dict[str, str],
    problem: Problem | None = None,
) -> Response[bytes]:
    words = translator(context.locale)
    return await page_response(
        request,
        f"{TEMPLATES}/invite.html",
        status=problem.status if problem else 200,
        values=values,
        choices=await givable_roles(context, runtime),
        errors=refusal_errors(problem, REFUSALS, words) if problem else {},
    )


async def _page(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    invitation_id: UUID,
    problem: Problem | None = None,
) -> Response[bytes]:
    found: InvitationFacts | None = await invitation_of(
        runtime.database, context.company_id, invitation_id, runtime.clock.now()
    )
    if found is None:
        raise NotFound("invitation_not_found", "This company has no such invitation.")
    words = translator(context.locale)
    return await page_response(
        request,
        f"{TEMPLATES}/invitation.html",
        status=problem.status if problem else 200,
        invitation=found,
        role=role_word(found.grant, words),
        state=state_badge(found, words),
        errors=refusal_errors(problem, REFUSALS, words) if problem else {},
    )
