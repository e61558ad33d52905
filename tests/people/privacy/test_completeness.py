"""Whoever makes a table about people says how it is told and forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from pasar.kernel.db.tables import Base
from pasar.people.privacy.personal_data import personal_data
from pasar.roles import registry

SOURCE = Path(__file__).resolve().parents[3] / "src" / "pasar"
ABOUT_PEOPLE = {"user_id", "customer_id", "person_id", "email", "recipient", "phone"}
ELSEWHERE = {
    "users": "erased and told by people/users",
    "refresh_tokens": "go with their sign-in",
    "page_sessions": "go with their sign-in",
    "person_keys": "destroyed by the erasure itself",
    "erasures": "ids only; the address that waits is sealed, and goes when the orders are over",
    "audit_entries": "never changes: ids, and what was sealed for the person, whose key is destroyed",
    "passkey_challenges": "gone in minutes, and bound to a session by a hash",
}


def texts() -> str:
    files = [*SOURCE.rglob("personal_data.py"), SOURCE / "people" / "privacy" / "own_data.py"]
    return "\n".join(path.read_text("utf-8") for path in files)


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
def test_every_table_about_people_is_told_and_forgotten(table: str) -> None:
    assert registry.MODULES, "importing the registry imports every table"
    if not ABOUT_PEOPLE & {column.name for column in Base.metadata.tables[table].columns}:
        return
    if table in ELSEWHERE:
        return
    told = texts()

    assert f"DELETE FROM {table}" in told or f"UPDATE {table}" in told, f"{table} is never forgotten"


def test_everybody_says_why_and_how_long() -> None:
    registered = personal_data()

    assert len(registered) >= 10
    for data in registered:
        assert data.purpose
        assert data.retention
    assert registered[-1].name == "account", "what others look up by it comes first"
