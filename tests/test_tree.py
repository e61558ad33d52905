"""The tree as a whole: no secrets, no places of this machine, small files, no SQL built from pieces."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.tree import ROOT, built_sql, files, text_of

LONGEST_FILE = 400
SECRETS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE " + "KEY-----"),
    "a Stripe key": re.compile(r"\b[sr]k_live_" + r"[0-9A-Za-z]{8,}"),
    "an AWS key": re.compile(r"\bAKIA" + r"[0-9A-Z]{16}\b"),
    "a GitHub token": re.compile(r"\bgh[pousr]_" + r"[0-9A-Za-z]{36}"),
    "a Slack token": re.compile(r"\bxox[abpr]-" + r"[0-9A-Za-z-]{10,}"),
    "a Google key": re.compile(r"\bAIza" + r"[0-9A-Za-z_-]{35}"),
}
PLACES = {
    "a place of this machine": re.compile(r"(?<![\w.])/(?:work|root|home/\w+)/" + r"\w"),
    "a registry's address": re.compile(
        r"index" + r"-url|extra" + r"-index|registry\." + r"npmjs|//pypi" + r"\.org/simple"
    ),
}
NAMES = "names of databases and schemas cannot be parameters"
# Which files may build SQL, and why.
MAY_BUILD = {
    "src/pasar/kernel/db/migrating.py": f"{NAMES}; they are quoted",
    "src/pasar/kernel/resealing.py": f"{NAMES}; the registry of sealed columns admits [a-z0-9_] alone",
    "src/pasar/people/privacy/personal_data.py": "wraps whole statements of modules, so that all answer JSON",
    "src/pasar/roles/bench/databases.py": f"{NAMES}; they are the bench's own",
    "src/pasar/roles/bench/seeding.py": f"{NAMES}; they are the bench's own",
}


def test_no_secrets() -> None:
    assert _found(SECRETS) == []


def test_no_places_of_this_machine() -> None:
    assert _found(PLACES) == []


def _found(patterns: dict[str, re.Pattern[str]]) -> list[str]:
    return [
        f"{path}: {what}"
        for path in files()
        if (text := text_of(path)) is not None
        for what, pattern in patterns.items()
        if pattern.search(text)
    ]


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("key = 'sk_live_" + "4242424242424242'", True),
        ("id = 'AKIA" + "ABCDEFGHIJKLMNOP'", True),
        ("-----BEGIN RSA PRIVATE " + "KEY-----", True),
        ("key = 'sk_test_4242424242424242'", False),
        ("AKIA is how such ids begin", False),
    ],
)
def test_what_looks_like_a_secret(line: str, caught: bool) -> None:
    assert any(pattern.search(line) for pattern in SECRETS.values()) is caught


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("open('/wo" + "rk/main/x')", True),
        ("cd /ro" + "ot/x", True),
        ("../shared/data", False),
        ("/api/work/orders", False),
        ("the root/branch", False),
    ],
)
def test_what_looks_like_a_place_of_this_machine(line: str, caught: bool) -> None:
    assert bool(PLACES["a place of this machine"].search(line)) is caught


def test_files_stay_small() -> None:
    lengths = {
        str(path): len((text_of(path) or "").splitlines()) for path in files() if path.match("src/**/*.py")
    }

    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def python_files() -> list[Path]:
    return [path for path in files() if path.suffix == ".py" and path.parts[0] in {"src", "migrations"}]


def test_sql_is_never_built_from_pieces() -> None:
    """Pieces are how injections begin, and a statement in one piece can be found and explained."""
    found = [
        f"{path}:{line}: {begins}"
        for path in python_files()
        if str(path) not in MAY_BUILD
        for line, begins in built_sql((ROOT / path).read_text())
    ]

    assert found == []


@pytest.mark.parametrize("path", MAY_BUILD)
def test_exceptions_are_still_needed(path: str) -> None:
    assert list(built_sql((ROOT / path).read_text())), "take it out of MAY_BUILD"


BAD_LINES = [
    "f'SELECT * FROM orders WHERE id = {order_id}'",
    "'DELETE FROM carts WHERE id = {}'.format(cart_id)",
    "'UPDATE carts SET name = %s' % name",
    "'SELECT * FROM ' + table",
    "f'''\n  INSERT INTO {table} VALUES (1)'''",
    "text(f\"SET LOCAL lock_timeout = '{seconds}s'\")",
]
GOOD_LINES = [
    "await fetch(session, 'SELECT * FROM orders WHERE id = $1', (order_id,))",
    "'SELECT a '\n'FROM b'",
    "f'Select one of {names}.'",
    "f'With {count} more, shipping is free.'",
    "'Updated %s' % name",
]


@pytest.mark.parametrize("line", BAD_LINES)
def test_bad_lines_are_caught(line: str) -> None:
    assert len(list(built_sql(line))) == 1


@pytest.mark.parametrize("line", GOOD_LINES)
def test_good_lines_pass(line: str) -> None:
    assert list(built_sql(line)) == []
