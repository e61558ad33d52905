"""Recovery codes: ten, long enough for a fast hash, once each, however typed and however many try."""

from __future__ import annotations

import asyncio

import httpx

from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.second_factor.recovery import new_codes, recovery_hash
from pasar.people.sign_in.second_factor.showing import FactorRefused, Shown, use
from support.factors import challenged, make_guarded, refused, show
from support.people import make_customer
from support.shops import Shop


def test_ten_codes_of_eighty_bits() -> None:
    codes = new_codes()
    assert len(set(codes)) == 10
    assert all(len(code.replace("-", "")) * 5 == 80 for code in codes)


def test_as_people_type_them() -> None:
    user_id = new_id()
    stored = recovery_hash(user_id, "7K30-9QW1-1ZX8-M4TB")
    for typed in ("7k30-9qw1-1zx8-m4tb", "7K309QW11ZX8M4TB", " 7k3o 9qwi lzx8 m4tb "):
        assert recovery_hash(user_id, typed) == stored
    assert recovery_hash(new_id(), "7K30-9QW1-1ZX8-M4TB") != stored, "a hash says nothing of others"


async def test_once_each_though_twenty_try(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    """Twenty sign-ins that wait for the factor, one code, all at the same moment."""
    guarded = await make_guarded(client, runtime, shop)
    challenges = [await challenged(client, shop, guarded.person.email) for _ in range(20)]

    answers = await asyncio.gather(
        *(show(client, shop, one, recoveryCode=guarded.codes[0]) for one in challenges)
    )

    assert sorted(answer.status_code for answer in answers).count(200) == 1
    assert {answer.status_code for answer in answers} <= {200, 401, 429}
    used = "SELECT count(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NOT NULL"
    assert await runtime.database.value(used, guarded.person.user_id) == 1
    begun = "SELECT count(*) FROM sign_ins WHERE user_id = $1 AND kind = 'tokens'"
    assert await runtime.database.value(begun, guarded.person.user_id) == 2, "the first, and one more"


async def test_once_each_in_the_database(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    """The same without the limit on tries, which lets only five of the twenty come so far."""
    guarded = await make_guarded(client, runtime, shop)
    user_id = guarded.person.user_id
    shown = Shown("recovery", user_id, user_id, recovery_hash(user_id, guarded.codes[0]))

    async def once() -> bool:
        try:
            async with runtime.database.transaction() as session:
                await use(session, shown, runtime.clock.now())
        except FactorRefused:
            return False
        return True

    assert sum(await asyncio.gather(*(once() for _ in range(20)))) == 1


async def test_a_used_code_is_no_code(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    guarded = await make_guarded(client, runtime, shop)
    first = await show(
        client, shop, await challenged(client, shop, guarded.person.email), recoveryCode=guarded.codes[3]
    )
    assert first.status_code == 200
    again = await show(
        client, shop, await challenged(client, shop, guarded.person.email), recoveryCode=guarded.codes[3]
    )
    assert refused(again) == (401, "wrong_code")
    factors = await client.get("/api/auth/factors", headers=guarded.headers)
    assert factors.json()["recoveryCodesLeft"] == 9


async def test_new_codes_void_the_old(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    guarded = await make_guarded(client, runtime, shop)
    made = await client.post("/api/auth/factors/recovery-codes", headers=guarded.headers)
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    fresh = made.json()["recoveryCodes"]
    assert len(set(fresh) - set(guarded.codes)) == 10
    old = await show(
        client, shop, await challenged(client, shop, guarded.person.email), recoveryCode=guarded.codes[0]
    )
    assert refused(old) == (401, "wrong_code")
    new = await show(
        client, shop, await challenged(client, shop, guarded.person.email), recoveryCode=fresh[0]
    )
    assert new.status_code == 200


async def test_only_hashes_are_stored(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    guarded = await make_guarded(client, runtime, shop)
    rows = await runtime.database.rows(
        "SELECT t::text FROM recovery_codes t WHERE user_id = $1 UNION ALL SELECT t::text FROM totp_secrets t"
        " WHERE user_id = $1 UNION ALL SELECT e.data::text FROM events e WHERE e.data::text LIKE $2",
        guarded.person.user_id,
        f"%{guarded.person.user_id}%",
    )
    stored = " ".join(row[0] for row in rows)
    assert len(rows) >= 12
    for secret in (*guarded.codes, guarded.secret, guarded.secret.encode().hex()):
        assert secret not in stored


async def test_who_has_no_factor_has_nothing_to_recover(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    _, headers = await make_customer(runtime, shop)
    answer = await client.post("/api/auth/2fa/backup-codes", headers=headers)
    assert refused(answer) == (409, "no_second_factor")
