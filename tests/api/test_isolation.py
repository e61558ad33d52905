"""What belongs to another company is not there: the same answer, byte for byte, as for what never was."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from api.bodies import BODIES, BUYING, filled
from api.operations import operations
from api.world import World, make_world
from pasar.kernel.ids import new_id, new_token
from pasar.kernel.runtime import Runtime

NAMED = [(method, path) for method, path in operations() if "{" in path and not path.startswith("/media/")]


@pytest.fixture(scope="module")
async def other(runtime: Runtime, world_to_read: World) -> World:
    """Company B, which nobody of company A may see; A's world is there too, and both stay unchanged."""
    return world_to_read


def caller_of(path: str) -> str:
    """Who comes furthest at this address."""
    if path.startswith("/api/admin/"):
        return "owner"
    return "guest" if path.startswith(("/api/public/", "/api/products")) else "customer"


def nobodys(ids: dict[str, str]) -> dict[str, str]:
    """Names of the same shape, of nothing at all."""
    made = {name: str(new_id()) for name in ids}
    return made | {"number": "ORD-20260101-ZZZZZ", "token": new_token()}


@pytest.mark.parametrize(("method", "path"), NAMED, ids=str)
async def test_anothers_ids_answer_as_unknown_ids(
    client: httpx.AsyncClient, runtime: Runtime, other: World, method: str, path: str
) -> None:
    own = await make_world(runtime, client)
    headers = own.callers[caller_of(path)]
    params = {"email": "ann@example.com"} if path.endswith("/{number}") else {}

    async def ask(ids: dict[str, str]) -> httpx.Response:
        names = {**ids, "name": ids["product_id"]}
        address = re.sub(r"{(\w+)}", lambda found: names[found[1]], path)
        body = filled(BODIES.get((method, path)), names)
        return await client.request(method, address, json=body, params=params, headers=headers)

    unknown = await ask(nobodys(other.ids))
    assert unknown.status_code == 404, unknown.text
    foreign = await ask(other.ids)
    assert told(foreign) == told(unknown)


def told(answer: httpx.Response) -> tuple[int, dict[str, str], bytes]:
    """Everything of an answer but the request's id, and how many calls its limit has left."""
    request_id = answer.headers["x-request-id"]
    passing = ("x-request-id", "x-ratelimit-")
    headers = {name: value for name, value in answer.headers.items() if not name.startswith(passing)}
    return answer.status_code, headers, answer.content.replace(request_id.encode(), b"")


ABROAD: list[tuple[str, str, str, Any]] = [
    ("POST", "/api/admin/products", "owner", {"title": "Bowl", "categoryId": "{category_id}"}),
    ("PATCH", "/api/admin/products/[product_id]", "owner", {"categoryId": "{category_id}"}),
    ("PATCH", "/api/admin/products/[product_id]/variants/{variant_id}", "owner", {"weightGrams": 5}),
    ("DELETE", "/api/admin/products/[product_id]/variants/{variant_id}", "owner", None),
    ("POST", "/api/admin/categories", "owner", {"title": "Bowls", "parentId": "{category_id}"}),
    ("PATCH", "/api/admin/categories/[category_id]", "owner", {"parentId": "{category_id}"}),
    ("DELETE", "/api/admin/categories/[category_id]?moveTo={category_id}", "owner", None),
    (
        "POST",
        "/api/admin/inventory/adjustments",
        "owner",
        {"variantId": "{variant_id}", "delta": 1, "reason": "received"},
    ),
    ("GET", "/api/admin/inventory?variantId={variant_id}", "owner", None),
    ("GET", "/api/admin/inventory/adjustments?variantId={variant_id}", "owner", None),
    ("GET", "/api/admin/products?category={category_id}", "owner", None),
    ("GET", "/api/products?category={category_id}", "guest", None),
    ("PUT", "/api/admin/products/[product_id]/media/order", "owner", {"mediaIds": ["{media_id}"]}),
    ("POST", "/api/public/cart/[cart_id]/items", "guest", {"productId": "{product_id}"}),
    (
        "POST",
        "/api/public/cart/[cart_id]/items",
        "guest",
        {"productId": "[product_id]", "variantId": "{variant_id}"},
    ),
    ("PATCH", "/api/public/cart/[cart_id]/items/{item_id}", "guest", {"quantity": 2}),
    ("POST", "/api/cart/items", "customer", {"productId": "{product_id}", "variantId": "{variant_id}"}),
    ("PUT", "/api/admin/products/[product_id]", "owner", {"categoryId": "{category_id}"}),
    ("PUT", "/api/admin/categories/[category_id]", "owner", {"parentId": "{category_id}"}),
    (
        "POST",
        "/api/admin/inventory/adjustments",
        "owner",
        {"variantId": "[variant_id]", "locationId": "{location_id}", "delta": 1, "reason": "received"},
    ),
    (
        "POST",
        "/api/admin/orders/[order_id]/ship",
        "owner",
        {"carrier": "DHL", "lines": [{"lineId": "{line_id}", "quantity": 1}]},
    ),
    ("PATCH", "/api/admin/staff/[user_id]", "owner", {"customRoleId": "{role_id}"}),
    (
        "POST",
        "/api/admin/invitations",
        "owner",
        {"email": "new@example.com", "customRoleId": "{role_id}"},
    ),
    ("GET", "/api/admin/audit?actor={user_id}", "owner", None),
    ("GET", "/api/admin/audit/export?actor={user_id}", "owner", None),
    *(
        ("POST", path, caller, BUYING | {name: value})
        for path, caller in (
            ("/api/public/checkout", "guest"),
            ("/api/public/checkout/preview", "guest"),
            ("/api/checkout", "customer"),
            ("/api/checkout/preview", "customer"),
            ("/api/orders", "customer"),
        )
        for name, value in (("cartId", "{cart_id}"), ("shippingMethodId", "{method_id}"))
    ),
]


@pytest.mark.parametrize(("method", "path", "caller", "body"), ABROAD, ids=str)
async def test_anothers_ids_beside_ones_own(
    client: httpx.AsyncClient,
    runtime: Runtime,
    other: World,
    method: str,
    path: str,
    caller: str,
    body: Any,
) -> None:
    own = await make_world(runtime, client)

    async def ask(ids: dict[str, str]) -> httpx.Response:
        placed = filled([path, body], ids)
        address, sent = (_with_own(part, own.ids) for part in placed)
        return await client.request(method, address, json=sent, headers=own.callers[caller])

    unknown = await ask(nobodys(other.ids))
    assert unknown.status_code in {200, 400, 404, 409, 422}, unknown.text
    if method != "GET" and not path.endswith("/preview"):
        assert unknown.status_code >= 400, unknown.text
    assert told(await ask(other.ids)) == told(unknown)


def _with_own(part: Any, mine: dict[str, str]) -> Any:
    if isinstance(part, str):
        return re.sub(r"\[(\w+)\]", lambda found: mine[found[1]], part)
    if isinstance(part, dict):
        return {name: _with_own(value, mine) for name, value in part.items()}
    return part


async def test_a_token_of_one_company_opens_nothing_at_another(
    client: httpx.AsyncClient, other: World, world: World
) -> None:
    """The header names B, the token is A's: refused, whatever is asked for."""
    for caller in ("owner", "customer"):
        for path in ("/api/auth/me", "/api/products", "/api/admin/orders", "/api/cart", "/api/orders"):
            headers = world.callers[caller] | other.shop.headers
            answer = await client.get(path, headers=headers)
            assert answer.status_code == 403, f"{caller} {path}: {answer.text}"
            assert answer.json()["code"] == "company_mismatch", answer.text


async def test_a_guests_token_opens_no_cart_of_another_company(
    client: httpx.AsyncClient, other: World, world: World
) -> None:
    strange = {**world.shop.headers, "x-session-token": other.callers["guest"]["x-session-token"]}
    unknown = {**world.shop.headers, "x-session-token": new_token()}

    answers = [await client.get("/api/public/cart", headers=headers) for headers in (strange, unknown)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert told(answers[0]) == told(answers[1])
