"""No path in the log is a key to anything."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import httpx
import pytest
from litestar import Litestar

from pasar.kernel.http.observing import Observed
from pasar.kernel.ids import new_id
from pasar.kernel.logs import access_log
from support.shops import Shop

TOKEN = "5e" * 32


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    """The lines of the access log."""
    lines: list[dict[str, object]] = []
    monkeypatch.setattr(type(access_log), "tell", lambda _self, **line: lines.append(line))
    return lines


@pytest.fixture
async def talking(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """The application with a line for each request."""
    transport = httpx.ASGITransport(app=Observed(app, production=False))  # type: ignore[arg-type]  # two libraries' ASGI types
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        (f"/uploads/{TOKEN}-1.webp", "/uploads/[masked]-1.webp"),
        (f"/reset-password/{TOKEN}/x", "/reset-password/[masked]/x"),
        (f"/Reset-Password/{TOKEN.upper()}", "/Reset-Password/[masked]"),
        (f"/Reset-Password/{TOKEN[:60]}", "/Reset-Password/[masked]"),  # cut off by a mail program
        (f"/api/auth/verify-email/{TOKEN}", "/api/auth/verify-email/[masked]"),
        (f"/order%2F{TOKEN}", "/order/[masked]"),
        (f"/reset-password/{TOKEN}", "/reset-password/{token}"),
    ],
)
async def test_a_key_is_not_told(
    talking: httpx.AsyncClient, shop: Shop, told: list[dict[str, object]], path: str, logged: str
) -> None:
    await talking.get(path, headers=shop.headers)

    assert told[-1]["path"] == logged
    assert TOKEN[:40] not in json.dumps(told, default=str).lower()


async def test_what_is_no_key_is_told(
    talking: httpx.AsyncClient, shop: Shop, told: list[dict[str, object]]
) -> None:
    paths = [
        f"/api/products/{new_id()}",
        "/nothing/here",
        "/wp-admin/setup-config.php",
        "/products/a-very-long-name-of-a-product-that-goes-on-and-on-for-more-than-forty-signs",
    ]
    for path in paths:
        await talking.get(path, headers=shop.headers)

    assert [line["path"] for line in told] == paths
