"""Every answer with a body says what it is, and texts say in which characters."""

from __future__ import annotations

import re

import httpx
from litestar import Litestar
from litestar.routes import HTTPRoute

from pasar.kernel.runtime import Runtime
from support.people import make_staff
from support.shops import Shop

SOME_ID = "01936b2a-0000-7000-8000-00000000dead"
KIND = re.compile(r"[a-z]+/[a-z0-9.+-]+(?:; charset=utf-8)?|text/plain; version=[0-9.]+; charset=utf-8")


async def test_every_body_has_its_kind(
    app: Litestar, client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    """Of every route, asked by a guest and by staff: pages, documents, refusals, files."""
    kinds = set()
    own = re.findall(r'(?:href|src)="(/static/[^"]+)"', (await client.get("/", headers=shop.headers)).text)
    for headers in (shop.headers, await make_staff(runtime, shop)):
        paths = [route.path_format for route in app.routes if isinstance(route, HTTPRoute)]
        for address in [*own, *(re.sub(r"{[^}]+}", SOME_ID, path) for path in paths)]:
            answer = await client.get(address, headers=headers)
            if not answer.content:
                continue
            kind = answer.headers.get("content-type", "")
            assert KIND.fullmatch(kind), f"{address}: {kind}"
            if kind.startswith("text/"):
                assert kind.endswith("charset=utf-8"), f"{address}: {kind}"
            if "json" in kind:
                answer.json()
            kinds.add(kind.partition(";")[0])
    assert {"text/html", "application/json", "application/problem+json", "text/css", "text/plain"} <= kinds
    assert "text/javascript" in kinds
