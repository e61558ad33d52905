"""Health: is the process there, is it ready, and its figures."""

from __future__ import annotations

import asyncio
import ipaddress
import secrets
from typing import Any

import asyncpg
from litestar import Request, Response, get
from litestar.openapi import ResponseSpec
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from pasar.kernel import metrics
from pasar.kernel.db.database import OUTAGE_ERRORS, Database
from pasar.kernel.db.migrating import CURRENT, MigrationState, state_after
from pasar.kernel.errors import NotFound
from pasar.kernel.http.guards import anyone, runtime_of
from pasar.kernel.runtime import Runtime

AnyRequest = Request[Any, Any, Any]
CHECK_SECONDS = 1.5

EVENT_FIGURES = """
SELECT coalesce(extract(epoch FROM now() - min(e.occurred_at) FILTER (WHERE NOT d.held)), 0)::float8,
       count(*) FILTER (WHERE d.held)
  FROM event_deliveries d JOIN events e ON (e.company_id, e.id) = (d.company_id, d.event_id)
 WHERE d.delivered_at IS NULL
"""
JOB_FIGURES = "SELECT status::text, count(*) FROM pgqueuer GROUP BY 1"
SCHEDULE_FIGURES = "SELECT name, extract(epoch FROM succeeded_at)::float8 FROM schedule_runs"
JOB_STATES = {"queued": "waiting", "picked": "running", "failed": "failed"}


def alive(runtime: Runtime) -> dict[str, str]:
    """What `/health` says, without touching the database."""
    return {"status": "ok", "service": runtime.settings.service_name, "version": runtime.settings.version}


@get(["/health", "/api/health"], guards=[anyone], summary="Is the process there?", tags=["Health"])
async def health(request: AnyRequest) -> dict[str, str]:
    """Answer without touching the database."""
    return alive(runtime_of(request))


@get("/health/live", guards=[anyone], summary="Is the process there?", tags=["Health"])
async def live(request: AnyRequest) -> dict[str, str]:
    """The same as `/health`, under the name that orchestrators use."""
    return alive(runtime_of(request))


@get(
    "/health/ready",
    guards=[anyone],
    summary="May traffic come?",
    tags=["Health"],
    responses={503: ResponseSpec(dict[str, Any], description="Not yet: the checks say which part is down")},
)
async def ready(request: AnyRequest) -> Response[dict[str, Any]]:
    """Say which part is down, if any; 503 then. A degraded part is one that traffic can do without."""
    runtime = runtime_of(request)
    checks = await readiness(runtime)
    up = all(check["status"] != "down" for check in checks.values())
    body = {"status": "ok" if up else "down", "checks": checks}
    headers = {} if up else {"Retry-After": "2"}
    return Response(body, status_code=200 if up else 503, headers=headers)


async def readiness(runtime: Runtime) -> dict[str, dict[str, str]]:
    """Each part that serving needs, with `status` up, degraded or down, and a `detail` that says what to do.

    Redis and S3 are there only where they are configured.
    """
    database, stores = await asyncio.gather(_database(runtime), stores_of(runtime))
    return database | stores


async def stores_of(runtime: Runtime) -> dict[str, dict[str, str]]:
    """Redis and S3, where they are configured: without them Pasar goes on, with less."""
    checks: dict[str, dict[str, str]] = {}
    if runtime.settings.redis is not None:
        away = await runtime.limiter.store.away()
        told = f"{away}. Until it does, each process counts calls by itself."
        checks["redis"] = _degraded(told) if away else {"status": "up"}
    if runtime.settings.s3 is not None:
        away = await runtime.files.away()
        told = f"{away}. Pictures and uploads fail until it does; all else goes on."
        checks["files"] = _degraded(told) if away else {"status": "up"}
    return checks


async def _database(runtime: Runtime) -> dict[str, dict[str, str]]:
    if not runtime.database.up:
        return {
            "database": _down("The database does not answer."),
            "migrations": _down("Unknown without a database."),
        }
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            state = await migrations_of(runtime.database)
    except (*OUTAGE_ERRORS, asyncpg.PostgresError) as problem:
        told = f"The database does not answer ({type(problem).__name__})."
        return {"database": _down(told), "migrations": _down("Unknown without a database.")}
    pending = ", ".join(state.pending)
    migrations = _down(f"Run pasar migrate: {pending} pending.") if pending else {"status": "up"}
    return {"database": {"status": "up"}, "migrations": migrations}


async def migrations_of(database: Database) -> MigrationState:
    """Where the database stands, by one statement on the open pool: probes come every few seconds."""
    try:
        return state_after(await database.value(CURRENT))
    except asyncpg.UndefinedTableError:
        return state_after(None)


def _degraded(detail: str) -> dict[str, str]:
    return {"status": "degraded", "detail": detail}


def _down(detail: str) -> dict[str, str]:
    return {"status": "down", "detail": detail}


@get(
    "/health/metrics",
    guards=[anyone],
    summary="Figures for Prometheus",
    tags=["Health"],
    media_type="text/plain",
)
async def prometheus(request: AnyRequest) -> Response[bytes]:
    """The process's figures. In production for private callers, or with the metrics token."""
    runtime = runtime_of(request)
    if runtime.settings.production and not _may_read_metrics(request, runtime):
        raise NotFound("not_found", "There is nothing at this address.")
    metrics.POOL_IN_USE.set(runtime.database.pool_in_use)
    metrics.POOL_WAITING.set(runtime.database.pool.waiting)
    if runtime.database.up:
        await _read_figures(runtime)
    return Response(generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _may_read_metrics(request: AnyRequest, runtime: Runtime) -> bool:
    token = runtime.settings.metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token and given and secrets.compare_digest(token.encode(), given.encode()):
        return True
    if request.headers.get("x-forwarded-for"):  # somebody stands in front: the peer is not the caller
        return False
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_private
    except ValueError:
        return False


async def _read_figures(runtime: Runtime) -> None:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            row = await runtime.database.row(EVENT_FIGURES)
            jobs = await runtime.database.rows(JOB_FIGURES)
            schedules = await runtime.database.rows(SCHEDULE_FIGURES)
    except (*OUTAGE_ERRORS, asyncpg.PostgresError):  # away, or its tables are not made yet
        return
    if row is not None:
        metrics.EVENT_LAG.set(max(0.0, row[0]))
        metrics.EVENTS_HELD.set(row[1])
    for name, at in schedules:
        metrics.SCHEDULE_LAST_SUCCESS.labels(name).set(at)
    counts = {JOB_STATES.get(state, state): count for state, count in jobs}
    for state in JOB_STATES.values():
        metrics.JOBS.labels(state).set(counts.get(state, 0))


HEALTH_ROUTES = [health, live, ready, prometheus]
