"""Every route says who may come in; and what staff alone may do, nobody else can."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from pasar.kernel.http.schema import Input
from pasar.kernel.runtime import Runtime
from pasar.people.access.public import PERMISSIONS
from support.people import make_customer
from support.shops import Shop

# Open to the world without a company: each with its reason.
OPEN = {
    "/health": "orchestrators and monitors ask it",
    "/api/health": "the same, as the documents promise it",
    "/health/live": "the same",
    "/health/ready": "the same",
    "/health/metrics": "looks at the caller itself",
    "/api/openapi.json": "documentation",
    "/api/docs": "the same for people; it belongs to no shop",
    "/static/{name}": "style sheets, scripts and pictures of our own",
    "/media/{name}": "pictures of goods; names are unguessable, and caches in front know no company",
    "/uploads/{name}": "photos and logos; names are unguessable, and pages of every company show them",
    "/robots.txt": "search engines ask it",
    "/.well-known/security.txt": "whoever has found a hole asks it, of whichever host",
    "/api/auth/refresh": "the refresh token settles the company",
    "/api/auth/logout": "the refresh token says who",
}
GUARDS = re.compile(r"anyone|shopper|signed_in|customer|page|staff\[.+\]|staff_page\[.+\]")
SOME_ID = "01936b2a-0000-7000-8000-00000000dead"


def routes(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    """Every method of every path, with its handler."""
    for route in app.routes:
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                for method in handler.http_methods - {"OPTIONS"}:
                    yield method, route.path_format, handler


def guards_of(handler: HTTPRouteHandler) -> list[str]:
    return [getattr(guard, "__name__", repr(guard)) for guard in handler.resolve_guards()]


def test_every_route_has_one_guard_of_ours(app: Litestar) -> None:
    found = [(method, path, guards_of(handler)) for method, path, handler in routes(app)]

    assert len(found) > 30
    for method, path, guards in found:
        assert len(guards) == 1, f"{method} {path}: {guards}"
        assert GUARDS.fullmatch(guards[0]), f"{method} {path}: {guards}"


def test_only_these_are_open_to_the_world(app: Litestar) -> None:
    found = {path for _, path, handler in routes(app) if guards_of(handler) == ["anyone"]}

    assert found - OPEN.keys() == set(), "add it to OPEN with a reason, or guard it"
    assert OPEN.keys() - found == set(), "no longer there: take it out of OPEN"


def test_permissions_are_spelt_right(app: Litestar) -> None:
    for method, path, handler in routes(app):
        for name in re.findall(r"\[([^,]+?)(?:,step_up)?\]", "".join(guards_of(handler))):
            assert name in PERMISSIONS, f"{method} {path}: {name}"


def test_reading_never_needs_to_write(app: Litestar) -> None:
    for method, path, handler in routes(app):
        if method != "GET" and "staff" in guards_of(handler)[0]:
            guard = guards_of(handler)[0]  # what is for the platform alone has one permission
            assert ":write" in guard or "[platform:" in guard, f"{method} {path} changes something"


def test_nothing_is_mounted_beside_the_routes(app: Litestar) -> None:
    assert [route.path for route in app.routes if not isinstance(route, HTTPRoute)] == []


async def test_staff_routes_refuse_guests_and_customers(
    app: Litestar, client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    _, as_customer = await make_customer(runtime, shop)
    tried = 0
    for method, path, handler in routes(app):
        if not guards_of(handler)[0].startswith("staff["):
            continue
        address = re.sub(r"{[^}]+}", SOME_ID, path)
        as_guest = await client.request(method, address, headers=shop.headers)
        assert (as_guest.status_code, as_guest.json()["code"]) == (401, "sign_in_required"), (
            f"{method} {path}"
        )
        answer = await client.request(method, address, headers=as_customer)
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing"), f"{method} {path}"
        tried += 1
    assert tried > 5


def test_bodies_are_closed_in_the_document(app: Litestar) -> None:
    components = app.openapi_schema.to_schema()["components"]["schemas"]
    inputs = {kind.__name__ for kind in _every(Input)} & components.keys()

    assert len(inputs) > 3
    for name in inputs:
        assert components[name]["additionalProperties"] is False, name


def _every(kind: type[Any]) -> set[type[Any]]:
    return {deeper for child in kind.__subclasses__() for deeper in {child, *_every(child)}}


def test_every_operation_is_described(app: Litestar) -> None:
    for path, item in app.openapi_schema.to_schema()["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method in item:
                assert item[method].get("summary"), f"{method} {path}"


@pytest.mark.parametrize("path", ["/api/docs", "/api/openapi.json"])
async def test_the_documentation_is_there_and_our_own(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)

    assert answer.status_code == 200
    assert "/api/auth/login" in answer.text
    if path == "/api/docs":
        sources = re.findall(r"(?:src|href)=\"(https?://[^\"]+)\"", answer.text)
        assert sources == [], "a page of ours loads nothing from another host"
