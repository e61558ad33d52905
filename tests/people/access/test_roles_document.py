"""The merchant's guide tells the roles and permissions that there are."""

from __future__ import annotations

import re

from pasar.people.access.public import PERMISSIONS, ROLES, permissions_of
from pasar.people.access.roles import MEANINGS
from support.tree import ROOT

LINES = (ROOT / "docs" / "merchant.md").read_text("utf-8").partition("## People and roles")[2].splitlines()
CELLS = {
    line.split("`")[1]: [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in LINES
    if line.startswith("| `")
}


def test_permissions_are_told_as_they_are() -> None:
    told = {name: cells[1].removesuffix(" |") for name, cells in CELLS.items() if ":" in name}

    assert told == {name: meaning[0].lower() + meaning[1:] for name, meaning in PERMISSIONS.items()}


def test_roles_are_told_as_they_are() -> None:
    told = {name: cells for name, cells in CELLS.items() if name in ROLES}

    assert tuple(told) == ROLES
    assert MEANINGS.keys() == set(ROLES)
    for role, (_, meaning, allows) in told.items():
        assert meaning == MEANINGS[role]
        if role == "owner":
            assert allows == "everything"
        elif role == "admin":
            assert allows == "all below but `platform:companies`"
        else:
            assert set(re.findall(r"`(.+?)`", allows)) == permissions_of(role), role
