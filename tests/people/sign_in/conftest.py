"""Fixtures of tests that sign in, by a provider, too."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import httpx
import pytest
from litestar import Litestar

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import assemble, observed, open_runtime
from people.conftest import client_of
from support.openid_browser import Browser
from support.openid_issuer import Issuer, issuing
from support.shops import make_shop


@pytest.fixture
async def client(app: Litestar, runtime: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    """A client from an address of its own: letters, among them those of registering, count by address."""
    async with client_of(app, runtime) as opened:
        yield opened


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with issuing() as started:
        yield started


@pytest.fixture
async def provided(settings: Settings, database: Database, issuer: Issuer) -> AsyncIterator[Runtime]:
    """A runtime that knows the issuer."""
    opened = open_runtime(replace(settings, openid=(issuer.provider(),)), database, SystemClock())
    yield opened
    await opened.http.aclose()


@pytest.fixture
async def browser(provided: Runtime) -> AsyncIterator[Browser]:
    shop = await make_shop(provided)
    transport = httpx.ASGITransport(app=observed(provided, assemble(provided)))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield Browser(client, provided, shop)
