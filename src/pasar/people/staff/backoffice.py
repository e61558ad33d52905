"""Staff in the back office: who works here, another role, letting somebody go."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from litestar import Request, Response, get, post

from pasar.kernel.errors import NotFound, Problem
from pasar.kernel.http.guards import staff_page
from pasar.kernel.i18n import N_, Translator, translator
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.people.access.public import (
    InvitationFacts,
    Member,
    change_member,
    invitations_of,
    is_platform,
    member_of,
    members_of,
    own_roles,
    role_choices,
    role_chosen,
    role_value,
    role_word,
)
from pasar.people.staff.actions.let_go import let_go
from pasar.people.staff.actions.sign_out import sign_out_colleague
from pasar.people.staff.refusals import REFUSALS
from pasar.web.answering import page_response, see_other
from pasar.web.form_inputs import refusal_errors
from pasar.web.form_values import text_of
from pasar.web.menus import MenuEntry, admin_menu
from pasar.web.notices import register_notice
from pasar.web.tables import Badge, Column, Link, Moment, Row, Table, Tone

__all__ = ["HOME", "STAFF_BACKOFFICE", "TEMPLATES", "WRITE", "givable_roles", "state_badge"]

AnyRequest = Request[Any, Any, Any]
HOME: Final = "/admin/staff"
MEMBER: Final = HOME + "/{user_id:uuid}"
READ, WRITE = [staff_page("staff:read")], [staff_page("staff:write", step_up=True)]
TEMPLATES: Final = "people/staff/backoffice"
_STATES: Final[dict[str, tuple[str, Tone]]] = {
    "open": (N_("Not accepted yet"), "warning"),
    "expired": (N_("Expired"), "neutral"),
    "accepted": (N_("Accepted"), "success"),
    "revoked": (N_("Taken back"), "neutral"),
}

admin_menu.add(MenuEntry(N_("Staff"), HOME, "person", group="people", permission="staff:read", order=20))
register_notice("staff-left", "success", N_("Done. They can no longer work here."))

register_notice("staff-signed-out", "success", N_("Done. They are signed out here and must sign in again."))


@get(HOME, guards=READ, include_in_schema=False)
async def show_staff(request: AnyRequest, context: Context, runtime: Runtime) -> Response[bytes]:
    """List who works here and who is invited."""
    words = translator(context.locale)
    members = await members_of(runtime.database, context.company_id)
    invitations = await invitations_of(runtime.database, context.company_id, runtime.clock.now())
    return await page_response(
        request,
        f"{TEMPLATES}/staff.html",
        members=_member_table(members, context, words),
        invitations=_invitation_table(invitations, words),
    )


@get(MEMBER, guards=READ, include_in_schema=False)
async def show_member(
    request: AnyRequest, context: Context, runtime: Runtime, user_id: UUID
) -> Response[bytes]:
    """Show one colleague with the roles that can be given."""
    member = await _member(context, runtime, user_id)
    return await _member_page(request, context, runtime, member, role_value(member.grant))


@post(MEMBER, guards=WRITE, include_in_schema=False)
async def edit_member(
    request: AnyRequest, context: Context, runtime: Runtime, user_id: UUID
) -> Response[bytes]:
    """Give another role."""
    member = await _member(context, runtime, user_id)
    value = text_of(await request.form(), "role", 60)
    role, custom_role_id = role_chosen(value)
    try:
        async with runtime.database.transaction() as session:
            await change_member(
                session,
                context.company_id,
                user_id,
                by=context.user_id,
                role=role,
                custom_role_id=custom_role_id,
            )
    except Problem as problem:
        return await _member_page(request, context, runtime, member, value, problem)
    return see_other(HOME, notice="saved")


@get(f"{MEMBER}/remove", guards=WRITE, include_in_schema=False)
async def ask_remove_member(
    request: AnyRequest, context: Context, runtime: Runtime, user_id: UUID
) -> Response[bytes]:
    """Ask before somebody goes."""
    member = await _member(context, runtime, user_id)
    words = translator(context.locale)
    return await page_response(
        request,
        "layouts/admin_confirm.html",
        title=words.gettext("Let {name} go?", name=member.name),
        consequence=words.gettext(
            "They are signed out of your back office at once. Their account as a shopper and the API keys "
            "that they made stay."
        ),
        action_path=f"{HOME}/{user_id}/remove",
        confirm_label=words.gettext("End their work here"),
        cancel_path=f"{HOME}/{user_id}",
        hidden={},
    )


@post(f"{MEMBER}/remove", guards=WRITE, include_in_schema=False)
async def remove_staff(
    request: AnyRequest, context: Context, runtime: Runtime, user_id: UUID
) -> Response[bytes]:
    """End somebody's work here."""
    member = await _member(context, runtime, user_id)
    try:
        async with runtime.database.transaction() as session:
            await let_go(session, context.company_id, user_id, by=context.user_id, at=runtime.clock.now())
    except Problem as problem:
        return await _member_page(request, context, runtime, member, role_value(member.grant), problem)
    return see_other(HOME, notice="staff-left")


@get(f"{MEMBER}/sign-out", guards=WRITE, include_in_schema=False)
async def ask_sign_member_out(
    request: AnyRequest, context: Context, runtime: Runtime, user_id: UUID
) -> Response[bytes]:
    """Ask before somebody is signed out."""
    member = await _member(context, runtime, user_id)
    words = translator(context.locale)
    return await page_response(
        request,
        "layouts/admin_confirm.html",
        title=words.gettext("Sign {name} out everywhere here?", name=member.name),
        consequence=words.gettext(
            "Every browser and app that is signed in to your back office or shop as this person is signed "
            "out. They can sign in again, and API keys stay. If a password may be known to others, let them "
            "change it."
        ),
        action_path=f"{HOME}/{user_id}/sign-out",
        confirm_label=words.gettext("Sign out everywhere here"),
        cancel_path=f"{HOME}/{user_id}",
        hidden={},
    )


@post(f"{MEMBER}/sign-out", guards=WRITE, include_in_schema=False)
async def sign_member_out(
    request: AnyRequest, context: Context, runtime: Runtime, user_id: UUID
) -> Response[bytes]:
    """Sign somebody out everywhere here."""
    member = await _member(context, runtime, user_id)
    try:
        async with runtime.database.transaction() as session:
            await sign_out_colleague(session, context, user_id, runtime.clock.now())
    except Problem as problem:
        return await _member_page(request, context, runtime, member, role_value(member.grant), problem)
    return see_other(f"{HOME}/{user_id}", notice="staff-signed-out")


STAFF_BACKOFFICE = (
    show_staff,
    show_member,
    edit_member,
    ask_remove_member,
    remove_staff,
    ask_sign_member_out,
    sign_member_out,
)


async def givable_roles(context: Context, runtime: Runtime) -> list[tuple[str, str]]:
    """The roles that whoever calls can give: value and word."""
    own = await own_roles(runtime.database, context.company_id)
    platform = await is_platform(runtime.database, context.company_id)
    return role_choices(own, context.caller.permissions, translator(context.locale), platform=platform)


def state_badge(facts: InvitationFacts, words: Translator) -> Badge:
    """An invitation's state."""
    text, tone = _STATES[facts.state]
    return Badge(words.gettext(text), tone)


def _member_table(members: list[Member], context: Context, words: Translator) -> Table:
    def row(member: Member) -> Row:
        name = words.gettext("{name} (you)", name=member.name)
        link = Link(
            name if member.user_id == context.caller.user_id else member.name, f"{HOME}/{member.user_id}"
        )
        state = (
            Badge(words.gettext("Active"), "success")
            if member.is_active
            else Badge(words.gettext("Shut out"), "warning")
        )
        return Row(
            str(member.user_id),
            (link, member.email, role_word(member.grant, words), state, Moment(member.since)),
        )

    labels = (N_("Name"), N_("E-mail"), N_("Role"), N_("Status"), N_("Since"))
    return Table(
        columns=tuple(Column(words.gettext(label)) for label in labels),
        rows=[row(one) for one in members],
        empty_title=words.gettext("Nobody works here"),
        empty_text=words.gettext("Invite a colleague."),
        total=len(members),
    )


def _invitation_table(invitations: list[InvitationFacts], words: Translator) -> Table:
    rows = [
        Row(
            str(one.id),
            (
                Link(one.email, f"{HOME}/invitations/{one.id}"),
                role_word(one.grant, words),
                state_badge(one, words),
                one.inviter or None,
                Moment(one.expires_at),
            ),
        )
        for one in invitations
        if one.state in {"open", "expired"}
    ]
    labels = (N_("E-mail"), N_("Role"), N_("Status"), N_("Invited by"), N_("Good until"))
    return Table(
        columns=tuple(Column(words.gettext(label)) for label in labels),
        rows=rows,
        empty_title="",
        empty_text="",
    )


async def _member(context: Context, runtime: Runtime, user_id: UUID) -> Member:
    member = await member_of(runtime.database, context.company_id, user_id)
    if member is None:
        raise NotFound("staff_not_found", "Nobody with this id works here.")
    return member


async def _member_page(
    request: AnyRequest,
    context: Context,
    runtime: Runtime,
    member: Member,
    chosen: str,
    problem: Problem | None = None,
) -> Response[bytes]:
    words = translator(context.locale)
    choices = await givable_roles(context, runtime)
    return await page_response(
        request,
        f"{TEMPLATES}/member.html",
        status=problem.status if problem else 200,
        member=member,
        role=role_word(member.grant, words),
        choices=choices,
        chosen=chosen,
        # Whoever may do more than the reader, and the reader, are shown without a form.
        changeable=member.user_id != context.caller.user_id
        and role_value(member.grant) in dict(choices)
        and context.caller.may("staff:write"),
        itself=member.user_id == context.caller.user_id,
        errors=refusal_errors(problem, REFUSALS, words) if problem else {},
    )
