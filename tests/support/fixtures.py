"""Fixtures that most tests want.

`database` is shared by all tests of a worker: each test makes a company of its own, which is
isolation enough. Tests of jobs, events or whole-database counts take `fresh_database`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest
from litestar import Litestar

from pasar.kernel.clock import FixedClock, SystemClock
from pasar.kernel.config import Settings, load_settings
from pasar.kernel.db.database import Database
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import assemble, observed, open_runtime
from support.databases import copied_database
from support.shops import Shop, make_shop


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """One uvloop for all tests of a worker."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings as in development, with a home of their own."""
    home = tmp_path_factory.mktemp("home")
    return load_settings(
        {"PASAR_HOME": str(home), "JWT_SECRET": "x" * 20 + "a-secret-for-tests-only", "LOG_LEVEL": "WARNING"}
    )


@pytest.fixture(scope="session")
async def database(anyio_backend: object) -> AsyncIterator[Database]:
    """The worker's database."""
    async with copied_database() as address:
        opened = await Database.open(address)
        yield opened
        await opened.close()


@pytest.fixture
async def fresh_database(anyio_backend: object) -> AsyncIterator[Database]:
    """A database that only this test sees."""
    async with copied_database() as address:
        opened = await Database.open(address)
        yield opened
        await opened.close()


@pytest.fixture(scope="session")
async def runtime(settings: Settings, database: Database) -> AsyncIterator[Runtime]:
    """A runtime on the worker's database, with the system's clock."""
    opened = open_runtime(settings, database, SystemClock())
    yield opened
    await opened.http.aclose()


@pytest.fixture(scope="session")
def app(runtime: Runtime) -> Litestar:
    """The whole application."""
    return assemble(runtime)


@pytest.fixture
async def client(app: Litestar, runtime: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    """A client that speaks to the application without a network.

    All tests come from one address, whose failures and letters are limited: what others used up is forgotten.
    """
    await runtime.database.rows("DELETE FROM failed_attempts WHERE scope LIKE '%.address'")
    transport = httpx.ASGITransport(app=observed(runtime, app))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        yield opened


@pytest.fixture
def clock() -> FixedClock:
    """A clock that the test sets."""
    return FixedClock(datetime(2026, 11, 20, 9, 0, tzinfo=UTC))


@pytest.fixture
async def shop(runtime: Runtime) -> Shop:
    """A company with a site in USD and IDR, an owner, and nothing else."""
    return await make_shop(runtime)
