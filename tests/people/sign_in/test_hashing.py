"""Hashing passwords hurts nobody else: few threads, of low priority, and no endless queue."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import threading
import time

import httpx
import pytest

from pasar.kernel.errors import Unavailable
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in import passwords
from pasar.people.sign_in.hashing import LOW_PRIORITY, HashingThreads, threads_for
from pasar.people.sign_in.passwords import hash_password, is_outdated, password_fits
from support.people import CHEAP_HASH, PASSWORD, make_person
from support.shops import Shop

PARAMETERS = re.compile(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$(\S+)\$(\S+)")
OWASP = ((47104, 1), (19456, 2), (12288, 3), (9216, 4), (7168, 5))
"""Memory in KiB and passes, each with one lane: Password Storage Cheat Sheet, "Argon2id"."""


def parameters(stored: str) -> tuple[int, int, int, int, int]:
    """Memory, passes, lanes, and the lengths of salt and hash."""
    found = PARAMETERS.fullmatch(stored)
    assert found, stored
    memory, passes, lanes, salt, digest = found.groups()
    return int(memory), int(passes), int(lanes), len(salt), len(digest)


async def test_an_unknown_account_costs_what_a_real_one_does() -> None:
    assert parameters(passwords._NOBODYS_HASH) == parameters(await hash_password("long enough"))


async def test_the_parameters_are_no_weaker_than_owasp_s() -> None:
    memory, passes, _, _, _ = parameters(await hash_password("long enough"))
    assert any(memory >= least and passes >= times for least, times in OWASP)


async def test_a_hash_fits_its_password_alone_and_nobody_s_fits_none() -> None:
    stored = await hash_password("long enough")
    assert await password_fits("long enough", stored)
    assert not await password_fits("long enougH", stored)
    assert not await password_fits("long enough", None)
    assert stored != await hash_password("long enough"), "each has a salt of its own"


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 1), (4, 3), (16, 15)])
def test_one_core_is_left_to_others(cores: int, threads: int) -> None:
    assert threads_for(cores) == threads


@pytest.mark.skipif(sys.platform != "linux", reason="priorities of threads are Linux's own")
async def test_its_threads_yield_and_nobody_else_s() -> None:
    before = os.getpriority(os.PRIO_PROCESS, 0)
    seen = await HashingThreads(1).run(
        lambda: (threading.get_native_id(), os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
    )
    assert seen[0] != threading.get_native_id()
    assert seen[1] == LOW_PRIORITY
    assert os.getpriority(os.PRIO_PROCESS, 0) == before


async def test_when_too_many_wait_the_next_is_told_so_at_once() -> None:
    threads, gate = HashingThreads(1, most_waiting=2), threading.Event()
    waiting = [asyncio.create_task(threads.run(gate.wait)) for _ in range(3)]
    await asyncio.sleep(0.05)
    began = time.monotonic()
    with pytest.raises(Unavailable) as refusal:
        await threads.run(gate.wait)
    assert time.monotonic() - began < 0.5
    assert (refusal.value.status, refusal.value.code) == (503, "busy_try_again")
    assert int(refusal.value.headers["Retry-After"]) > 0
    gate.set()
    assert await asyncio.gather(*waiting) == [True] * 3
    assert await threads.run(gate.wait), "places are given back"


async def test_nobody_waits_for_ever() -> None:
    threads, gate = HashingThreads(1, most_waiting=1, longest_wait=0.1), threading.Event()
    stuck = asyncio.create_task(threads.run(gate.wait))
    with pytest.raises(Unavailable):
        await threads.run(gate.wait)
    with pytest.raises(Unavailable):
        await stuck
    gate.set()
    await asyncio.sleep(0.05)
    assert await threads.run(gate.wait), "a wait that was given up leaves its place"


async def test_whoever_hangs_up_leaves_the_queue() -> None:
    threads, gate, ran = HashingThreads(1, most_waiting=1), threading.Event(), list[int]()
    first = asyncio.create_task(threads.run(gate.wait))
    await asyncio.sleep(0.05)
    gone = asyncio.create_task(threads.run(ran.append, 1))
    await asyncio.sleep(0.05)
    gone.cancel()
    await asyncio.sleep(0.05)
    patient = asyncio.create_task(threads.run(ran.append, 2))
    await asyncio.sleep(0.05)
    gate.set()
    await asyncio.gather(first, patient)
    assert ran == [2]


async def test_the_loop_goes_on_while_passwords_are_hashed() -> None:
    hashing = asyncio.gather(*(hash_password("long enough") for _ in range(8)))
    turns = 0
    while not hashing.done():
        await asyncio.sleep(0)
        turns += 1
    await hashing
    assert turns > 100


async def test_signing_in_while_it_is_busy_says_when_to_try_again(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await make_person(runtime, shop)
    full, gate = HashingThreads(1, most_waiting=0), threading.Event()
    monkeypatch.setattr(passwords, "hashing_threads", full)
    stuck = asyncio.create_task(full.run(gate.wait))
    await asyncio.sleep(0.05)
    body = {"email": person.email, "password": PASSWORD}
    answer = await stranger.post("/api/auth/login", json=body, headers=shop.headers)
    assert (answer.status_code, answer.json()["code"]) == (503, "busy_try_again")
    assert int(answer.headers["retry-after"]) > 0
    gate.set()
    await stuck
    assert (await stranger.post("/api/auth/login", json=body, headers=shop.headers)).status_code == 200


async def test_an_outdated_hash_is_renewed_at_the_next_sign_in_and_only_then(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    stored = "SELECT password_hash FROM users WHERE id = $1"

    async def login(password: str) -> int:
        body = {"email": person.email, "password": password}
        return (await stranger.post("/api/auth/login", json=body, headers=shop.headers)).status_code

    assert await login("wrong password") == 401
    assert await runtime.database.value(stored, person.user_id) == CHEAP_HASH
    assert await login(PASSWORD) == 200
    renewed = await runtime.database.value(stored, person.user_id)
    assert parameters(renewed)[:3] == parameters(passwords._NOBODYS_HASH)[:3]
    assert not is_outdated(renewed)
    assert await login(PASSWORD) == 200
    assert await runtime.database.value(stored, person.user_id) == renewed
