"""What attackers look for first is not there: TRACE, lists of folders, files beside the program, Flash."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

import pasar
from pasar.cli import main
from pasar.kernel.db.tables import Base
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import assemble

SOURCE = Path(pasar.__file__).parent


@pytest.mark.parametrize("path", ["/", "/health", "/api/products", "/static/shop.css"])
async def test_trace_is_not_spoken(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.request("TRACE", path, headers={"x-secret": "echo me"})

    assert answer.status_code == 405
    assert "echo me" not in answer.text


@pytest.mark.parametrize(
    "path",
    ["/static/", "/media/", "/uploads/", "/.git/config", "/.env", "/pyproject.toml", "/static/../http.py",
     "/static/%2e%2e/http.py", "/static/..%2fhttp.py", "/media/..%2f..%2fsecrets%2fjwt_secret",
     "/uploads/..%2f..%2fsecrets%2fjwt_secret"],
)  # fmt: skip
async def test_no_folder_is_listed_and_nothing_beside_is_served(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


def test_production_gets_no_account_whose_password_is_known(tmp_path: Path) -> None:
    """The demo's logins are the only ones that we make; whoever starts has to name every other."""
    production = {
        "PASAR_ENV": "production",
        "PASAR_HOME": str(tmp_path),
        "JWT_SECRET": "q8Zr1VtW5xYb2LmN7pKd4HsJ9cFgT0eU3aRiOw6",
        "PASAR_DATA_KEYS": "k1:jEHkHJzXbPz0kMVb3gNDR3K7Jj1T0g2CkOoFyJq4x1E=",
        "DATABASE_URL": "postgresql://shop:k3Vq9ZtX7mBw2LrN5pYd@db.invalid/pasar",
    }
    done = CliRunner().invoke(main, ["demo"], env=production)

    assert done.exit_code != 0
    assert "not for production" in done.output


PROGRAMS = re.compile(r"shell\s*=\s*True|os\.system\(|os\.popen\(|create_subprocess_shell|\b(?:eval|exec)\(")


def test_no_program_is_started_through_a_shell_and_no_text_is_run() -> None:
    assert [path.name for path in SOURCE.rglob("*.py") if PROGRAMS.search(path.read_text("utf-8"))] == []


def test_no_secret_questions_are_kept() -> None:
    columns = [f"{table.name}.{column.name}" for table in Base.metadata.tables.values() for column in table.c]

    assert "users.password_hash" in columns
    assert [name for name in columns if re.search(r"hint|question|answer|mother", name)] == []


def test_nothing_runs_in_debug(runtime: Runtime) -> None:
    assert assemble(runtime).debug is False


FORBIDDEN = {
    "keeps data in the browser": re.compile(
        r"\b(?:localStorage|sessionStorage|indexedDB|caches)\b|document\.cookie"
    ),
    "listens to other windows": re.compile(r"postMessage|[\"']message[\"']"),
    "is open to prototype pollution": re.compile(r"__proto__|Object\.assign|for\s*\([^)]*\sin\s"),
    "sends what it knows elsewhere": re.compile(
        r"(?:fetch|sendBeacon|WebSocket|EventSource)\(\s*[\"'`]?(?:https?:)?//"
    ),
    "loads a program from elsewhere": re.compile(
        r"\bimport\s*\(?\s*[\"'`]|importScripts|\.src\s*=\s*[\"'`]http"
    ),
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_script(what: str) -> None:
    scripts = sorted(SOURCE.rglob("*.js"))

    assert scripts
    assert [path.name for path in scripts if FORBIDDEN[what].search(path.read_text())] == []
