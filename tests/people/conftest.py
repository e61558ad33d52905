"""Clients for tests of people: from an address of their own, and with a clock that the test sets."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

import httpx
import pytest
from litestar import Litestar

from pasar.kernel.clock import FixedClock
from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import assemble, observed, open_runtime


def client_of(app: Litestar, runtime: Runtime) -> httpx.AsyncClient:
    """A client from a network that no other test uses: limits count by address, of IPv6 by /64."""
    address = f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1"
    transport = httpx.ASGITransport(app=observed(runtime, app), client=(address, 4000))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://localhost")


@pytest.fixture
async def stranger(app: Litestar, runtime: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    """A client from an address of its own."""
    async with client_of(app, runtime) as opened:
        yield opened


@pytest.fixture
async def timed(settings: Settings, database: Database, clock: FixedClock) -> AsyncIterator[Runtime]:
    """A runtime that goes by the test's `clock`."""
    opened = open_runtime(settings, database, clock)
    yield opened
    await opened.http.aclose()


@pytest.fixture
async def timed_client(timed: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an application that goes by the test's `clock`."""
    async with client_of(assemble(timed), timed) as opened:
        yield opened
