"""What attackers look for first is not there: TRACE, lists of folders, files beside the program, Flash."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

import pasar
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
