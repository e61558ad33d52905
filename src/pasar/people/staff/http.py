"""Staff and invitations over HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, patch, post
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.errors import FieldProblem, NotFound, Unprocessable
from pasar.kernel.http.guards import bearer_of, shopper, staff
from pasar.kernel.http.schema import Page
from pasar.kernel.idempotency import IdempotencyKey, once
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context, company_header
from pasar.people.access.public import (
    InvitationFacts,
    change_member,
    invitation_of,
    invitations_of,
    invite,
    member_of,
    members_of,
    resend_invitation,
    revoke_invitation,
)
from pasar.people.staff.actions.accept import accept_as_known, accept_as_new
from pasar.people.staff.actions.let_go import let_go
from pasar.people.staff.actions.sign_out import sign_out_colleague
from pasar.people.staff.schemas import (
    AcceptBody,
    AcceptedAnswer,
    InvitationAnswer,
    InviteBody,
    MemberAnswer,
    MemberChangeBody,
    invitation_answer,
    member_answer,
)
from pasar.people.users.public import EmailError, normalise_email

AnyRequest = Request[Any, Any, Any]
READ, WRITE = [staff("staff:read")], [staff("staff:write", step_up=True)]
STAFF, INVITATIONS = ["Staff"], ["Invitations"]


@get("/api/admin/staff", guards=READ, summary="List staff", tags=STAFF)
async def list_staff(context: Context, runtime: Runtime) -> Page[MemberAnswer]:
    """List everybody who works here, with their roles."""
    found = await members_of(runtime.database, context.company_id)
    return Page(items=[member_answer(one) for one in found], total=len(found))


@get("/api/admin/staff/{user_id:uuid}", guards=READ, summary="Read a colleague", tags=STAFF)
async def show_member(context: Context, runtime: Runtime, user_id: UUID) -> MemberAnswer:
    """Read one of them."""
    return await _member(context, runtime, user_id)


@patch("/api/admin/staff/{user_id:uuid}", guards=WRITE, summary="Give another role", tags=STAFF)
async def edit_member(
    context: Context, runtime: Runtime, user_id: UUID, data: MemberChangeBody
) -> MemberAnswer:
    """Give a colleague another role, from their next call on. Nobody changes their own."""
    async with runtime.database.transaction() as session:
        await change_member(
            session,
            context.company_id,
            user_id,
            by=context.user_id,
            role=data.role,
            custom_role_id=data.custom_role_id,
        )
    return await _member(context, runtime, user_id)


@delete("/api/admin/staff/{user_id:uuid}", guards=WRITE, summary="Let somebody go", tags=STAFF)
async def remove_staff(context: Context, runtime: Runtime, user_id: UUID) -> None:
    """End somebody's work here, and their sign-ins as staff of this company."""
    async with runtime.database.transaction() as session:
        await let_go(session, context.company_id, user_id, by=context.user_id, at=runtime.clock.now())


@delete("/api/admin/staff/{user_id:uuid}/sessions", guards=WRITE, summary="Sign a colleague out", tags=STAFF)
async def sign_staff_out(context: Context, runtime: Runtime, user_id: UUID) -> None:
    """End every sign-in that opens this company for a colleague, for a lost telephone; they may come back."""
    async with runtime.database.transaction() as session:
        await sign_out_colleague(session, context, user_id, runtime.clock.now())


@get("/api/admin/invitations", guards=READ, summary="List invitations", tags=INVITATIONS)
async def list_invitations(context: Context, runtime: Runtime) -> Page[InvitationAnswer]:
    """List the last 200 invitations, the newest first."""
    found = await invitations_of(runtime.database, context.company_id, runtime.clock.now())
    return Page(items=[invitation_answer(one) for one in found], total=len(found))


@post(
    "/api/admin/invitations",
    guards=WRITE,
    summary="Invite a colleague",
    tags=INVITATIONS,
)
async def send_invitation(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    data: InviteBody,
    idempotency_key: IdempotencyKey = None,  # noqa: ARG001  `once` reads it; here it is described
) -> Response[InvitationAnswer]:
    """Invite somebody by e-mail to a role within one's own rights."""
    email = invited_email(data.email)
    now = runtime.clock.now()

    async def work(session: AsyncSession) -> InvitationAnswer:
        invitation_id = await invite(
            session,
            context.company_id,
            email,
            role=data.role,
            custom_role_id=data.custom_role_id,
            by=context.user_id,
            locale=context.locale,
            at=now,
        )
        return invitation_answer(await _found(session, context, invitation_id, runtime))

    return await once(request, work)


@post(
    "/api/admin/invitations/{invitation_id:uuid}/resend",
    guards=WRITE,
    status_code=200,
    summary="Send an invitation again",
    tags=INVITATIONS,
)
async def send_again(context: Context, runtime: Runtime, invitation_id: UUID) -> InvitationAnswer:
    """Send another mail, good for seven days; the link of the former one ends."""
    async with runtime.database.transaction() as session:
        await resend_invitation(
            session, context.company_id, invitation_id, by=context.user_id, at=runtime.clock.now()
        )
        return invitation_answer(await _found(session, context, invitation_id, runtime))


@delete(
    "/api/admin/invitations/{invitation_id:uuid}",
    guards=WRITE,
    summary="Take an invitation back",
    tags=INVITATIONS,
)
async def take_back(context: Context, runtime: Runtime, invitation_id: UUID) -> None:
    """End an invitation that nobody has accepted."""
    async with runtime.database.transaction() as session:
        await revoke_invitation(session, context.company_id, invitation_id, at=runtime.clock.now())


@post(
    "/api/auth/accept-invitation",
    guards=[shopper],
    status_code=200,
    summary="Accept an invitation",
    tags=["Sign-in"],
)
async def accept_invitation(
    request: AnyRequest, context: Context, runtime: Runtime, data: AcceptBody
) -> AcceptedAnswer:
    """Work where one was invited: signed in as the invited address or, without an account, as a new one."""
    if context.caller.kind == "guest":
        invited = await accept_as_new(
            runtime, context.site, data.token, name=data.name, password=data.password
        )
    else:
        _ = context.user_id  # raises for API keys
        token = bearer_of(request)
        assert token is not None, "whoever is no guest has sent one"
        # The guard believes customers' tokens; this call gives rights, so that it looks.
        caller = await runtime.authenticator.by_bearer(token, company=company_header(request), fresh=True)
        invited = await accept_as_known(runtime, data.token, caller)
    return AcceptedAnswer(
        company_id=invited.company_id,
        email=invited.email,
        role=invited.grant.role,
        role_name=invited.grant.name,
    )


def invited_email(text: str) -> str:
    """The normalised address. Raises `Unprocessable` (`invalid_fields`) on the field `email`."""
    try:
        return normalise_email(text)
    except EmailError as refusal:
        problem = FieldProblem("email", "invalid", str(refusal))
        raise Unprocessable("invalid_fields", str(refusal), errors=[problem]) from None


async def _member(context: Context, runtime: Runtime, user_id: UUID) -> MemberAnswer:
    member = await member_of(runtime.database, context.company_id, user_id)
    if member is None:
        raise NotFound("staff_not_found", "Nobody with this id works here.")
    return member_answer(member)


async def _found(
    session: AsyncSession, context: Context, invitation_id: UUID, runtime: Runtime
) -> InvitationFacts:
    found = await invitation_of(session, context.company_id, invitation_id, runtime.clock.now())
    assert found is not None, "it is locked in this transaction"
    return found


ROUTES = (
    list_staff,
    show_member,
    edit_member,
    remove_staff,
    sign_staff_out,
    list_invitations,
    send_invitation,
    send_again,
    take_back,
    accept_invitation,
)
