"""The log of a day at its most talkative: every line can be found again, and none tells a secret."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from pasar.kernel.logs import hide_secrets
from support.processes import Pasar, new_home, started

pytestmark = pytest.mark.slow

PASSWORD = "a horse that is correct 7"
WRONG = "a horse that is wrong 8"
CARD = "4242424242424242"
GUEST = "9" * 64
REQUEST = "the-story-of-sari-1"
CSRF = re.compile(r'name="_csrf_token" value="([^"]+)"')


@pytest.fixture(scope="module")
def told() -> Iterator[tuple[list[dict[str, Any]], str, list[str]]]:
    """The log's lines, the whole output, and the secrets that the story knows."""
    with new_home() as home:
        with started(home, LOG_LEVEL="DEBUG", LOG_FORMAT="json") as pasar:
            secrets = live_a_day(pasar)
        output = pasar.said()
        secrets.append((home / "secrets" / "jwt_secret").read_text())
        lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
        yield lines, output, secrets


def live_a_day(pasar: Pasar) -> list[str]:
    """Register, sign in rightly and wrongly, over the API and the pages, and answer every secret used."""
    secrets = [PASSWORD, WRONG, CARD, GUEST]
    headers = {"x-session-token": GUEST, "x-request-id": REQUEST}
    person = {"email": "sari@example.com", "password": PASSWORD, "name": "Sari Story"}
    with httpx.Client(base_url=pasar.url, headers=headers, timeout=30) as client:
        registered = client.post("/api/auth/register", json=person)
        assert registered.status_code == 201, registered.text
        login = {"email": person["email"], "password": PASSWORD}
        signed_in = client.post("/api/auth/login", json=login).json()
        assert client.post("/api/auth/login", json=login | {"password": WRONG}).status_code == 401
        bearer = {"authorization": f"Bearer {signed_in['accessToken']}"}
        assert client.get("/api/auth/me", headers=bearer).status_code == 200
        assert client.get("/api/admin/orders", headers=bearer).status_code == 403
        renewed = client.post("/api/auth/refresh", json={"refreshToken": signed_in["refreshToken"]}).json()
        for tokens in (registered.json(), signed_in, renewed):
            secrets += [tokens["accessToken"], tokens["refreshToken"]]
        # Refused on its way in, with a card number where none belongs, and in an address.
        client.post("/api/auth/login", json=login | {"cardNumber": CARD})
        client.get(f"/api/products?token={GUEST}&card={CARD}")
    with httpx.Client(base_url=pasar.url, timeout=30, follow_redirects=True) as browser:
        page = browser.get("/login")
        form = {"email": person["email"], "password": PASSWORD}
        if found := CSRF.search(page.text):
            form["_csrf_token"] = found[1]
            secrets.append(found[1])
        browser.post("/login", data=form)
        secrets += [value for value in browser.cookies.values() if len(value) >= 32]
    return secrets


def test_no_secret_is_told(told: tuple[list[dict[str, Any]], str, list[str]]) -> None:
    _, output, secrets = told

    assert len(secrets) >= 11
    for secret in secrets:
        assert secret not in output


def test_every_line_says_when_how_grave_and_by_whom(
    told: tuple[list[dict[str, Any]], str, list[str]],
) -> None:
    lines, _, _ = told

    assert len(lines) >= 8
    for line in lines:
        assert {"timestamp", "level", "event"} <= line.keys()
        assert (line["service"], line["role"]) == ("pasar", "all")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*Z", line["timestamp"])


def test_every_request_can_be_found_by_its_id(told: tuple[list[dict[str, Any]], str, list[str]]) -> None:
    lines, _, _ = told
    requests = [line for line in lines if line["event"] == "request"]

    assert all(line.get("requestId") for line in requests)
    mine = [(line["path"], line["status"]) for line in requests if line["requestId"] == REQUEST]
    assert mine[:4] == [
        ("/api/auth/register", 201),
        ("/api/auth/login", 200),
        ("/api/auth/login", 401),
        ("/api/auth/me", 200),
    ]
    me = next(line for line in requests if line["path"] == "/api/auth/me")
    assert me["userId"]
    assert me["companyId"]


def test_the_log_tells_who_came_in_and_what_was_refused(
    told: tuple[list[dict[str, Any]], str, list[str]],
) -> None:
    lines, _, _ = told
    mine = [line for line in lines if line.get("requestId") == REQUEST]

    (failed,) = [line for line in mine if line["event"] == "sign_in.failed"]
    assert (failed["way"], failed["reason"]) == ("password", "wrong_password")
    began = [line for line in mine if line["event"] == "sign_in.began"]
    assert {line["userId"] for line in began} == {failed["userId"]}
    (refused,) = [line for line in mine if line.get("status") == 403]
    assert (refused["path"], refused["code"]) == ("/api/admin/orders", "permission_missing")
    assert refused["userId"] == failed["userId"]


NAMES = (
    "password",
    "newPassword",
    "accessToken",
    "cookie",
    "Authorization",
    "cardNumber",
    "secret",
    "otp",
    "cvc",
)


@pytest.mark.parametrize("name", NAMES)
def test_values_named_like_secrets_are_hidden(name: str) -> None:
    assert hide_secrets(None, "info", {"event": "x", name: PASSWORD}) == {"event": "x", name: "[hidden]"}


CRASHING = """
import logging, sys, structlog
from pasar.kernel.logs import configure_logs

def sign_in(password):
    raise RuntimeError("no")

configure_logs(level="INFO", style=sys.argv[1], service="s", role="r")
try:
    sign_in(sys.argv[2])
except RuntimeError as problem:
    structlog.get_logger().error("request.crashed", exc_info=problem)
    logging.getLogger("library").error("crashed", exc_info=True)
"""


TELLING = """
import sys, structlog
from pasar.kernel.logs import access_log, configure_logs

configure_logs(level="INFO", style="json", service="s", role="r")
structlog.get_logger().info("told", name=sys.argv[1])
access_log.tell(requestId="1", path=sys.argv[1])
"""


def test_nothing_that_came_from_outside_begins_a_line() -> None:
    forged = '/x"}\n{"event":"sign_in.began","userId":"7"}\r\x1b[2K'
    command = [sys.executable, "-c", TELLING, forged]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stderr.splitlines()]

    assert [(line["event"], line.get("name", line.get("path"))) for line in lines] == [
        ("told", forged),
        ("request", forged),
    ]
    assert "\x1b" not in done.stderr


@pytest.mark.parametrize("style", ["json", "console"])
def test_a_crash_is_told_without_what_variables_held(style: str) -> None:
    command = [sys.executable, "-c", CRASHING, style, PASSWORD]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stderr.count("RuntimeError") >= 2
    assert PASSWORD not in done.stderr
