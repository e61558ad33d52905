"""Tokens while keys rotate: whom they let in, and what games with `kid` bring."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest

from pasar.kernel.clock import FixedClock
from pasar.kernel.config import Settings
from pasar.kernel.crypto.rotating import rotate
from pasar.kernel.db.database import Database
from pasar.kernel.runtime import Runtime
from pasar.roles.assembling import assemble, observed, open_runtime
from support.people import make_person, tokens_for
from support.shops import Shop, make_shop


@pytest.fixture
async def mine(fresh_database: Database, settings: Settings, clock: FixedClock) -> AsyncIterator[Runtime]:
    """One process; rotations here are nobody else's."""
    opened = open_runtime(settings, fresh_database, clock)
    yield opened
    await opened.http.aclose()


@pytest.fixture
async def other(fresh_database: Database, settings: Settings, clock: FixedClock) -> AsyncIterator[Runtime]:
    """Another process on the same database."""
    opened = open_runtime(settings, fresh_database, clock)
    yield opened
    await opened.http.aclose()


async def rotate_keys(runtime: Runtime) -> None:
    async with runtime.database.transaction() as session:
        await rotate(session, runtime.settings.data_keys, runtime.clock.now())


async def token_of(runtime: Runtime, shop: Shop) -> str:
    return (await tokens_for(runtime, await make_person(runtime, shop))).access_token


async def ask(runtime: Runtime, shop: Shop, token: str) -> tuple[int, str]:
    transport = httpx.ASGITransport(app=observed(runtime, assemble(runtime)))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        headers = shop.headers | {"Authorization": f"Bearer {token}"}
        answer = await client.get("/api/auth/me", headers=headers)
    return answer.status_code, answer.json().get("code", "")


def said_by(token: str) -> dict[str, Any]:
    said: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return said


async def test_before_a_rotation_no_key_is_named_and_after_it_one_is(mine: Runtime, other: Runtime) -> None:
    shop = await make_shop(mine)
    before = await token_of(mine, shop)
    await rotate_keys(other)
    await mine.secrets.reload()
    after = await token_of(mine, shop)

    assert "kid" not in jwt.get_unverified_header(before)
    kid = jwt.get_unverified_header(after)["kid"]
    assert kid == str(
        await mine.database.value(
            "SELECT id FROM secret_keys WHERE purpose = 'signing' AND retired_at IS NULL"
        )
    )
    for token in (before, after):
        for runtime in (mine, other):
            assert await ask(runtime, shop, token) == (200, "")


async def test_a_process_that_has_not_heard_of_the_rotation_takes_the_new_tokens(
    mine: Runtime, other: Runtime
) -> None:
    shop = await make_shop(mine)
    assert await ask(mine, shop, await token_of(mine, shop)) == (200, "")
    await mine.secrets.reload()
    await rotate_keys(other)

    assert await ask(mine, shop, await token_of(other, shop)) == (200, "")


async def test_tokens_of_before_two_rotations_live_to_their_end_and_no_longer(
    mine: Runtime, clock: FixedClock
) -> None:
    shop = await make_shop(mine)
    first = await token_of(mine, shop)
    await rotate_keys(mine)
    await mine.secrets.reload()
    second = await token_of(mine, shop)
    await rotate_keys(mine)
    await mine.secrets.reload()

    assert [await ask(mine, shop, token) for token in (first, second)] == [(200, "")] * 2

    clock.advance(timedelta(seconds=mine.settings.access_token_seconds))
    assert [await ask(mine, shop, token) for token in (first, second)] == [(401, "token_expired")] * 2


async def test_a_stolen_secret_makes_no_tokens_once_those_of_before_are_over(
    mine: Runtime, clock: FixedClock
) -> None:
    shop = await make_shop(mine)
    said = said_by(await token_of(mine, shop))
    await rotate_keys(mine)
    await mine.secrets.reload()
    clock.advance(timedelta(seconds=mine.settings.access_token_seconds, minutes=3))
    now = int(clock.now().timestamp())

    forged = jwt.encode(said | {"iat": now, "exp": now + 900}, mine.key("jwt"), algorithm="HS256")

    assert await ask(mine, shop, forged) == (401, "token_invalid")


KIDS = [
    ("a path", "../../../../dev/null"),
    ("SQL", "' UNION SELECT 'x' --"),
    ("nothing", ""),
    ("an id that does not exist", "01890000-0000-7000-8000-00000000dead"),
    ("not canonical", "{01890000-0000-7000-8000-000000000001}"),
    ("far too long", "k" * 10_000),
    ("a character that no database stores", "\x00"),
]


@pytest.mark.parametrize("kid", [kid for _, kid in KIDS], ids=[name for name, _ in KIDS])
async def test_games_with_the_name_of_the_key(mine: Runtime, kid: str) -> None:
    shop = await make_shop(mine)
    said = said_by(await token_of(mine, shop))

    for key in (mine.key("jwt"), b"\x00" * 32, os.urandom(32)):
        forged = jwt.encode(said, key, algorithm="HS256", headers={"kid": kid})
        assert await ask(mine, shop, forged) == (401, "token_invalid")


@pytest.mark.parametrize("kid", [7, ["a"], {"a": 1}, True])
async def test_a_name_that_is_no_text(mine: Runtime, kid: object) -> None:
    shop = await make_shop(mine)
    token = await token_of(mine, shop)
    forged = jwt.encode(said_by(token), mine.key("jwt"), algorithm="HS256", headers={"alg": "HS256"})
    body = forged.split(".", 1)[1]
    head = jwt.utils.base64url_encode(json.dumps({"alg": "HS256", "kid": kid}).encode()).decode()

    assert await ask(mine, shop, f"{head}.{body}") == (401, "token_invalid")


async def test_a_key_for_another_purpose_or_of_another_token_does_not_verify(mine: Runtime) -> None:
    shop = await make_shop(mine)
    said = said_by(await token_of(mine, shop))
    await mine.secrets.seal("totp", b"x")
    await rotate_keys(mine)
    ring = await mine.secrets.reload()
    signing, data = ring.present("signing"), ring.present("data")
    assert signing is not None
    assert data is not None
    assert signing.key is not None
    assert data.key is not None
    forgeries = [
        (data.key, {"kid": str(data.id)}),  # a key that we have, but never sign with
        (data.key, {"kid": str(signing.id)}),
        (mine.key("jwt"), {"kid": str(signing.id)}),  # the former key under the new one's name
        (signing.key, {}),  # and the reverse
        (signing.key, {"kid": str(signing.id).upper()}),
    ]

    for key, headers in forgeries:
        forged = jwt.encode(said, key, algorithm="HS256", headers=headers)
        assert await ask(mine, shop, forged) == (401, "token_invalid"), headers
    for changes in ({"aud": "another"}, {"iss": "another"}):
        forged = jwt.encode(said | changes, signing.key, algorithm="HS256", headers={"kid": str(signing.id)})
        assert await ask(mine, shop, forged) == (401, "token_invalid")
    unsigned = jwt.encode(said, "", algorithm="none", headers={"kid": str(signing.id)})
    assert await ask(mine, shop, unsigned) == (401, "token_invalid")
    good = jwt.encode(said, signing.key, algorithm="HS256", headers={"kid": str(signing.id)})
    assert await ask(mine, shop, good) == (200, "")
