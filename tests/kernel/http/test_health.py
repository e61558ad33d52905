"""Health: is the process there, may traffic come, what do its figures say, and who may read them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from pasar.kernel.config import Environment
from pasar.kernel.config.stores import RedisSettings, S3Settings
from pasar.kernel.db.database import Database
from pasar.kernel.db.migrating import revisions
from pasar.kernel.events.recording import record, register_subscribers
from pasar.kernel.events.relay import Relay
from pasar.kernel.http.application import build_application
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import files_for, limiter_for, observed
from pasar.roles.doctor import look_at_database, look_at_stores, look_at_work
from pasar.roles.registry import SUBSCRIBERS as REAL_SUBSCRIBERS
from support.processes import free_port
from support.redis_server import redis_server
from support.relay_program import COMPANY, SUBSCRIBERS, Counted, opened_runtime


@asynccontextmanager
async def client_of(runtime: Runtime, peer: str = "127.0.0.1") -> AsyncIterator[httpx.AsyncClient]:
    app = observed(runtime, build_application(runtime, []))
    transport = httpx.ASGITransport(app=app, client=(peer, 50000))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        yield opened


@pytest.mark.parametrize("path", ["/health", "/api/health", "/health/live"])
async def test_the_process_is_there_with_and_without_a_database(runtime: Runtime, path: str) -> None:
    away = Database(replace(runtime.database.address, port=1))
    away.up = False
    for present in (runtime, replace(runtime, database=away)):
        async with client_of(present) as client:
            answer = await client.get(path)
        assert answer.status_code == 200
        assert answer.json()["status"] == "ok"


async def test_ready(runtime: Runtime) -> None:
    async with client_of(runtime) as client:
        answer = await client.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "checks": {"database": {"status": "up"}, "migrations": {"status": "up"}},
    }


async def test_not_ready_without_a_database(runtime: Runtime, fresh_database: Database) -> None:
    await fresh_database.close()
    async with client_of(replace(runtime, database=fresh_database)) as client:
        answer = await client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "2"
    assert answer.json()["checks"]["database"]["status"] == "down"


@pytest.mark.parametrize(
    "undo",
    [
        "DROP TABLE alembic_version",
        "DELETE FROM alembic_version",
        "UPDATE alembic_version SET version_num = '0001_kernel'",
    ],
)
async def test_not_ready_while_migrations_pend(runtime: Runtime, fresh_database: Database, undo: str) -> None:
    await fresh_database.rows(undo)
    async with client_of(replace(runtime, database=fresh_database)) as client:
        answer = await client.get("/health/ready")

    assert answer.status_code == 503
    checks = answer.json()["checks"]
    assert checks["database"] == {"status": "up"}
    assert checks["migrations"]["status"] == "down"
    assert revisions()[-1] in checks["migrations"]["detail"]
    assert "pasar migrate" in checks["migrations"]["detail"]


async def test_redis_and_s3_away_are_told_and_stop_no_traffic(runtime: Runtime) -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    settings = replace(
        runtime.settings,
        redis=RedisSettings(f"redis://{nowhere}", nowhere),
        s3=S3Settings("pictures", endpoint=f"http://{nowhere}", key_id="an-id", secret="a-s3cret"),
    )
    limiter = limiter_for(settings)
    own = replace(runtime, settings=settings, limiter=limiter, files=files_for(settings))
    async with client_of(own) as client:
        answer = await client.get("/health/ready")
    told = {finding.subject: finding for finding in await look_at_stores(settings)}
    await limiter.store.close()

    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    checks = answer.json()["checks"]
    assert checks["redis"]["status"] == checks["files"]["status"] == "degraded"
    assert nowhere in checks["redis"]["detail"]
    assert {subject: finding.well for subject, finding in told.items()} == {"Redis": False, "Files": False}
    assert "a-s3cret" not in answer.text + str(told)


async def test_redis_there(runtime: Runtime) -> None:
    with redis_server() as server:
        settings = replace(runtime.settings, redis=server.settings)
        limiter = limiter_for(settings)
        async with client_of(replace(runtime, settings=settings, limiter=limiter)) as client:
            checks = (await client.get("/health/ready")).json()["checks"]
        told = await look_at_stores(settings)
        await limiter.store.close()

    assert checks["redis"] == {"status": "up"}
    assert [finding.well for finding in told] == [True]


READERS = [
    # production, from, headers, status
    (False, "8.8.4.4", {}, 200),
    (True, "127.0.0.1", {}, 200),
    (True, "10.1.2.3", {}, 200),
    (True, "8.8.4.4", {}, 404),
    (True, "10.1.2.3", {"x-forwarded-for": "8.8.4.4"}, 404),
    (True, "8.8.4.4", {"authorization": "Bearer m3trics-token"}, 200),
    (True, "10.1.2.3", {"x-forwarded-for": "1.2.3.4", "authorization": "Bearer m3trics-token"}, 200),
    (True, "8.8.4.4", {"authorization": "Bearer guess"}, 404),
    (True, "8.8.4.4", {"authorization": "Bearer "}, 404),
    (True, "not an address", {}, 404),
]


@pytest.mark.parametrize(("production", "peer", "headers", "status"), READERS)
async def test_who_reads_the_figures(
    runtime: Runtime, production: bool, peer: str, headers: dict[str, str], status: int
) -> None:
    environment = Environment.PRODUCTION if production else Environment.DEVELOPMENT
    settings = replace(runtime.settings, environment=environment, metrics_token="m3trics-token")
    async with client_of(replace(runtime, settings=settings), peer) as client:
        answer = await client.get("/health/metrics", headers=headers)

    assert answer.status_code == status


async def test_no_token_set_opens_nothing(runtime: Runtime) -> None:
    settings = replace(runtime.settings, environment=Environment.PRODUCTION, metrics_token=None)
    async with client_of(replace(runtime, settings=settings), "8.8.4.4") as client:
        answer = await client.get("/health/metrics", headers={"authorization": "Bearer "})

    assert answer.status_code == 404


async def test_figures_count_by_route_and_never_by_address(runtime: Runtime) -> None:
    async with client_of(runtime) as client:
        await client.get("/invented/by/anybody")
        await client.post("/health")
        figures = (await client.get("/health/metrics")).text

    assert 'route="unrouted",status="404"' in figures
    assert "invented" not in figures


@pytest.mark.parametrize("undo", ["DROP TABLE event_deliveries", "DROP TABLE pgqueuer"])
async def test_figures_without_tables(runtime: Runtime, fresh_database: Database, undo: str) -> None:
    await fresh_database.rows(undo)
    async with client_of(replace(runtime, database=fresh_database)) as client:
        assert (await client.get("/health/metrics")).status_code == 200


async def figure(runtime: Runtime, name: str) -> float:
    async with client_of(runtime) as client:
        lines = (await client.get("/health/metrics")).text.splitlines()
    return float(next(line for line in lines if line.startswith(f"{name} ")).split()[1])


async def test_what_is_stuck_shows_in_figures_and_to_the_doctor(fresh_database: Database) -> None:
    async with opened_runtime(fresh_database) as runtime:
        assert await figure(runtime, "pasar_events_held") == 0
        assert await figure(runtime, "pasar_event_lag_seconds") == 0
        assert all(finding.well for finding in await look_at_work(fresh_database))

        register_subscribers(SUBSCRIBERS[:1])
        long_ago = datetime.now(UTC) - timedelta(hours=2)
        for number in (1, 2):
            async with runtime.database.transaction() as session:
                await record(session, COMPANY, Counted(number=number, of="counter:1"), at=long_ago)
        assert await figure(runtime, "pasar_event_lag_seconds") >= 7200

        await fresh_database.rows("DROP TABLE effects")  # what this subscriber writes to
        relay = Relay(runtime, SUBSCRIBERS[:1], first_wait=timedelta(0))
        await relay.drain()
        await fresh_database.rows(
            "INSERT INTO pgqueuer (priority, entrypoint, status) VALUES (0, 'mail.send', 'failed')"
        )
        register_subscribers(REAL_SUBSCRIBERS)

        assert await figure(runtime, "pasar_events_held") == 1
        assert await figure(runtime, 'pasar_jobs{state="failed"}') == 1
        told = {finding.subject: finding for finding in await look_at_database(fresh_database.address)}
        assert [subject for subject, finding in told.items() if not finding.well] == ["Jobs", "Events"]
        assert "1 held for steady" in told["Events"].told
        assert 'relation "effects" does not exist' in told["Events"].told
        assert told["Jobs"].told == "1 × mail.send failed for good"
