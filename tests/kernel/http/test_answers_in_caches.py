"""What an answer of the API says about somebody stays out of every cache, the browser's own included."""

from __future__ import annotations

import re

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from pasar.kernel.runtime import Runtime
from support.people import make_customer, make_staff
from support.shops import Shop

SOME_ID = "01936b2a-0000-7000-8000-00000000dead"


@pytest.mark.parametrize("who", ["customer", "staff", "guest"])
async def test_what_is_asked_by_somebody_is_not_kept(
    app: Litestar, client: httpx.AsyncClient, runtime: Runtime, shop: Shop, who: str
) -> None:
    """Every address of the API that can be looked at, by whoever says who they are."""
    if who == "customer":
        headers = (await make_customer(runtime, shop))[1]
    elif who == "staff":
        headers = await make_staff(runtime, shop)
    else:
        headers = shop.headers | {"x-session-token": "a" * 64}
    statuses = set()
    for route in app.routes:
        if not isinstance(route, HTTPRoute) or not route.path_format.startswith("/api/"):
            continue
        if not any("GET" in handler.http_methods for handler in route.route_handlers):
            continue
        address = re.sub(r"{[^}]+}", SOME_ID, route.path_format)
        answer = await client.get(address, headers=headers)
        said = answer.headers.get_list("cache-control")
        if address != "/api/openapi.json":  # the same for everybody, and its handler says so
            assert said == ["no-store"] or address == "/api/docs", f"{address}: {said}"
        statuses.add(answer.status_code)
    assert 200 in statuses


async def test_answers_with_tokens_are_not_kept(client: httpx.AsyncClient, shop: Shop) -> None:
    body = {"email": "somebody@example.com", "password": "another long password"}
    answer = await client.post("/api/auth/login", json=body, headers=shop.headers)

    assert answer.headers.get_list("cache-control") == ["no-store"]


async def test_what_is_the_same_for_everybody_may_be_kept(client: httpx.AsyncClient, shop: Shop) -> None:
    answer = await client.get("/api/products", headers=shop.headers)

    assert answer.status_code == 200
    assert "no-store" not in answer.headers.get("cache-control", "")
