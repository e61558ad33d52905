"""Which pages of other origins may call the API, and for which company."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from pasar.kernel.config import Environment, SettingsError, load_settings
from pasar.kernel.db.database import Database
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import assemble, observed, open_runtime
from support.shops import Shop, make_shop

FRONTEND = "https://front.example.net"
ADD_HOST = """
INSERT INTO sites (company_id, id, name, host, currency, currencies)
VALUES ($1, $2, 'Shop', $3, 'USD', '{USD}')
"""
HEADERS = "authorization,content-type,idempotency-key,x-api-key,x-company-id,x-session-token"


@dataclass
class Two:
    """Two companies, each with a domain of its own, and an API that is served elsewhere too."""

    runtime: Runtime
    app: Litestar
    one: Shop
    two: Shop


@pytest.fixture
async def two(runtime: Runtime, database: Database) -> AsyncIterator[Two]:
    settings = replace(runtime.settings, origins=frozenset({FRONTEND}))
    one, other = await make_shop(runtime), await make_shop(runtime)
    for shop, name in ((one, "one"), (other, "two")):
        host = f"{name}-{shop.company_id.hex[-12:]}.example.com"
        await database.rows(ADD_HOST, shop.company_id, new_id(), host)
        shop.headers["host-of-site"] = host
    own = open_runtime(settings, database, runtime.clock)  # its directory has not read the sites yet
    yield Two(own, assemble(own), one, other)
    await own.http.aclose()


def host_of(shop: Shop) -> str:
    return shop.headers["host-of-site"]


@asynccontextmanager
async def calling(two: Two, host: str, *, production: bool = False) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that calls the API at `host`."""
    runtime = two.runtime
    if production:
        runtime = replace(runtime, settings=replace(runtime.settings, environment=Environment.PRODUCTION))
    transport = httpx.ASGITransport(app=observed(runtime, two.app))  # type: ignore[arg-type]  # Litestar's types
    async with httpx.AsyncClient(transport=transport, base_url=f"https://{host}") as client:
        yield client


async def preflight(client: httpx.AsyncClient, origin: str, path: str = "/api/public/cart") -> httpx.Response:
    asked = {"access-control-request-method": "POST", "access-control-request-headers": HEADERS}
    return await client.options(path, headers={"origin": origin, **asked})


def allowed(answer: httpx.Response) -> str | None:
    """The origin that may read it; and no answer ever allows credentials or everybody."""
    assert "access-control-allow-credentials" not in answer.headers
    origin = answer.headers.get("access-control-allow-origin")
    assert origin != "*"
    if origin is None:
        assert not [name for name in answer.headers if name.startswith("access-control-")]
    return origin


async def test_a_preflight_from_the_site_passes_with_our_headers(two: Two) -> None:
    origin = f"https://{host_of(two.one)}"
    async with calling(two, host_of(two.one)) as client:
        answer = await preflight(client, origin)

    assert (answer.status_code, answer.content) == (204, b"")
    assert allowed(answer) == origin
    named = {name.strip() for name in answer.headers["access-control-allow-headers"].split(",")}
    assert set(HEADERS.split(",")) <= named
    methods = answer.headers["access-control-allow-methods"]
    assert {"GET", "POST", "PUT", "PATCH", "DELETE"} <= {name.strip() for name in methods.split(",")}
    assert "Origin" in answer.headers["vary"]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("at", ["one", "api"])
async def test_a_preflight_from_the_configured_front_end_passes(two: Two, at: str) -> None:
    async with calling(two, host_of(two.one) if at == "one" else "api.example.com") as client:
        assert allowed(await preflight(client, FRONTEND)) == FRONTEND


async def test_a_preflight_at_a_host_of_no_site_passes_for_sites_alone(two: Two) -> None:
    async with calling(two, "api.example.com") as client:
        for shop in (two.one, two.two):
            origin = f"https://{host_of(shop)}"
            assert allowed(await preflight(client, origin)) == origin
        assert allowed(await preflight(client, "https://evil.example")) is None


STRANGERS = [
    "https://evil.example",
    "null",
    "*",
    "https://{host}.evil.example",
    "https://evil.{host}",
    "https://{host}@evil.example",
    "https://{host}/path",
    "HTTPS://{HOST}",
    "file://",
    "chrome-extension://{host}",
    "https://{host}\r\nx-injected: 1",
    "https://ｅvil.example",
]


@pytest.mark.parametrize("stranger", STRANGERS)
async def test_nobody_else_passes(two: Two, stranger: str) -> None:
    host = host_of(two.one)
    origin = stranger.format(host=host, HOST=host.upper())
    async with calling(two, host) as client:
        asked = {"access-control-request-method": "POST"}
        sent = [("origin", origin.encode()), *((name, value.encode()) for name, value in asked.items())]
        for method in ("OPTIONS", "GET"):
            answer = await client.request(method, "/api/public/cart", headers=sent)
            assert allowed(answer) is None, method
            assert "x-injected" not in answer.headers
            assert "Origin" in answer.headers["vary"], "caches must not hand it to another origin"


async def test_a_domain_of_another_company_does_not_pass(two: Two) -> None:
    origin = f"https://{host_of(two.two)}"
    async with calling(two, host_of(two.one)) as client:
        assert allowed(await preflight(client, origin)) is None
        assert allowed(await client.get("/api/public/cart", headers={"origin": origin})) is None


async def test_a_call_is_held_to_the_company_that_it_names(two: Two) -> None:
    """At a host of no site the preflight cannot know the company; the call does."""
    own, other = f"https://{host_of(two.one)}", f"https://{host_of(two.two)}"
    named = {"x-company-id": str(two.one.company_id)}
    async with calling(two, "api.example.com") as client:
        assert allowed(await client.get("/api/public/cart", headers={"origin": own, **named})) == own
        assert allowed(await client.get("/api/public/cart", headers={"origin": other, **named})) is None
        assert (
            allowed(await client.get("/api/public/cart", headers={"origin": FRONTEND, **named})) == FRONTEND
        )


async def test_answers_say_which_headers_pages_may_read(two: Two) -> None:
    origin = f"https://{host_of(two.one)}"
    async with calling(two, host_of(two.one)) as client:
        answer = await client.get("/api/public/cart", headers={"origin": origin})

    exposed = {name.strip().lower() for name in answer.headers["access-control-expose-headers"].split(",")}
    assert exposed == {
        "idempotency-replayed",
        "retry-after",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-request-id",
    }


async def test_refusals_can_be_read_by_our_own_pages(two: Two) -> None:
    origin = f"https://{host_of(two.one)}"
    async with calling(two, host_of(two.one)) as client:
        wrong = {"origin": origin, "authorization": "Bearer nonsense"}
        refused = await client.get("/api/public/cart", headers=wrong)
        missing = await client.get("/api/nothing", headers={"origin": origin})

    assert (refused.status_code, allowed(refused)) == (401, origin)
    assert (missing.status_code, allowed(missing)) == (404, origin)


async def test_pages_and_files_are_for_their_own_origin(two: Two) -> None:
    async with calling(two, host_of(two.one)) as client:
        for path in ("/", "/sign-in", "/media/none", "/health"):
            answer = await client.get(path, headers={"origin": f"https://{host_of(two.one)}"})
            assert allowed(answer) is None, path


async def test_calls_without_an_origin_hear_nothing_of_it(two: Two) -> None:
    async with calling(two, host_of(two.one)) as client:
        answer = await client.get("/api/public/cart")
        options = await client.options("/api/public/cart")

    assert allowed(answer) is None
    assert answer.headers["vary"] == "Origin"
    assert "POST" in options.headers["allow"]


@pytest.mark.parametrize(
    ("production", "origin", "passes"),
    [
        (False, "http://{host}:3000", True),
        (True, "http://{host}", False),
        (True, "https://{host}:8443", False),
        (True, "https://{host}", True),
    ],
)
async def test_in_production_a_page_of_the_site_is_one_of_https(
    two: Two, production: bool, origin: str, passes: bool
) -> None:
    sent = origin.format(host=host_of(two.one))
    async with calling(two, host_of(two.one), production=production) as client:
        assert allowed(await preflight(client, sent)) == (sent if passes else None)


async def test_while_no_site_is_known_nobody_passes(runtime: Runtime) -> None:
    away = Database(replace(runtime.database.address, port=1))
    own = open_runtime(runtime.settings, away, runtime.clock)
    transport = httpx.ASGITransport(app=observed(own, assemble(own)))  # type: ignore[arg-type]  # Litestar's types
    async with httpx.AsyncClient(transport=transport, base_url="https://shop.example.com") as client:
        answer = await preflight(client, "https://shop.example.com")
    await own.http.aclose()

    assert allowed(answer) is None
    assert answer.status_code < 500


# Settings


@pytest.mark.parametrize(
    ("said", "origins"),
    [
        ({}, set()),
        ({"FRONTEND_URL": "https://Front.example.net/app/"}, {"https://front.example.net"}),
        (
            {"CORS_ORIGINS": "https://a.example, http://localhost:3000/,https://a.example:443"},
            {"https://a.example", "http://localhost:3000"},
        ),
        ({"CORS_ORIGINS": "http://[::1]:3000"}, {"http://[::1]:3000"}),
    ],
)
def test_which_origins(tmp_path: Path, said: dict[str, str], origins: set[str]) -> None:
    assert load_settings({"PASAR_HOME": str(tmp_path), "JWT_SECRET": "x" * 40, **said}).origins == origins


@pytest.mark.parametrize(
    "said",
    [
        *("*", "https://*.example.com", "shop.example.com", "null", "https://a.example/path"),
        *("javascript:alert(1)", "https://u:p@a.example", "https://a b.example", "https://a.example:port"),
    ],
)
def test_origins_that_are_refused(tmp_path: Path, said: str) -> None:
    with pytest.raises(SettingsError, match="CORS_ORIGINS") as refusal:
        load_settings({"PASAR_HOME": str(tmp_path), "JWT_SECRET": "x" * 40, "CORS_ORIGINS": said})

    assert len(refusal.value.problems) == 1
