"""A client of the probes."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from support.probes import probing


@pytest.fixture
async def probe(runtime: Runtime) -> AsyncIterator[httpx.AsyncClient]:
    """Speaks to the probes on the worker's database."""
    async with probing(runtime) as opened:
        yield opened
