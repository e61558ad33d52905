"""`pasar secrets rotate` against a server that people use: nobody is signed out, and everything opens."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import httpx
import jwt
import pytest

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import load_settings
from pasar.kernel.crypto import context_of
from pasar.kernel.crypto.sealing import key_of
from pasar.kernel.db.addresses import parse_address
from pasar.kernel.db.database import Database
from pasar.kernel.db.embedded import running_facts
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.second_factor.models import TOTP_PURPOSE
from pasar.people.users.public import add_user
from pasar.roles.assembling import open_runtime
from support.people import CHEAP_HASH, new_email
from support.processes import Pasar, environment, free_port, new_home, run_pasar, started

pytestmark = pytest.mark.slow

PASSWORD = "a-password-for-the-demo"
SHOPPERS = 6
SECRETS = 300
INSERT = "INSERT INTO totp_secrets (id, user_id, secret) VALUES ($1, $2, $3)"


class Shopper:
    """Somebody who signed in once, calls all the time and refreshes in between."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.calls = 0
        self.refused: list[str] = []
        self.kids: list[str | None] = []

    async def sign_in(self) -> None:
        login = {"email": "shopper@pasar.test", "password": PASSWORD}
        self._take(await self.client.post("/api/auth/login", json=login))

    async def shop(self, until: asyncio.Event) -> None:
        while not until.is_set() or self.calls < 20:
            headers = {"Authorization": f"Bearer {self.access}"}
            answer = await self.client.get("/api/auth/me", headers=headers)
            self._note(answer)
            self.calls += 1
            if self.calls % 10 == 0:
                answer = await self.client.post("/api/auth/refresh", json={"refreshToken": self.refresh})
                self._note(answer)
                if answer.is_success:
                    self._take(answer)
            await asyncio.sleep(0.05)

    def _note(self, answer: httpx.Response) -> None:
        if answer.status_code != 200:
            self.refused.append(f"{answer.status_code} {answer.text}")

    def _take(self, answer: httpx.Response) -> None:
        said = answer.raise_for_status().json()
        self.access, self.refresh = said["accessToken"], said["refreshToken"]
        self.kids.append(jwt.get_unverified_header(self.access).get("kid"))


class Vault:
    """Another process on the same database: it seals second factors, and reads them all, again and again."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.planted: dict[UUID, bytes] = {}
        self.readings = 0

    async def plant(self) -> None:
        people = {}
        async with self.runtime.database.transaction() as session:
            for number in range(SECRETS):
                user_id = await add_user(
                    session, email=new_email(), name="Somebody", password_hash=CHEAP_HASH
                )
                people[user_id] = f"secret {number}".encode()
        for user_id, plain in people.items():
            sealed = await self.runtime.secrets.seal(TOTP_PURPOSE, plain, context=context_of(user_id))
            await self.runtime.database.rows(INSERT, new_id(), user_id, sealed)
        self.planted = people

    async def read(self) -> set[UUID]:
        """Open every value, and say which keys they were sealed by."""
        rows = await self.runtime.database.rows("SELECT user_id, secret FROM totp_secrets")
        found = {
            user_id: await self.runtime.secrets.open(TOTP_PURPOSE, sealed, context=context_of(user_id))
            for user_id, sealed in rows
        }
        assert found == self.planted
        self.readings += 1
        return {key_of(sealed) for _, sealed in rows}

    async def read_on(self, until: asyncio.Event) -> None:
        while not until.is_set():
            await self.read()
            await asyncio.sleep(0.1)


@asynccontextmanager
async def vault_of(pasar: Pasar) -> AsyncIterator[Vault]:
    """One with the keys of that home."""
    database = await Database.open(parse_address(str(running_facts(pasar.home)["database"])))
    runtime = open_runtime(load_settings(environment(pasar.home, pasar.port)), database, SystemClock())
    try:
        yield Vault(runtime)
    finally:
        await runtime.http.aclose()
        await database.close()


async def test_a_rotation_under_traffic() -> None:
    with new_home() as home, started(home, PASAR_DEMO_PASSWORD=PASSWORD) as pasar:
        async with vault_of(pasar) as vault, httpx.AsyncClient(base_url=pasar.url, timeout=20) as client:
            await vault.plant()
            before = await vault.read()
            shoppers = [Shopper(client) for _ in range(SHOPPERS)]
            for shopper in shoppers:
                await shopper.sign_in()
            done = asyncio.Event()
            crowd = [asyncio.create_task(shopper.shop(done)) for shopper in shoppers]
            crowd.append(asyncio.create_task(vault.read_on(done)))

            told = [
                await asyncio.to_thread(run_pasar, home, pasar.port, "secrets", "rotate") for _ in range(2)
            ]

            done.set()
            await asyncio.gather(*crowd)
            after = await vault.read()
            status = await asyncio.to_thread(run_pasar, home, pasar.port, "secrets", "status")
            said = pasar.said()

    assert [answer.returncode for answer in told] == [0, 0], told[0].stderr + told[1].stderr
    # Persons' keys are sealed values, too: signing in has made some.
    ended = re.search(r"Re-encrypted (\d+) of \1 values\.", told[1].stdout)
    assert ended, told[1].stdout
    assert int(ended[1]) >= SECRETS
    assert [shopper.refused for shopper in shoppers] == [[]] * SHOPPERS, said[-3000:]
    for shopper in shoppers:
        assert shopper.kids[0] is None
        assert len(set(shopper.kids)) >= 2, "the new keys were used, too"
    assert vault.readings > 5
    assert len(before) == len(after) == 1
    assert not before & after, "everything is under the new key"
    assert f"totp_secrets.secret{' ' * 21} {SECRETS} of {SECRETS} under the present key" in status.stdout


async def test_a_new_root_key_takes_over_and_the_old_one_can_go() -> None:
    with new_home() as home:
        old = "k1:q8Zr1VtW5xYb2LmN7pKd4HsJ9cFgT0eU3aRiOw6XyZk="
        new = "k2:jEHkHJzXbPz0kMVb3gNDR3K7Jj1T0g2CkOoFyJq4x1E="
        port = free_port()
        assert run_pasar(home, port, "secrets", "rotate", "--no-wait", PASAR_DATA_KEYS=old).returncode == 0

        alone = run_pasar(home, port, "secrets", "rotate", "--no-wait", PASAR_DATA_KEYS=new)
        both = run_pasar(home, port, "secrets", "rotate", "--no-wait", PASAR_DATA_KEYS=f"{new},{old}")
        later = run_pasar(home, port, "secrets", "status", PASAR_DATA_KEYS=new)
        lost = run_pasar(home, port, "secrets", "status", PASAR_DATA_KEYS=old)

    assert (alone.returncode, both.returncode, later.returncode, lost.returncode) == (1, 0, 0, 1)
    assert "Nothing was changed: the root key k1 is not in PASAR_DATA_KEYS" in alone.stderr
    assert "2 older keys are wrapped by the root key k2 now" in both.stdout
    assert later.stdout.count("root key k2") == 4
    assert "lacks the right root key k2" in lost.stderr
