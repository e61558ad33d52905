"""For which host passkeys are made: in production only for one that was configured."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest
from litestar.testing import RequestFactory

from pasar.kernel.config.settings import Environment
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.second_factor.relying_party import RelyingParty, relying_party
from support.shops import Shop


async def party(
    runtime: Runtime, shop: Shop, *, asked: str, host: str | None, public: str, production: bool
) -> RelyingParty:
    site = await runtime.sites.of_company(shop.company_id)
    assert site is not None
    settings = replace(
        runtime.settings,
        environment=Environment.PRODUCTION if production else Environment.DEVELOPMENT,
        public_url=public,
    )
    request = RequestFactory().get("/", headers={"host": asked})
    return relying_party(cast("Any", request), replace(runtime, settings=settings), replace(site, host=host))


@pytest.mark.parametrize(
    ("asked", "host", "public", "production", "expected"),
    [
        ("shop.example.com", "shop.example.com", "", True, "shop.example.com"),
        ("evil.example.net", "shop.example.com", "", True, "shop.example.com"),
        ("evil.example.net", None, "https://www.example.com", True, "www.example.com"),
        ("www.example.com", "shop.example.com", "https://www.example.com", True, "www.example.com"),
        ("anything.example", None, "", True, "anything.example"),
        ("localhost:8000", "shop.example.com", "https://www.example.com", False, "localhost"),
    ],
)
async def test_the_host(
    runtime: Runtime, shop: Shop, asked: str, host: str | None, public: str, production: bool, expected: str
) -> None:
    found = await party(runtime, shop, asked=asked, host=host, public=public, production=production)
    assert found.id == expected
    assert all(expected in origin for origin in found.origins)
    assert not any("evil" in origin for origin in found.origins)


async def test_origins_keep_their_port(runtime: Runtime, shop: Shop) -> None:
    found = await party(runtime, shop, asked="localhost:8000", host=None, public="", production=False)
    assert set(found.origins) == {"https://localhost", "http://localhost:8000"}
