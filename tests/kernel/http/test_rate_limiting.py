"""How many calls one caller may make: counted in memory and in Redis by the same rules."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog
from litestar import Litestar, post
from litestar.connection import ASGIConnection

from pasar.kernel.config import SettingsError, load_settings
from pasar.kernel.config.edge import RAISED_WRITES, RateLimitSettings
from pasar.kernel.errors import Unauthorised
from pasar.kernel.http.application import build_application
from pasar.kernel.http.guards import shopper, webhook
from pasar.kernel.ids import new_token
from pasar.kernel.network_addresses import network_of
from pasar.kernel.rate_limits.limiter import RateLimiter, Subject
from pasar.kernel.rate_limits.stores import CountStore, MemoryCounts, RedisCounts
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import assemble, limiter_for, observed
from support.people import make_customer, make_staff
from support.probes import PROBES
from support.redis_server import RedisServer, redis_server
from support.shops import Shop

WINDOW_MS = 60_000


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    with redis_server() as server:
        yield server


@pytest.fixture(params=["memory", "redis"])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[CountStore]:
    if request.param == "memory":
        yield MemoryCounts()
        return
    server: RedisServer = request.getfixturevalue("redis")
    counts = RedisCounts(server.settings, namespace=f"test-{secrets.token_hex(4)}:")
    yield counts
    assert counts._again_at is None, "Redis answered all the time: this was no test of memory"
    await counts.close()


# The store


async def test_a_store_counts_each_subject_by_itself(store: CountStore) -> None:
    assert [calls for calls, _ in await store.count(["a", "b"], WINDOW_MS)] == [1, 1]
    assert [calls for calls, _ in await store.count(["b"], WINDOW_MS)] == [2]
    ((calls, left),) = await store.count(["b"], WINDOW_MS)
    assert calls == 3
    assert WINDOW_MS - 5_000 < left <= WINDOW_MS


async def test_a_window_ends_whole(store: CountStore) -> None:
    for expected in (1, 2, 3):
        ((calls, left),) = await store.count(["a"], 300)
        assert calls == expected
    assert 0 <= left <= 300
    await asyncio.sleep(0.35)

    assert (await store.count(["a"], 300))[0][0] == 1


async def test_calls_at_the_same_moment_are_all_counted(store: CountStore) -> None:
    told = await asyncio.gather(*(store.count(["a"], WINDOW_MS) for _ in range(50)))

    assert sorted(calls for ((calls, _),) in told) == list(range(1, 51))


async def test_memory_forgets_windows_that_are_over_and_keeps_within_its_bound() -> None:
    counts = MemoryCounts(most=2_000)
    for number in range(1_000):
        await counts.count([f"short-{number}"], 1)
    await asyncio.sleep(0.005)
    await counts.count(["old"], WINDOW_MS)
    for number in range(100):
        await counts.count([f"long-{number}"], WINDOW_MS)
    assert len(counts) == 101, "those of one millisecond are gone"

    for number in range(5_000):
        await counts.count([f"flood-{number}"], WINDOW_MS)
    assert len(counts) <= 2_000
    assert (await counts.count(["flood-4999"], WINDOW_MS))[0][0] == 2, "the newest are kept"


# The rule, the whole way


@asynccontextmanager
async def limited(
    runtime: Runtime,
    store: CountStore,
    *,
    writes: int = 3,
    window_ms: int = WINDOW_MS,
    peer: str = "192.0.2.1",
    app: Litestar | None = None,
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the probes (or of `app`) under a limit of its own."""
    limiter = RateLimiter(RateLimitSettings(writes, window_ms), store)
    own = replace(runtime, limiter=limiter)
    served = observed(own, app or build_application(own, [*PROBES, told_by_provider, a_write]))
    transport = httpx.ASGITransport(app=served, client=(peer, 50_000))  # type: ignore[arg-type]  # Litestar's types
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


async def _believed(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    if connection.headers.get("x-signature") != "right":
        raise Unauthorised("signature_invalid", "Sign the call.")


@post("/api/probe/write", guards=[shopper])
async def a_write() -> str:
    """A changing call of the API that changes nothing."""
    return "done"


@post("/api/probe/webhook", guards=[webhook(_believed)])
async def told_by_provider() -> str:
    """What a provider sends."""
    return "heard"


async def write(client: httpx.AsyncClient, headers: dict[str, str]) -> httpx.Response:
    return await client.post("/api/probe/write", headers=headers)


async def test_one_too_many_is_told_when_to_come_again(
    runtime: Runtime, shop: Shop, store: CountStore
) -> None:
    async with limited(runtime, store) as client:
        answers = [await write(client, shop.headers) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert [answer.headers["x-ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert {answer.headers["x-ratelimit-limit"] for answer in answers} == {"3"}
    assert 55 <= int(answers[0].headers["x-ratelimit-reset"]) <= 60
    refused = answers[-1]
    assert refused.json()["code"] == "too_many_requests"
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["retry-after"] == refused.headers["x-ratelimit-reset"]


async def test_after_the_window_all_is_allowed_again(runtime: Runtime, shop: Shop, store: CountStore) -> None:
    async with limited(runtime, store, writes=1, window_ms=400) as client:
        assert (await write(client, shop.headers)).status_code == 201
        refused = await write(client, shop.headers)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
        await asyncio.sleep(0.45)
        assert (await write(client, shop.headers)).status_code == 201


async def test_looking_has_ten_times_the_limit_and_its_own_count(
    runtime: Runtime, shop: Shop, store: CountStore
) -> None:
    async with limited(runtime, store, writes=1) as client:
        assert (await write(client, shop.headers)).status_code == 201
        looks = [await client.get("/api/probe/who", headers=shop.headers) for _ in range(11)]

    assert [look.status_code for look in looks] == [200] * 10 + [429]
    assert looks[0].headers["x-ratelimit-limit"] == "10"


async def test_an_account_counts_by_itself_wherever_it_calls_from(
    runtime: Runtime, shop: Shop, store: CountStore
) -> None:
    _, ani = await make_customer(runtime, shop)
    _, budi = await make_customer(runtime, shop)
    owner = await make_staff(runtime, shop)

    async with limited(runtime, store) as home, limited(runtime, store, peer="198.51.100.9") as office:
        assert [(await write(home, ani)).status_code for _ in range(2)] == [201, 201]
        # A session token beside it makes no second account.
        assert (await write(office, ani | {"x-session-token": new_token()})).status_code == 201
        assert (await write(office, ani)).status_code == 429
        assert (await write(home, budi)).status_code == 201
        assert (await write(home, owner)).status_code == 201
        assert (await write(home, shop.headers)).status_code == 201, "accounts leave guests theirs"


async def test_a_made_up_session_token_for_each_call_gains_nothing(
    runtime: Runtime, shop: Shop, store: CountStore
) -> None:
    async with limited(runtime, store) as client:
        told = [
            (await write(client, shop.headers | {"x-session-token": new_token()})).status_code
            for _ in range(5)
        ]
        cookie = {"cookie": f"pasar_session={new_token()}"}
        page = await client.post("/probe/page", data={}, headers={**shop.headers, **cookie})

    assert told == [201, 201, 201, 429, 429]
    assert page.status_code == 429, "nor does a made-up cookie"


async def test_guests_of_one_address_count_by_session(
    runtime: Runtime, shop: Shop, store: CountStore
) -> None:
    own = replace(runtime, limiter=RateLimiter(RateLimitSettings(3, WINDOW_MS), store))
    transport = httpx.ASGITransport(app=observed(own, assemble(own)), client=("192.0.2.7", 1))  # type: ignore[arg-type]  # Litestar's types
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:

        async def add(cart: dict[str, str]) -> int:
            headers = shop.headers | {"x-session-token": cart["sessionToken"]}
            line = {"productId": "01936b2a-0000-7000-8000-00000000dead", "quantity": 1}
            return (
                await client.post(f"/api/public/cart/{cart['id']}/items", json=line, headers=headers)
            ).status_code

        carts = [(await client.post("/api/public/cart", headers=shop.headers)).json() for _ in range(3)]
        refused = await client.post("/api/public/cart", headers=shop.headers)
        assert refused.status_code == 429, "the address has opened its three"
        for cart in carts:
            assert [await add(cart) for _ in range(4)] == [404, 404, 404, 429], "each has its own limit"


async def test_many_sessions_of_one_address_have_ten_times_the_limit(store: CountStore) -> None:
    limiter = RateLimiter(RateLimitSettings(2, WINDOW_MS), store)
    crowd = Subject("n:192.0.2.7", 10)
    left = [(await limiter.count([Subject(f"s:{n}"), crowd], write=True)).left for n in range(21)]

    assert left[0] == 1, "the session's own is tightest at first"
    assert left[19] == 0
    assert left[20] == -1, "however many carts were opened"


async def test_guessing_tokens_counts_for_the_address(
    runtime: Runtime, shop: Shop, store: CountStore
) -> None:
    async with limited(runtime, store) as client:
        for number in range(3):
            guess = {"authorization": f"Bearer guess.{number}.x"}
            assert (await write(client, shop.headers | guess)).status_code == 401
        refused = await write(client, shop.headers | {"authorization": "Bearer guess.4.x"})
        key = await write(client, shop.headers | {"x-api-key": "pasar_guess"})
        company = await write(client, {"x-company-id": "seven"})

    assert [refused.status_code, key.status_code, company.status_code] == [429, 429, 429]


async def test_routes_that_are_open_to_all_count_for_the_address(runtime: Runtime, store: CountStore) -> None:
    async with limited(runtime, store) as client:
        told = [await client.post("/api/probe/echo", json={"name": "x"}) for _ in range(4)]

    assert [answer.status_code for answer in told] == [201, 201, 201, 429]


async def test_health_is_never_limited(runtime: Runtime, store: CountStore) -> None:
    async with limited(runtime, store, writes=1) as client:
        for path in ["/health", "/api/health", "/health/live", "/health/ready"] * 5:
            answer = await client.get(path)
            assert answer.status_code == 200
            assert "x-ratelimit-limit" not in answer.headers


async def test_pictures_and_styles_are_never_limited(runtime: Runtime, store: CountStore) -> None:
    own = replace(runtime, limiter=RateLimiter(RateLimitSettings(1, WINDOW_MS), store))
    async with limited(runtime, store, app=assemble(own)) as client:
        told = {(await client.get(f"/media/{'a' * 64}-480.webp")).status_code for _ in range(15)}
        styles = {(await client.get("/static/none.css")).status_code for _ in range(15)}

    assert told == styles == {404}


async def test_verified_providers_are_never_limited_and_forgers_are(
    runtime: Runtime, store: CountStore
) -> None:
    async with limited(runtime, store) as client:
        right = [
            (await client.post("/api/probe/webhook", headers={"x-signature": "right"})).status_code
            for _ in range(10)
        ]
        forged = [(await client.post("/api/probe/webhook")).status_code for _ in range(4)]

    assert right == [201] * 10
    assert forged == [401, 401, 401, 429]


async def test_pages_are_limited_without_telling_figures(
    runtime: Runtime, shop: Shop, store: CountStore
) -> None:
    async with limited(runtime, store, writes=1) as client:
        pages = [await client.get("/probe/page", headers=shop.headers) for _ in range(11)]

    assert [page.status_code for page in pages] == [200] * 10 + [429]
    assert "retry-after" in pages[-1].headers
    assert not any("x-ratelimit-limit" in page.headers for page in pages)


@pytest.mark.parametrize(
    ("address", "counts_as"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2::1", "20010db800010002"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "20010db800010002"),
        ("2001:db8:1:3::1", "20010db800010003"),
        ("", "nowhere"),
    ],
)
def test_what_counts_as_one_address(address: str, counts_as: str) -> None:
    assert network_of(address) == counts_as


# Redis away


async def test_without_redis_calls_are_counted_in_memory_and_told_once(
    runtime: Runtime, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pasar.kernel.rate_limits.stores.AGAIN_SECONDS", 0.2)
    with redis_server() as server:
        counts = RedisCounts(server.settings, namespace="away:")
        async with limited(runtime, counts) as client:
            assert (await write(client, shop.headers)).headers["x-ratelimit-remaining"] == "2"
            assert await counts.away() is None
            server.stop()
            with structlog.testing.capture_logs() as told:
                answers = [await write(client, shop.headers) for _ in range(4)]
                assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
                assert [line["event"] for line in told] == ["rate_limits.redis_away"]
                away = await counts.away()
                assert away is not None
                assert "does not answer" in away
                server.start()
                await asyncio.sleep(0.3)
                assert (await write(client, shop.headers)).headers["x-ratelimit-remaining"] == "2"
                assert [line["event"] for line in told][-1] == "rate_limits.redis_back"
        await counts.close()


async def test_a_redis_that_hangs_holds_up_one_call_and_no_more() -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    settings = load_settings(
        {
            "JWT_SECRET": "x" * 40,
            "REDIS_HOST": "127.0.0.1",
            "REDIS_PORT": str(silent.sockets[0].getsockname()[1]),
        },
        generate_secrets=False,
    )
    limiter = limiter_for(settings)
    began = asyncio.get_running_loop().time()
    standings = [await limiter.count([Subject("a")], write=True) for _ in range(20)]
    took = asyncio.get_running_loop().time() - began

    assert [standing.limit - standing.left for standing in standings] == list(range(1, 21))
    assert took < 1.0
    await limiter.store.close()
    silent.close()


async def test_a_wrong_password_is_as_good_as_away(redis: RedisServer) -> None:
    counts = RedisCounts(replace(redis.settings, password="another"), namespace="wrong:")

    assert (await counts.count(["a"], WINDOW_MS))[0][0] == 1
    assert "does not answer" in str(await counts.away())
    await counts.close()


async def test_processes_share_their_counts(redis: RedisServer) -> None:
    one, two = (RedisCounts(redis.settings, namespace="shared:") for _ in range(2))
    other = RedisCounts(redis.settings, namespace="other:")

    assert [(await store.count(["a"], WINDOW_MS))[0][0] for store in (one, two, one, other)] == [1, 2, 3, 1]
    for store in (one, two, other):
        await store.close()


# Settings

PLAIN = {"JWT_SECRET": "x" * 40}
PUBLIC = {**PLAIN, "HOST": "0.0.0.0", "PASAR_PUBLIC_DEV": "1"}


@pytest.mark.parametrize(
    ("said", "limit"),
    [
        (PUBLIC, (100, 60_000)),
        (PLAIN, (RAISED_WRITES, 60_000)),  # a developer's own machine
        ({**PLAIN, "RATE_LIMIT_MAX": "7"}, (7, 60_000)),
        ({**PUBLIC, "RATE_LIMIT_MAX": "7", "RATE_LIMIT_TTL": "10"}, (7, 10_000)),
        ({**PUBLIC, "RATE_LIMIT_MAX_REQUESTS": "8", "RATE_LIMIT_WINDOW_MS": "900000"}, (8, 900_000)),
        ({**PUBLIC, "RATE_LIMIT_TTL": "60", "RATE_LIMIT_WINDOW_MS": "60000"}, (100, 60_000)),
    ],
)
def test_which_limit(tmp_path: Path, said: dict[str, str], limit: tuple[int, int]) -> None:
    found = load_settings({"PASAR_HOME": str(tmp_path), **said}).rate_limit

    assert (found.writes, found.window_ms) == limit


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"RATE_LIMIT_MAX": "0"}, "RATE_LIMIT_MAX=0"),
        ({"RATE_LIMIT_MAX": "many"}, "RATE_LIMIT_MAX=many"),
        ({"RATE_LIMIT_TTL": "-1"}, "RATE_LIMIT_TTL=-1"),
        ({"RATE_LIMIT_TTL": "86401"}, "RATE_LIMIT_TTL=86401"),
        ({"RATE_LIMIT_MAX": "5", "RATE_LIMIT_MAX_REQUESTS": "6"}, "disagree"),
        ({"RATE_LIMIT_TTL": "60", "RATE_LIMIT_WINDOW_MS": "60"}, "disagree"),
        ({"REDIS_URL": "http://redis:6379"}, "REDIS_URL must be"),
        ({"REDIS_HOST": "redis", "REDIS_PORT": "x"}, "REDIS_PORT=x"),
    ],
)
def test_limits_that_are_refused(tmp_path: Path, said: dict[str, str], told: str) -> None:
    with pytest.raises(SettingsError, match=told) as refusal:
        load_settings({"PASAR_HOME": str(tmp_path), **PLAIN, **said})

    assert len(refusal.value.problems) == 1


@pytest.mark.parametrize(
    ("said", "place", "password"),
    [
        ({}, None, None),
        ({"REDIS_URL": "redis://:s3cret@cache:6380/2"}, "cache:6380", "s3cret"),
        ({"REDIS_URL": "rediss://cache", "REDIS_PASSWORD": "s3cret"}, "cache:6379", "s3cret"),
        ({"REDIS_HOST": "cache", "REDIS_PORT": "6380", "REDIS_PASSWORD": "s3cret"}, "cache:6380", "s3cret"),
        ({"REDIS_HOST": "fd00::1"}, "[fd00::1]:6379", None),
    ],
)
def test_which_redis(tmp_path: Path, said: dict[str, str], place: str | None, password: str | None) -> None:
    found = load_settings({"PASAR_HOME": str(tmp_path), **PLAIN, **said}).redis

    assert (found.place if found else None, found.password if found else None) == (place, password)
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"REDIS_URL": "redis://:hunter2@cache:6379"}, "REDIS_URL: the password is weak"),
        ({"REDIS_HOST": "cache", "REDIS_PASSWORD": "hunter2"}, "REDIS_PASSWORD is weak"),
        ({"REDIS_URL": "redis://cache", "REDIS_PASSWORD": "hunter2"}, "REDIS_PASSWORD is weak"),
        ({"REDIS_URL": "redis://:k3Vq9ZtX7mBw2LrN5pYd@cache:6379"}, None),
    ],
)
def test_a_weak_password_of_redis_stops_production(
    tmp_path: Path, said: dict[str, str], told: str | None
) -> None:
    with pytest.raises(SettingsError) as refusal:  # for the missing database, at least
        load_settings({"PASAR_HOME": str(tmp_path), "PASAR_ENV": "production", **PLAIN, **said})

    about_redis = [problem for problem in refusal.value.problems if "REDIS" in problem]
    assert [problem.split(";")[0] for problem in about_redis] == ([told] if told else [])
    assert "hunter2" not in str(refusal.value)
