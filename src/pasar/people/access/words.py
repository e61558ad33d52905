"""How are roles and permissions called on a page?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from pasar.kernel.i18n import N_, Translator
from pasar.kernel.ids import parse_id
from pasar.people.access.giving import Grant
from pasar.people.access.queries import OwnRole
from pasar.people.access.roles import NAMES, PERMISSIONS, PLATFORM, ROLES, beyond, permissions_of

OWN: Final = "own:"
_GROUPS: Final = {
    "catalog": N_("Products"),
    "inventory": N_("Stock"),
    "orders": N_("Orders"),
    "customers": N_("Customers"),
    "finance": N_("Payments"),
    "payouts": N_("Payouts"),
    "settings": N_("Settings"),
    "sites": N_("Sites"),
    "staff": N_("Staff"),
    "roles": N_("Roles"),
    "keys": N_("API keys"),
    "audit": N_("Audit log"),
    "privacy": N_("Personal data"),
    "platform": N_("Platform"),
}


@dataclass(frozen=True, slots=True)
class PermissionChoice:
    """A permission to tick. `given` says that it is ticked."""

    name: str
    meaning: str
    given: bool


def role_word(grant: Grant, words: Translator) -> str:
    """How the role is called; a company's own by the company's word."""
    return grant.name if grant.custom_role_id else words.gettext(NAMES.get(grant.role, grant.role))


def role_value(grant: Grant) -> str:
    """The role as a form names it."""
    return f"{OWN}{grant.custom_role_id}" if grant.custom_role_id else grant.role


def role_chosen(value: str) -> tuple[str | None, UUID | None]:
    """What a form's value names: one of our roles, or one of the company's."""
    if value.startswith(OWN):
        found = parse_id(value.removeprefix(OWN))
        return (None, found) if found else ("", None)
    return value, None


def role_choices(
    own: Sequence[OwnRole], held: frozenset[str], words: Translator, *, platform: bool
) -> list[tuple[str, str]]:
    """The roles that whoever holds `held` can give: value and word, ours first."""
    ours = [
        (role, words.gettext(NAMES[role]))
        for role in ROLES
        if (role != PLATFORM or platform) and not beyond(held, permissions_of(role))
    ]
    return ours + [(f"{OWN}{one.id}", one.name) for one in own if not beyond(held, one.permissions)]


def permission_groups(
    offered: Collection[str], given: Collection[str], words: Translator
) -> list[tuple[str, list[PermissionChoice]]]:
    """`offered` by what they are about, in the order of the table."""
    groups: dict[str, list[PermissionChoice]] = {}
    for name, meaning in PERMISSIONS.items():
        if name in offered:
            choice = PermissionChoice(name, words.gettext(meaning), name in given)
            groups.setdefault(words.gettext(_GROUPS[name.partition(":")[0]]), []).append(choice)
    return list(groups.items())
