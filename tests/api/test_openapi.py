"""Schemathesis plays every operation by the document: right and wrong values, as each kind of caller.

One test for each operation. Hypothesis runs in a thread of its own and sends its calls to the loop on which
the application lives. Small and always the same in CI; `PASAR_TEST_LARGE=1` searches further.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Iterator
from itertools import islice
from typing import Any

import anyio.from_thread
import anyio.to_thread
import httpx
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from litestar import Litestar
from schemathesis import Case as AnyCase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import GenerationConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from api.operations import LARGE, operations
from api.world import CALLERS, World, make_world
from pasar.kernel.runtime import Runtime

EXAMPLES = 100 if LARGE else 6
BOUNDARIES = 1_000 if LARGE else 12
SEED = 20261120
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
    allow_header_conformance,
]
Case = AnyCase[Any]
Send = Callable[[Case, str], Coroutine[Any, Any, None]]


@pytest.fixture(scope="module")
def described(app: Litestar) -> Any:
    """The application's document, as schemathesis reads it."""
    return schemathesis.openapi.from_dict(app.openapi_schema.to_schema())


@pytest.mark.parametrize(("method", "path"), operations(), ids=str)
async def test_operation(
    described: Any, runtime: Runtime, client: httpx.AsyncClient, world_to_read: World, method: str, path: str
) -> None:
    operation = described[path][method]
    world = world_to_read if method == "GET" else await make_world(runtime, client)

    async def send(case: Case, caller: str) -> None:
        answer = await client.send(_request(case, world.callers[caller]))
        try:
            case.validate_response(answer, checks=_checks(case, answer))
        except FailureGroup as failures:  # no Exception: the loop that all tests share would end by it
            raise AssertionError(f"as {caller}: {failures}") from None

    await anyio.to_thread.run_sync(_play, operation, world, send)


def test_every_operation_is_played(app: Litestar) -> None:
    document = app.openapi_schema.to_schema()["paths"]
    described = {
        (method.upper(), path)
        for path, item in document.items()
        for method in item
        if method in {"get", "put", "post", "delete", "patch"}
        and not path.startswith(("/health", "/api/health"))
    }
    assert described == set(operations())


def _play(operation: Any, world: World, send: Send) -> None:
    """Boundary values that schemathesis derives, then drawn ones; each as all three callers."""
    for case in islice(_boundaries(operation), BOUNDARIES):
        for caller in CALLERS:
            anyio.from_thread.run(send, case, caller)

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate] + ([Phase.shrink] if LARGE else []),
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.one_of(
            operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
            operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
        ),
        st.booleans(),
    )
    def play(case: Case, real: bool) -> None:
        if real and not _is_wrong(case):
            _name_real_rows(case, world.ids)
        for caller in CALLERS:
            anyio.from_thread.run(send, case, caller)

    play()


def _boundaries(operation: Any) -> Iterator[Case]:
    modes = [GenerationMode.NEGATIVE, GenerationMode.POSITIVE]
    found: Iterator[Case] = operation.schema.iter_coverage_cases(
        operation, generation_modes=modes, generation_config=GenerationConfig()
    )
    return found


def _checks(case: Case, answer: httpx.Response) -> list[Any]:
    """What is wrong must be refused, be it by its size. Headers do not count: callers set their own."""
    if not _is_wrong(case) or case.headers or answer.status_code == 413:
        return CHECKS
    return [*CHECKS, negative_data_rejection]


def _is_wrong(case: Case) -> bool:
    return case.meta is not None and case.meta.generation.mode is GenerationMode.NEGATIVE


def _request(case: Case, headers: dict[str, str]) -> httpx.Request:
    """The case as bytes, so that nothing of it is lost on the way."""
    parts = case.as_transport_kwargs(base_url="http://localhost")
    parts.pop("cookies", None)
    prepared = requests.Request(**parts).prepare()
    assert prepared.body is None or isinstance(prepared.body, str | bytes)
    sent = {name: str(value) for name, value in prepared.headers.items()} | headers
    return httpx.Request(str(prepared.method), str(prepared.url), headers=sent, content=prepared.body)


def _name_real_rows(case: Case, ids: dict[str, str]) -> None:
    """Draws alone hardly ever meet a row that exists."""
    case.path_parameters = {name: ids.get(name, value) for name, value in case.path_parameters.items()}
    if isinstance(case.body, dict):
        for name in list(case.body):
            snake = re.sub(r"([A-Z])", r"_\1", str(name)).lower()
            if snake in ids:
                case.body[name] = ids[snake]
