"""A password of somebody who accepts an invitation is hashed while nothing is locked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.hashing import hashing_threads
from support.colleagues import link_token, make_colleague
from support.people import new_email
from support.shops import Shop


async def test_nothing_is_locked_while_the_password_is_hashed(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = await make_colleague(runtime, shop)
    body = {"email": new_email(), "role": "viewer"}
    invitation = UUID(
        (await client.post("/api/admin/invitations", json=body, headers=owner.headers)).json()["id"]
    )
    token = await link_token(runtime, shop, invitation)
    free: list[bool] = []
    run = hashing_threads.run

    async def looking(work: Callable[..., Any], *given: Any) -> Any:
        """Look from another connection whether the invitation could be locked, then hash."""
        try:
            lock = "SELECT 1 FROM invitations WHERE id = $1 FOR UPDATE NOWAIT"
            free.append(await runtime.database.value(lock, invitation) == 1)
        except asyncpg.LockNotAvailableError:
            free.append(False)
        return await run(work, *given)

    monkeypatch.setattr(hashing_threads, "run", looking)
    accepted = await client.post(
        "/api/auth/accept-invitation",
        json={"token": token, "name": "Rina Baru", "password": "a brand new secret"},
        headers=shop.headers,
    )

    assert accepted.status_code == 200, accepted.text
    assert free == [True]
