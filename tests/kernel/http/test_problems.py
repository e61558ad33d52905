"""Whatever goes wrong is told in one shape: RFC 9457, a stable code, the fields, the request's id."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from pasar.kernel.http.observing import SECURITY_HEADERS

JSON = {"content-type": "application/json"}

BODIES: list[tuple[str, bytes, str, list[str]]] = [
    ("broken JSON", b'{"name": ', "invalid_body", []),
    ("not JSON at all", b"\xff\xfe", "invalid_body", []),
    ("no body", b"", "invalid_request", []),
    ("another shape", b"[]", "invalid_request", []),
    ("a field that is unknown", b'{"name": "x", "price": 1}', "invalid_request", ["price"]),
    ("a field that is missing", b"{}", "invalid_request", ["name"]),
    ("a field of another type", b'{"name": 7}', "invalid_request", ["name"]),
    (
        "a field deeper down",
        b'{"name": "x", "address": {"postalCode": 7}}',
        "invalid_request",
        ["address.postalCode"],
    ),
    (
        "an unknown field deeper down",
        b'{"name": "x", "address": {"postalCode": "7", "planet": 1}}',
        "invalid_request",
        ["address.planet"],
    ),
    (
        "a name of Python's",
        b'{"name": "x", "address": {"postal_code": "7"}}',
        "invalid_request",
        ["address.postal_code"],
    ),
]


@pytest.mark.parametrize(
    ("sent", "code", "fields"), [row[1:] for row in BODIES], ids=[row[0] for row in BODIES]
)
async def test_bodies_that_cannot_be_read(
    probe: httpx.AsyncClient, sent: bytes, code: str, fields: list[str]
) -> None:
    answer = await probe.post("/api/probe/echo", content=sent, headers=JSON)

    document = problem(answer, 400, code)
    assert [error["field"] for error in document.get("errors", [])] == fields


@pytest.mark.parametrize(
    "sent", [b'{"name": "x", "quantity": 2}', b'{"name": "x", "address": {"postalCode": "7"}}']
)
async def test_bodies_that_can(probe: httpx.AsyncClient, sent: bytes) -> None:
    answer = await probe.post("/api/probe/echo", content=sent, headers=JSON)

    assert answer.status_code == 201
    assert answer.json()["name"] == "x"


async def test_a_body_that_is_too_large(probe: httpx.AsyncClient) -> None:
    answer = await probe.post(
        "/api/probe/echo", content=b'{"name": "' + b"x" * 1_000_000 + b'"}', headers=JSON
    )

    problem(answer, 413, "body_too_large")


async def test_a_body_that_is_too_large_and_does_not_say_so(probe: httpx.AsyncClient) -> None:
    async def pieces() -> Any:
        for _ in range(20):
            yield b"x" * 100_000

    answer = await probe.post("/api/probe/echo", content=pieces(), headers=JSON)

    problem(answer, 413, "body_too_large")


async def test_nothing_at_an_address(probe: httpx.AsyncClient) -> None:
    problem(await probe.get("/api/probe/nothing"), 404, "not_found")
    problem(await probe.get("/api/probe/numbers/seven"), 404, "not_found")


async def test_another_method(probe: httpx.AsyncClient) -> None:
    answer = await probe.delete("/api/probe/echo")

    problem(answer, 405, "method_not_allowed")
    assert sorted(answer.headers["allow"].split(", ")) == ["OPTIONS", "POST"]


async def test_a_query_that_cannot_be_read(probe: httpx.AsyncClient) -> None:
    document = problem(await probe.get("/api/probe/numbers/1?limit=x"), 400, "invalid_request")

    assert [error["field"] for error in document["errors"]] == ["limit"]


async def test_a_crash_tells_nothing_but_the_request_id(probe: httpx.AsyncClient) -> None:
    answer = await probe.get("/api/probe/crash", headers={"x-request-id": "shopper-call-7"})

    document = problem(answer, 500, "internal_error")
    assert document["requestId"] == "shopper-call-7"
    for secret in ("db.internal", "hunter2", "RuntimeError", "Traceback", ".py"):
        assert secret not in answer.text


@pytest.mark.parametrize("given", ["order-42.retry_1", "01936b2a00007000800000000000abcd"])
async def test_a_request_id_is_echoed(probe: httpx.AsyncClient, given: str) -> None:
    answer = await probe.get("/api/probe/numbers/1", headers={"x-request-id": given})

    assert answer.headers["x-request-id"] == given


@pytest.mark.parametrize(
    "given", ["short", "x" * 65, "two words", "<script>alert</script>", "line\u00e4bc1234"]
)
async def test_a_strange_request_id_is_replaced(probe: httpx.AsyncClient, given: str) -> None:
    answer = await probe.get("/api/probe/numbers/1", headers={b"x-request-id": given.encode("latin-1")})

    assert answer.headers["x-request-id"] != given
    assert len(answer.headers["x-request-id"]) == 32


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/probe/numbers/1"),
        ("GET", "/api/probe/nothing"),
        ("DELETE", "/api/probe/echo"),
        ("GET", "/api/probe/crash"),
        ("GET", "/health"),
    ],
)
async def test_security_headers_are_on_every_answer(probe: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await probe.request(method, path)

    for name, value in SECURITY_HEADERS:
        assert answer.headers.get_list(name.decode()) == [value.decode()]


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The document, once its shape has been looked at."""
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = answer.json()
    assert (answer.status_code, document["status"], document["code"]) == (status, status, code)
    assert document["requestId"] == answer.headers["x-request-id"]
    assert document["type"].endswith(f"problem-{code}")
    assert document["title"]
    assert document["detail"]
    return document
