"""What travels about staff and invitations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from pasar.kernel.http.schema import Input, Output
from pasar.people.access.public import InvitationFacts, Member

# Only bounds on work; what is really asked of each is said by its rule.
Text = Annotated[str, Meta(max_length=1000)]
RoleName = Annotated[str, Meta(min_length=1, max_length=60)]


class MemberAnswer(Output):
    """A colleague. `role` is one of ours, or `custom` with `customRoleId`; `roleName` is what it says."""

    user_id: UUID
    name: str
    email: str
    role: str
    custom_role_id: UUID | None
    role_name: str
    permissions: list[str]
    is_active: bool
    since: datetime


class MemberChangeBody(Input):
    """Another role: either one of ours or one of the company's."""

    role: RoleName | None = None
    custom_role_id: UUID | None = None


class InviteBody(Input):
    """Whom to invite to which role: either one of ours or one of the company's."""

    email: Text
    role: RoleName | None = None
    custom_role_id: UUID | None = None


class InvitationAnswer(Output):
    """An invitation. `state` is `open`, `expired`, `accepted` or `revoked`; `sentAt` is its last mail's."""

    id: UUID
    email: str
    role: str
    custom_role_id: UUID | None
    role_name: str
    state: str
    invited_by: str | None
    created_at: datetime
    sent_at: datetime | None
    expires_at: datetime


class AcceptBody(Input):
    """The token of the mail's link; `name` and `password` for whoever has no account yet."""

    token: Text
    name: Text | None = None
    password: Text | None = None


class AcceptedAnswer(Output):
    """Where the person works now. Sign in with `email` to start."""

    company_id: UUID
    email: str
    role: str
    role_name: str


def member_answer(member: Member) -> MemberAnswer:
    """Write a colleague for the wire."""
    return MemberAnswer(
        user_id=member.user_id,
        name=member.name,
        email=member.email,
        role=member.grant.role,
        custom_role_id=member.grant.custom_role_id,
        role_name=member.grant.name,
        permissions=sorted(member.grant.permissions),
        is_active=member.is_active,
        since=member.since,
    )


def invitation_answer(facts: InvitationFacts) -> InvitationAnswer:
    """Write an invitation for the wire."""
    return InvitationAnswer(
        id=facts.id,
        email=facts.email,
        role=facts.grant.role,
        custom_role_id=facts.grant.custom_role_id,
        role_name=facts.grant.name,
        state=facts.state,
        invited_by=facts.inviter or None,
        created_at=facts.created_at,
        sent_at=facts.sent_at,
        expires_at=facts.expires_at,
    )
