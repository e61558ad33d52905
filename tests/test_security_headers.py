"""Every answer carries the headers that keep browsers strict, and our pages can live with them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

import pasar
from pasar.kernel.config import Environment
from pasar.kernel.http.observing import CONTENT_SECURITY_POLICY
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import observed
from support.probes import probing
from support.shops import Shop

SOURCE = Path(pasar.__file__).parent
SOME_ID = "01936b2a-0000-7000-8000-00000000dead"
EXPECTED = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


def missing(answer: httpx.Response) -> list[str]:
    """The headers that are not there, or not once, or say something else."""
    return [name for name, value in EXPECTED.items() if answer.headers.get_list(name) != [value]]


async def test_every_route_answers_with_them(app: Litestar, client: httpx.AsyncClient, shop: Shop) -> None:
    """Whatever it answers to a guest: a page, a refusal, a redirect, a picture that is not there."""
    tried = set()
    for route in app.routes:
        assert isinstance(route, HTTPRoute)
        address = re.sub(r"{[^}]+}", SOME_ID, route.path_format)
        for method in {method for handler in route.route_handlers for method in handler.http_methods}:
            answer = await client.request(method, address, headers=shop.headers)
            assert missing(answer) == [], f"{method} {address}: {answer.status_code}"
            assert answer.status_code != 500, f"{method} {address}"
            tried.add(answer.status_code)
    assert {200, 401, 403, 404} <= tried


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing/here", 404),
        ("GET", "/api/nothing/here", 404),
        ("PUT", "/api/public/cart", 405),
        ("OPTIONS", "/api/public/cart", 204),
        ("HEAD", "/health", 405),
        ("GET", "/static/none.js", 404),
    ],
)
async def test_what_no_route_answers_has_them_too(
    client: httpx.AsyncClient, shop: Shop, method: str, path: str, status: int
) -> None:
    answer = await client.request(method, path, headers=shop.headers)

    assert answer.status_code == status
    assert missing(answer) == []


async def test_a_crash_has_them_too(runtime: Runtime) -> None:
    async with probing(runtime) as probe:
        answer = await probe.get("/api/probe/crash")

    assert answer.status_code == 500
    assert missing(answer) == []


@pytest.mark.parametrize("production", [False, True])
async def test_browsers_are_held_to_https_in_production_alone(
    app: Litestar, runtime: Runtime, production: bool
) -> None:
    environment = Environment.PRODUCTION if production else Environment.DEVELOPMENT
    own = replace(runtime, settings=replace(runtime.settings, environment=environment))
    transport = httpx.ASGITransport(app=observed(own, app))  # type: ignore[arg-type]  # Litestar's own types
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answers = [await client.get(path) for path in ("/health", "/", "/api/nothing")]

    for answer in answers:
        said = answer.headers.get("strict-transport-security")
        assert said == ("max-age=31536000; includeSubDomains" if production else None)


def test_the_policy_lets_nothing_in_that_is_not_ours() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in CONTENT_SECURITY_POLICY.split(";"))

    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert rules["default-src"] == "'self'"
    assert not {"script-src", "style-src", "connect-src"} & rules.keys(), "these are default-src's"
    assert {rules[name] for name in ("object-src", "base-uri", "frame-ancestors")} == {"'none'"}
    assert rules["form-action"] == "'self'"


# What the policy would block must not be there.
BLOCKED = {
    "a style in an attribute": re.compile(r"<[^>]*\sstyle\s*=", re.IGNORECASE),
    "a handler in an attribute": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "a style sheet in the page": re.compile(r"<style\b", re.IGNORECASE),
    "a script in the page": re.compile(
        r"<script\b(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:json|ld\+json)\")", re.IGNORECASE
    ),
    "a script as an address": re.compile(r"javascript:", re.IGNORECASE),
    "something loaded from elsewhere": re.compile(
        r"<(?:script|link|iframe|embed|object)\b[^>]*(?:src|href)=\"(?:https?:)?//", re.IGNORECASE
    ),
}
TEMPLATES = sorted(SOURCE.rglob("*.html"))


@pytest.mark.parametrize("what", BLOCKED)
def test_no_template_needs_what_the_policy_forbids(what: str) -> None:
    assert len(TEMPLATES) > 50
    found = [
        f"{path.relative_to(SOURCE)}: {match.group(0)[:60]}"
        for path in TEMPLATES
        if "mail" not in path.parts  # mails are read elsewhere, and have styles only in attributes
        for match in BLOCKED[what].finditer(path.read_text())
    ]

    assert found == []


@pytest.mark.parametrize(
    ("what", "example"),
    [
        ("a style in an attribute", '<p class="a" style="color:red">'),
        ("a handler in an attribute", '<a href="#" onclick="go()">'),
        ("a style sheet in the page", "<style>p{}</style>"),
        ("a script in the page", "<script>go()</script>"),
        ("a script in the page", '<script type="module">go()</script>'),
        ("a script as an address", '<a href="JavaScript:go()">'),
        ("something loaded from elsewhere", '<script src="//cdn.example/x.js">'),
    ],
)
def test_the_check_would_see_it(what: str, example: str) -> None:
    assert BLOCKED[what].search(example)


def test_no_script_makes_code_of_text() -> None:
    scripts = sorted(SOURCE.rglob("*.js"))
    assert scripts
    for path in scripts:
        text = path.read_text()
        assert not re.search(r"\beval\(|new Function\(|\.innerHTML\s*=|document\.write\(", text), path.name
