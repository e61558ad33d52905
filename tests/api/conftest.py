"""Worlds for those who attack the API."""

from __future__ import annotations

import httpx
import pytest
from litestar import Litestar

from api.world import World, make_world
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import observed


@pytest.fixture
async def world(runtime: Runtime, client: httpx.AsyncClient) -> World:
    """A shop with one of everything."""
    return await make_world(runtime, client)


@pytest.fixture(scope="session")
async def world_to_read(app: Litestar, runtime: Runtime) -> World:
    """The worker's world for tests that change nothing in it."""
    transport = httpx.ASGITransport(app=observed(runtime, app))  # type: ignore[arg-type]  # httpx's own scope type
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        return await make_world(runtime, opened)
