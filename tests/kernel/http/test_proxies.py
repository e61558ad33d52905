"""Where a call came from: what trusted proxies say of it, and nobody else."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar, get

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Settings, SettingsError, load_settings
from pasar.kernel.config.edge import Networks
from pasar.kernel.db.database import Database
from pasar.kernel.http.application import build_application
from pasar.kernel.http.guards import shopper
from pasar.kernel.http.proxies import believe
from pasar.kernel.network_addresses import address_of
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Context
from pasar.roles.assembling import observed, open_runtime
from pasar.roles.serving import _serve, listen
from support.shops import Shop, make_shop

TRUSTED = Networks([ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("2001:db8:ffff::/48")])


def seen(peer: str, **headers: str) -> tuple[str, str, str]:
    """The client's address, the scheme and the host, after what the headers say was weighed."""
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope: dict[str, Any] = {
        "client": (peer, 50_000),
        "scheme": "http",
        "headers": [(b"host", b"own"), *sent],
    }
    believe(scope, TRUSTED)
    host = next(value for name, value in scope["headers"] if name == b"host")
    return scope["client"][0], scope["scheme"], host.decode()


HOPS = [
    # peer, X-Forwarded-For, client
    ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
    ("10.0.0.1", "203.0.113.7:49152", "203.0.113.7"),
    ("10.0.0.1", " 203.0.113.7 ", "203.0.113.7"),
    ("10.0.0.1", "1.2.3.4, 203.0.113.7", "203.0.113.7"),  # the left one is the client's own invention
    ("10.0.0.1", "1.2.3.4, 203.0.113.7, 10.9.9.9, 10.0.0.2", "203.0.113.7"),
    ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),  # a call from inside
    ("10.0.0.1", "2001:db8::5", "2001:db8::5"),
    ("10.0.0.1", "[2001:db8::5]", "2001:db8::5"),
    ("10.0.0.1", "[2001:db8::5]:443", "2001:db8::5"),
    ("10.0.0.1", "2001:DB8:0:0::5", "2001:db8::5"),
    ("10.0.0.1", "::ffff:203.0.113.7", "203.0.113.7"),
    ("10.0.0.1", "::ffff:10.0.0.9", "10.0.0.9"),
    ("::ffff:10.0.0.1", "203.0.113.7", "203.0.113.7"),  # the listening socket takes both families
    ("2001:db8:ffff::1", "203.0.113.7, 2001:db8:ffff::2", "203.0.113.7"),
    ("10.0.0.1", "", "10.0.0.1"),
    ("10.0.0.1", "unknown", "10.0.0.1"),
    ("10.0.0.1", "203.0.113.7, _hidden", "10.0.0.1"),  # the proxy's own word cannot be read
    ("10.0.0.1", "<script>, 203.0.113.7", "203.0.113.7"),
    ("10.0.0.1", "203.0.113.7:http", "10.0.0.1"),
    ("10.0.0.1", "[2001:db8::5", "10.0.0.1"),
    ("10.0.0.1", "fe80::1%eth0", "10.0.0.1"),
    ("10.0.0.1", "203.0.113.07", "10.0.0.1"),
    ("10.0.0.1", "٢.٢.٢.٢", "10.0.0.1"),
    # From elsewhere nothing is believed.
    ("203.0.113.9", "1.2.3.4", "203.0.113.9"),
    ("11.0.0.1", "10.0.0.1", "11.0.0.1"),
    ("2001:db8::1", "1.2.3.4", "2001:db8::1"),
    ("testclient", "1.2.3.4", "testclient"),
]


@pytest.mark.parametrize(("peer", "header", "client"), HOPS)
def test_whose_address_it_is(peer: str, header: str, client: str) -> None:
    assert seen(peer, x_forwarded_for=header)[0] == client


def test_a_header_that_is_there_twice_is_one_list() -> None:
    headers = [(b"x-forwarded-for", b"1.2.3.4"), (b"x-forwarded-for", b"203.0.113.7, 10.0.0.2")]
    scope: dict[str, Any] = {"client": ("10.0.0.1", 1), "scheme": "http", "headers": headers}

    believe(scope, TRUSTED)

    assert scope["client"][0] == "203.0.113.7"


def test_a_call_without_a_peer_believes_nobody() -> None:
    scope: dict[str, Any] = {"client": None, "scheme": "http", "headers": [(b"x-forwarded-for", b"1.2.3.4")]}

    believe(scope, TRUSTED)

    assert scope["client"] is None


@pytest.mark.parametrize(
    ("said", "scheme"),
    [("https", "https"), ("HTTPS", "https"), ("http, https", "https"), ("javascript", "http"), ("", "http")],
)
def test_scheme(said: str, scheme: str) -> None:
    assert seen("10.0.0.1", x_forwarded_proto=said)[1] == scheme
    assert seen("203.0.113.9", x_forwarded_proto=said)[1] == "http"


@pytest.mark.parametrize(
    ("said", "host"),
    [
        ("shop.example.com", "shop.example.com"),
        ("Shop.Example.com:8443", "shop.example.com:8443"),
        ("evil.example, shop.example.com", "shop.example.com"),
        ("[2001:db8::1]:80", "[2001:db8::1]:80"),
        ("shop.example.com/path", "own"),
        ("user@shop.example.com", "own"),
        ("shop.example.com:port", "own"),
        ("a\r\nb", "own"),
        ("a" * 300, "own"),
        ("", "own"),
    ],
)
def test_host(said: str, host: str) -> None:
    assert seen("10.0.0.1", x_forwarded_host=said)[2] == host
    assert seen("203.0.113.9", x_forwarded_host=said)[2] == "own"


def test_two_hosts_are_not_mended() -> None:
    headers = [(b"host", b"a"), (b"host", b"b"), (b"x-forwarded-host", b"c")]
    scope: dict[str, Any] = {"client": ("10.0.0.1", 1), "scheme": "http", "headers": headers}

    believe(scope, TRUSTED)

    assert [value for name, value in scope["headers"] if name == b"host"] == [b"a", b"b"]


def test_a_port_alone_is_no_address() -> None:
    assert address_of(":80") is None
    assert address_of("") is None


# Settings


@pytest.mark.parametrize(
    ("said", "networks"),
    [
        ("", ()),
        ("10.0.0.0/8", ("10.0.0.0/8",)),
        (" 10.1.2.3 , fd00::/8,", ("10.1.2.3/32", "fd00::/8")),
    ],
)
def test_which_proxies_are_trusted(tmp_path: Path, said: str, networks: tuple[str, ...]) -> None:
    settings = load_settings({"PASAR_HOME": str(tmp_path), "JWT_SECRET": "x" * 40, "TRUSTED_PROXIES": said})

    assert tuple(map(str, settings.trusted_proxies)) == networks


@pytest.mark.parametrize(
    "said", ["*", "all", "10.0.0.1/8", "10.0.0.0/33", "proxy.internal", "0.0.0.0/0", "::/0"]
)
def test_proxies_that_are_refused(tmp_path: Path, said: str) -> None:
    with pytest.raises(SettingsError, match="TRUSTED_PROXIES") as refusal:
        load_settings({"PASAR_HOME": str(tmp_path), "TRUSTED_PROXIES": f"192.0.2.1,{said}"})

    assert len(refusal.value.problems) == 1


# The whole way


@get("/api/probe/where", guards=[shopper])
async def where(context: Context) -> str:
    """Say where the call came from."""
    return context.address


@asynccontextmanager
async def behind_proxies(runtime: Runtime, app: Litestar, peer: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client whose calls reach the application from `peer`."""
    settings = replace(runtime.settings, trusted_proxies=TRUSTED)
    served = observed(replace(runtime, settings=settings), app)
    transport = httpx.ASGITransport(app=served, client=(peer, 50_000))  # type: ignore[arg-type]  # Litestar's types
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def ask(runtime: Runtime, shop: Shop, peer: str, **headers: str) -> str:
    async with behind_proxies(runtime, build_application(runtime, [where]), peer) as client:
        answer = await client.get("/api/probe/where", headers={**shop.headers, **headers})
        return answer.text


async def test_what_handlers_hear(runtime: Runtime, shop: Shop) -> None:
    forwarded = {"x-forwarded-for": "1.2.3.4, 203.0.113.7"}

    assert await ask(runtime, shop, "10.0.0.1", **forwarded) == "203.0.113.7"
    assert await ask(runtime, shop, "203.0.113.9", **forwarded) == "203.0.113.9"


async def test_without_the_setting_nobody_is_believed(runtime: Runtime, shop: Shop) -> None:
    app = observed(runtime, build_application(runtime, [where]))
    transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 1))  # type: ignore[arg-type]  # Litestar's types
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.get("/api/probe/where", headers={**shop.headers, "x-forwarded-for": "1.2.3.4"})

    assert answer.text == "127.0.0.1"


async def test_limits_count_the_address_found(app: Litestar, runtime: Runtime, shop: Shop) -> None:
    """Twenty wrong order numbers from one address are enough, whatever else it writes into the header."""

    async def look_up(client: httpx.AsyncClient, number: int, forwarded: str) -> int:
        headers = {**shop.headers, "x-forwarded-for": forwarded}
        address = f"/api/public/orders/ORD-20261120-{number:05}?email=guest{number}@example.com"
        return (await client.get(address, headers=headers)).status_code

    async with behind_proxies(runtime, app, "10.0.0.1") as client:
        guesses = [await look_up(client, n, f"198.51.100.{n}, 203.0.113.77") for n in range(20)]
        assert set(guesses) == {404}
        assert await look_up(client, 20, "198.51.100.99, 203.0.113.77") == 429
        assert await look_up(client, 21, "203.0.113.77, 203.0.113.78") == 404, "somebody else's address"
    async with behind_proxies(runtime, app, "203.0.113.77") as client:
        assert await look_up(client, 22, "198.51.100.1") == 429, "a forged header from elsewhere"


async def test_the_server_itself_believes_no_header(
    settings: Settings, fresh_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over a real connection: uvicorn has a way of its own to believe proxies, which is off."""
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "*")
    own = open_runtime(replace(settings, port=0), fresh_database, SystemClock())
    shop = await make_shop(own)
    listening = listen(own.settings)
    ready = asyncio.Event()
    serving = asyncio.create_task(_serve(own, listening, ready.set))
    await ready.wait()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    async with httpx.AsyncClient(base_url=address, headers=shop.headers) as client:
        told = [
            (
                await client.get(
                    f"/api/public/orders/ORD-20261120-{n:05}?email=guest{n}@example.com",
                    headers={"x-forwarded-for": f"198.51.100.{n}"},
                )
            ).status_code
            for n in range(21)
        ]
    own.closing.set()
    await serving
    await own.http.aclose()

    assert told == [404] * 20 + [429]
