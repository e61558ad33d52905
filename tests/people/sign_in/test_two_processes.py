"""Two real web processes beside each other: what ends in one ends in the other."""

from __future__ import annotations

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database
from pasar.roles.assembling import open_runtime
from support.databases import address_text
from support.people import PASSWORD, make_person
from support.processes import PROGRAM, START_SECONDS, environment, free_port
from support.shops import make_shop

pytestmark = pytest.mark.slow

PROMISED = 1.0
SLACK = 5 * PROMISED
"""Seconds. What is promised is one; a busy machine gets five."""
FEEDS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query = 'SELECT 1'"


@asynccontextmanager
async def serving(home: Path, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    """`pasar serve` on that database, until the end. Both know the same secrets, since they share a home."""
    port = free_port()
    said = (home / f"{port}.txt").open("w")
    given = environment(home, port, DATABASE_URL=address_text(database.address))
    process = await asyncio.create_subprocess_exec(
        *PROGRAM, "serve", env=given, stdout=said, stderr=subprocess.STDOUT
    )
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            deadline = time.monotonic() + START_SECONDS
            while not await answers(client):
                assert process.returncode is None, (home / f"{port}.txt").read_text()
                assert time.monotonic() < deadline, "it did not open"
                await asyncio.sleep(0.1)
            yield client
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 50)
        said.close()


async def answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/health/ready")).status_code == 200
    except httpx.TransportError:
        return False


async def test_a_sign_out_in_one_process_holds_in_the_other_within_a_second(
    settings: Settings, fresh_database: Database, tmp_path: Path
) -> None:
    runtime = open_runtime(settings, fresh_database, SystemClock())
    shop = await make_shop(runtime)
    people = [await make_person(runtime, shop) for _ in range(2)]
    async with serving(tmp_path, fresh_database) as here, serving(tmp_path, fresh_database) as there:
        signed_in = []
        for person in people:
            body = {"email": person.email, "password": PASSWORD}
            answer = await here.post("/api/auth/login", json=body, headers=shop.headers)
            assert answer.status_code == 200, answer.text
            signed_in.append(answer.json())
        headers, others = [
            {**shop.headers, "Authorization": f"Bearer {one['accessToken']}"} for one in signed_in
        ]
        for client in (here, there):
            assert (await client.get("/api/site", headers=headers)).status_code == 200
        began = time.monotonic()
        while await fresh_database.value(FEEDS) != 2:
            assert time.monotonic() - began < SLACK, "each process listens for itself"
            await asyncio.sleep(0.05)

        body = {"refreshToken": signed_in[0]["refreshToken"]}
        assert (await here.post("/api/auth/logout", json=body)).status_code == 204
        began = time.monotonic()
        while (await there.get("/api/site", headers=headers)).status_code != 401:
            assert time.monotonic() - began < SLACK, "still let in"
            await asyncio.sleep(0.02)
        assert (await here.get("/api/site", headers=headers)).status_code == 401
        for client in (here, there):
            assert (await client.get("/api/site", headers=others)).status_code == 200
    await runtime.http.aclose()
