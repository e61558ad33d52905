"""May this person give that role? Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from pasar.kernel.errors import Forbidden
from pasar.people.access.roles import EVERYTHING, OWNER, beyond

BEYOND: Final = "beyond_own_rights"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role with what it allows: one of ours, or `custom` with the company's own."""

    role: str
    custom_role_id: UUID | None
    name: str
    permissions: frozenset[str]


def refuse_beyond(held: frozenset[str], asked: frozenset[str]) -> None:
    """Let through what whoever holds `held` can give. Raises `Forbidden` (`beyond_own_rights`)."""
    missing = beyond(held, asked)
    if EVERYTHING in missing:
        raise Forbidden(BEYOND, "Only an owner gives or takes ownership. Ask one.")
    if missing:
        names = ", ".join(sorted(missing))
        raise Forbidden(BEYOND, f"You cannot give or take what you lack yourself: {names}. Ask an owner.")


def refuse_change(giver: Grant, now: Grant, then: Grant | None) -> None:
    """Let through who may turn a member's role from `now` into `then`, or end it (None).

    Both must be within the giver's rights: whoever may do more is not sent away by whoever may do less.
    Raises `Forbidden` (`beyond_own_rights`).
    """
    refuse_beyond(giver.permissions, now.permissions)
    if then is not None:
        refuse_beyond(giver.permissions, then.permissions)


def is_owner(grant: Grant) -> bool:
    """Whether this is ownership: a company's own role is never, whatever it is called."""
    return grant.role == OWNER and grant.custom_role_id is None
