"""Each test calls from an address of its own: failures count by address."""

from __future__ import annotations

import httpx
import pytest


@pytest.fixture
def client(stranger: httpx.AsyncClient) -> httpx.AsyncClient:
    """A client from an address that no other test uses."""
    return stranger
