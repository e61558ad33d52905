"""Every route with company B's ids, called by everybody of company A: as if B were not there.

`test_isolation` asks as whoever comes furthest at each address, with ids of B beside one's own. Here every
kind of caller asks, pages are asked too, and a route or a field that names an id without one of B's fails.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from api.bodies import BODIES, filled
from api.operations import TYPED
from api.test_isolation import ABROAD, NAMED, nobodys, told
from api.world import World, make_world
from pasar.kernel.ids import hash_token, new_token
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import observed
from pasar.roles.registry import MODULES
from support.keys import make_key
from support.office import Office, shopper_office, staff_office
from support.people import make_staff

API_CALLERS = ("owner", "customer", "guest", "key", "revoked")
PAGE_CALLERS = ("owner", "customer", "guest")
# Whoever holds such an address may look: it is the secret. It opens nothing but at its own company.
ECHOED = re.compile(r"[0-9a-f]{64}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|ORD-[0-9]{8}-\w{5}")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Company A with all who may call, and company B with one of everything."""

    own: World
    other: World
    callers: dict[str, dict[str, str]]
    browsers: dict[str, Office]


@pytest.fixture(scope="module")
async def neighbours(app: Litestar, runtime: Runtime, world_to_read: World) -> Neighbours:
    """Both companies. Nothing that this module asks for may change either."""
    transport = httpx.ASGITransport(app=observed(runtime, app))  # type: ignore[arg-type]  # httpx's own scope type
    client = httpx.AsyncClient(transport=transport, base_url="http://localhost")
    own = await make_world(runtime, client)
    revoked = await make_staff(runtime, own.shop)
    await _revoke(client, revoked)
    callers = own.callers | {"key": await make_key(runtime, own.shop), "revoked": revoked}
    browsers = {
        "owner": await staff_office(client, runtime, own.shop),
        "customer": await shopper_office(client, runtime, own.shop),
        "guest": Office(httpx.AsyncClient(transport=transport, base_url="http://localhost"), own.shop),
    }
    return Neighbours(own, world_to_read, callers, browsers)


async def _revoke(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    """End the sign-in behind `headers`, as its person would."""
    assert (await client.get("/api/auth/me", headers=headers)).status_code == 200
    current = [
        one["id"]
        for one in (await client.get("/api/auth/sessions", headers=headers)).json()["items"]
        if one["current"]
    ]
    ended = await client.delete(f"/api/auth/sessions/{current[0]}", headers=headers)
    assert ended.status_code == 204, ended.text


@pytest.mark.parametrize("caller", API_CALLERS)
@pytest.mark.parametrize(("method", "path"), NAMED, ids=str)
async def test_nobody_of_another_company_learns_that_it_exists(
    client: httpx.AsyncClient, neighbours: Neighbours, method: str, path: str, caller: str
) -> None:
    params = {"email": "ann@example.com"} if path.endswith("/{number}") else {}

    async def ask(ids: dict[str, str]) -> httpx.Response:
        names = {**ids, "name": ids["product_id"]}
        address = re.sub(r"{(\w+)}", lambda found: names[found[1]], path)
        body = filled(BODIES.get((method, path)), names)
        headers = neighbours.callers[caller]
        return await client.request(method, address, json=body, params=params, headers=headers)

    unknown = await ask(nobodys(neighbours.other.ids))
    assert unknown.status_code in {401, 403, 404}, unknown.text
    assert shape(await ask(neighbours.other.ids)) == shape(unknown)


def shape(answer: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    """All of an answer but its request id, the names that were sent, and a new cookie's value."""
    status, headers, body = told(answer)
    seen = {name: ECHOED.sub("-", value) for name, value in headers.items()}
    return status, seen, ECHOED.sub("-", body.decode()).encode()


def pages() -> Iterator[tuple[str, str]]:
    """Method and path of every page that names something."""
    for handler in handlers():
        if handler.include_in_schema is False:
            for path in handler.paths:
                if "{" in path and not path.startswith("/static/"):
                    for method in handler.http_methods:
                        yield str(method), TYPED.sub(r"{\1}", path)


def handlers() -> Iterator[HTTPRouteHandler]:
    """Every handler of every module."""
    for module in MODULES:
        yield from (handler for handler in module.routes if isinstance(handler, HTTPRouteHandler))


# Pages that ask "Really?" without looking up what for; the deed that follows looks.
ASKS_FIRST = {
    "/account/security/passkeys/{passkey_id}/remove": {200},
    "/reset-password/{token}": {200},
    "/verify-email/{token}": {200},
}
VERBS = {"verb": "confirm", "provider": "nobody", "handle": "product"}


@pytest.mark.parametrize("caller", PAGE_CALLERS)
@pytest.mark.parametrize(("method", "path"), sorted(pages(), key=lambda page: page[::-1]), ids=str)
async def test_no_page_shows_another_companys_things(
    neighbours: Neighbours, method: str, path: str, caller: str
) -> None:
    browser = neighbours.browsers[caller]

    async def ask(ids: dict[str, str]) -> httpx.Response:
        address = re.sub(r"{(\w+)}", lambda found: (ids | VERBS)[found[1]], path)
        if method == "GET":
            return await browser.client.get(address, headers=neighbours.own.shop.headers)
        return await browser.send(address, {})

    unknown = await ask(nobodys(neighbours.other.ids))
    # An empty form may be refused before anything is looked up.
    expected = {303, 403, 404, 410} | ({422} if method == "POST" else set()) | ASKS_FIRST.get(path, set())
    assert unknown.status_code in expected, (unknown.status_code, unknown.text[:500])
    assert shape(await ask(neighbours.other.ids)) == shape(unknown)


def id_fields(kind: Any, seen: tuple[Any, ...] = ()) -> set[str]:
    """The wire names of all fields of a body that take an id."""
    if kind in seen:
        return set()
    if inspect.isclass(kind) and issubclass(kind, msgspec.Struct):
        found: set[str] = set()
        for field in msgspec.structs.fields(kind):
            inner = id_fields(field.type, (*seen, kind))
            found |= {field.encode_name} if "" in inner else set()
            found |= inner - {""}
        return found
    if kind is UUID:
        return {""}
    return {name for part in get_args(kind) for name in id_fields(part, seen)}


def takers() -> Iterator[tuple[str, str, str]]:
    """Method, path and name of every field of a body and every parameter that takes an id."""
    for module in MODULES:
        for handler in module.routes:
            if not isinstance(handler, HTTPRouteHandler) or handler.include_in_schema is False:
                continue
            names: set[str] = set()
            for name, parameter in handler.parsed_fn_signature.parameters.items():
                if name == "data":
                    names |= id_fields(parameter.annotation)
                elif "" in id_fields(parameter.annotation) and not any(
                    f"{{{name}" in p for p in handler.paths
                ):
                    names.add(re.sub(r"_(\w)", lambda letter: letter[1].upper(), name))
            for path in handler.paths:
                for method in handler.http_methods:
                    yield from ((str(method), TYPED.sub(r"{\1}", path), name) for name in sorted(names))


# Fields whose id is looked for among one's own and else replaced by a new one: nothing can be asked by it.
HARMLESS = {
    ("POST", "/api/admin/shipping-zones", "id"),
    ("PUT", "/api/admin/shipping-zones/{zone_id}", "id"),
}


def test_every_field_that_takes_an_id_is_asked_with_anothers() -> None:
    asked = {
        (method, re.sub(r"[{\[](\w+)[}\]]", "{}", path.partition("?")[0]), name)
        for method, path, _, body in ABROAD
        for name in re.findall(r"(\w+)['\"]?[:=] ?\[?['\"]?{\w+}", f"{path.partition('?')[2]} {body}")
    }
    missing = [
        (method, path, name)
        for method, path, name in takers()
        if (method, re.sub(r"{\w+}", "{}", path), name) not in asked and (method, path, name) not in HARMLESS
    ]
    assert missing == [], "add a line to ABROAD in test_isolation"


async def test_a_session_of_one_company_is_a_guest_at_another(
    client: httpx.AsyncClient, neighbours: Neighbours
) -> None:
    """A cookie is good where it was given; at B's address its holder is nobody, and sees B's front only."""
    for caller in ("owner", "customer"):
        jar = neighbours.browsers[caller].client
        for path in ("/admin", "/account", "/account/orders"):
            answer = await jar.get(path, headers=neighbours.other.shop.headers)
            assert answer.status_code in {303, 401}, (caller, path, answer.status_code)
            assert "/sign-in" in answer.headers.get("location", "/sign-in")


async def test_lists_and_searches_hold_ones_own_alone(
    client: httpx.AsyncClient, neighbours: Neighbours
) -> None:
    """No list, search, facet or export of A's owner holds an id, number or token of B."""
    foreign = [value.encode() for name, value in neighbours.other.ids.items() if name != "token"]
    asked = 0
    for handler in handlers():
        for path in handler.paths if "GET" in handler.http_methods else ():
            if "{" in path or path.startswith(("/health", "/static", "/api/docs")):
                continue
            for caller in ("owner", "key"):
                answer = await client.get(path, headers=neighbours.callers[caller], params={"q": "cup"})
                assert not any(value in answer.content for value in foreign), (caller, path)
                asked += 1
    assert asked > 40


async def test_a_hash_of_a_token_is_no_token(client: httpx.AsyncClient, neighbours: Neighbours) -> None:
    """Who reads the database holds no key: what is stored does not open what it was made from."""
    guest = neighbours.own.callers["guest"]
    stored = hash_token(guest["x-session-token"]).hex()
    answers = [
        await client.get("/api/public/cart", headers=neighbours.own.shop.headers | {"x-session-token": token})
        for token in (stored, new_token())
    ]
    assert shape(answers[0]) == shape(answers[1])
