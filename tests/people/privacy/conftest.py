"""A client for tests that register people."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from litestar import Litestar

from pasar.kernel.runtime import Runtime
from people.conftest import client_of


@pytest.fixture
async def client(app: Litestar, runtime: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    """A client from an address of its own: letters, among them those of registering, count by address."""
    async with client_of(app, runtime) as opened:
        yield opened
