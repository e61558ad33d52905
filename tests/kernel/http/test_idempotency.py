"""`Idempotency-Key`: one effect and one answer, whoever sends it how often."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from pasar.kernel.clock import FixedClock
from pasar.kernel.runtime import Runtime
from support.people import make_customer
from support.probes import body, probing
from support.shops import Shop

PATH = "/api/probe/count"
SESSION = "a" * 64


def headers(shop: Shop, key: str, session: str = SESSION) -> dict[str, str]:
    return {
        **shop.headers,
        "content-type": "application/json",
        "idempotency-key": key,
        "x-session-token": session,
    }


async def counted(runtime: Runtime, shop: Shop) -> int:
    return int(
        await runtime.database.value(
            "SELECT count(*) FROM probe_counts WHERE company_id = $1", shop.company_id
        )
    )


async def test_a_repeat_hears_the_first_answer(
    probe: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    first = await probe.post(PATH, content=body(name="x"), headers=headers(shop, "k1"))
    second = await probe.post(PATH, content=body(name="x"), headers=headers(shop, "k1"))

    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert await counted(runtime, shop) == 1


async def test_without_a_key_each_call_counts(probe: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    for _ in range(2):
        await probe.post(PATH, content=body(name="x"), headers=headers(shop, ""))

    assert await counted(runtime, shop) == 2


async def test_another_body_under_the_same_key(
    probe: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    await probe.post(PATH, content=body(name="x"), headers=headers(shop, "k1"))
    other = await probe.post(PATH, content=body(name="y"), headers=headers(shop, "k1"))

    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert await counted(runtime, shop) == 1


async def test_twenty_at_once(probe: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    answers = await asyncio.gather(
        *(probe.post(PATH, content=body(name="x"), headers=headers(shop, "k1")) for _ in range(20))
    )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert await counted(runtime, shop) == 1


async def test_one_key_of_four_callers(probe: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    _, customer = await make_customer(runtime, shop)
    callers = [
        headers(shop, "k1"),
        headers(shop, "k1", session="b" * 64),
        {**headers(shop, "k1"), **customer},
        {**headers(shop, "k1", session=""), "cookie": f"pasar_session={'c' * 64}"},
    ]

    answers = [await probe.post(PATH, content=body(name="x"), headers=caller) for caller in callers]

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 4
    assert await counted(runtime, shop) == 4


async def test_a_call_that_was_refused_leaves_its_key_free(
    probe: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    refused = await probe.post(PATH, content=body(name="refuse"), headers=headers(shop, "k1"))
    again = await probe.post(PATH, content=body(name="x"), headers=headers(shop, "k1"))

    assert (refused.status_code, again.status_code) == (409, 201)
    assert await counted(runtime, shop) == 1


async def test_a_repeat_while_the_first_still_runs(
    probe: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    first = asyncio.create_task(
        probe.post(PATH, content=body(name="wait", quantity=7), headers=headers(shop, "k1"))
    )
    await asyncio.sleep(0.5)
    second = await probe.post(PATH, content=body(name="wait", quantity=7), headers=headers(shop, "k1"))

    assert (second.status_code, second.json()["code"]) == (409, "still_running")
    assert second.headers["retry-after"] == "2"
    assert (await first).status_code == 201
    third = await probe.post(PATH, content=body(name="wait", quantity=7), headers=headers(shop, "k1"))
    assert third.content == (await first).content


@pytest.mark.parametrize("key", ["x" * 256, "tab\there"])
async def test_a_key_that_is_none(probe: httpx.AsyncClient, runtime: Runtime, shop: Shop, key: str) -> None:
    answer = await probe.post(PATH, content=body(name="x"), headers=headers(shop, key))

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_malformed")
    assert await counted(runtime, shop) == 0


@pytest.fixture
async def probe_of_clock(runtime: Runtime, clock: FixedClock) -> AsyncIterator[httpx.AsyncClient]:
    async with probing(replace(runtime, clock=clock)) as opened:
        yield opened


async def test_a_key_is_kept_for_a_day(
    probe_of_clock: httpx.AsyncClient, runtime: Runtime, clock: FixedClock, shop: Shop
) -> None:
    async def send() -> httpx.Response:
        return await probe_of_clock.post(PATH, content=body(name="x"), headers=headers(shop, "k1"))

    first = await send()
    clock.advance(timedelta(hours=23, minutes=59))
    assert (await send()).content == first.content
    clock.advance(timedelta(minutes=2))

    assert (await send()).json()["id"] != first.json()["id"]
    assert await counted(runtime, shop) == 2
