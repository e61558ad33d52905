"""What travels about roles and API keys."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from pasar.kernel.http.schema import Input, Output
from pasar.people.access.actions.keep_key import LONGEST_OLD_KEY_HOURS, OLD_KEY_HOURS, MadeKey
from pasar.people.access.queries import KeyFacts

Label = Annotated[str, Meta(min_length=1, max_length=200)]
Names = Annotated[list[Annotated[str, Meta(max_length=60)]], Meta(max_length=100)]


class RoleBody(Input):
    """A role to make. `permissions` are names from `GET /api/admin/roles`."""

    name: Label
    permissions: Names


class RoleChangeBody(Input):
    """Changes; what is left out stays."""

    name: Label | None = None
    permissions: Names | None = None


class PermissionAnswer(Output):
    """A permission with what it allows, in English."""

    name: str
    meaning: str


class RoleAnswer(Output):
    """A role: one of ours, named by `role`, or the company's own, named by `customRoleId`.

    `permissions` of the owner are `["*"]`: everything, and what comes later.
    """

    role: str | None
    custom_role_id: UUID | None
    name: str
    meaning: str
    permissions: list[str]
    members: int


class RolesAnswer(Output):
    """All roles, ours first, and every permission that a role may have."""

    items: list[RoleAnswer]
    permissions: list[PermissionAnswer]


class KeyBody(Input):
    """A key to make. `scopes` are permissions by name; without `expiresAt` it is good until revoked."""

    name: Label
    scopes: Names
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None


class RotateBody(Input):
    """How many hours the former key stays good."""

    old_key_hours: Annotated[int, Meta(ge=0, le=LONGEST_OLD_KEY_HOURS)] = OLD_KEY_HOURS


class KeyAnswer(Output):
    """A key without its secret. `state` is `active`, `expired` or `revoked`; `prefix` begins the key.

    `makerLeft`: who made it no longer works here; the key goes on. `oldGoodUntil` is set for as long as the
    key before the last renewal is good.
    """

    id: UUID
    name: str
    prefix: str
    scopes: list[str]
    state: str
    made_by: str
    maker_left: bool
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    last_used_from: str | None
    old_good_until: datetime | None


class MadeKeyAnswer(Output):
    """A key that was made or renewed. `key` is the whole of it, told this once."""

    id: UUID
    prefix: str
    key: str


def key_answer(facts: KeyFacts) -> KeyAnswer:
    """Write a key for the wire."""
    return KeyAnswer(
        id=facts.id,
        name=facts.name,
        prefix=facts.prefix,
        scopes=list(facts.scopes),
        state=facts.state,
        made_by=facts.maker,
        maker_left=facts.maker_left,
        created_at=facts.created_at,
        expires_at=facts.expires_at,
        revoked_at=facts.revoked_at,
        last_used_at=facts.last_used_at,
        last_used_from=facts.last_used_from or None,
        old_good_until=facts.old_good_until,
    )


def made_key_answer(made: MadeKey) -> MadeKeyAnswer:
    """Write a new key for the wire, once."""
    return MadeKeyAnswer(id=made.id, prefix=made.secret.prefix, key=made.secret.key)
