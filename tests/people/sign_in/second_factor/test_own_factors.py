"""One's own factors: set up, changed and removed by who has lately proved to be there, and told by mail."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import httpx
import pyotp
import pytest

from pasar.kernel.clock import FixedClock
from pasar.kernel.runtime import Runtime
from pasar.people.access.public import add_member
from support.authenticators import NO_PASSKEY
from support.factors import STEP, add_passkey, make_guarded, refused
from support.people import bearer, make_customer, make_person, make_staff, tokens_for
from support.shops import Shop

CHANGES = [
    ("POST", "/api/auth/factors/totp", None),
    ("POST", "/api/auth/factors/totp/confirm", {"code": "123456"}),
    ("DELETE", "/api/auth/factors/totp", None),
    ("POST", "/api/auth/factors/passkeys/options", None),
    ("POST", "/api/auth/factors/passkeys", {"passkey": NO_PASSKEY, "name": "x"}),
    ("PATCH", "/api/auth/factors/passkeys/01936b2a-0000-7000-8000-00000000dead", {"name": "x"}),
    ("DELETE", "/api/auth/factors/passkeys/01936b2a-0000-7000-8000-00000000dead", None),
    ("POST", "/api/auth/factors/recovery-codes", None),
    ("POST", "/api/auth/2fa/setup", None),
    ("POST", "/api/auth/2fa/verify", {"code": "123456"}),
    ("POST", "/api/auth/2fa/disable", None),
    ("POST", "/api/auth/2fa/backup-codes", None),
]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
async def test_every_change_asks_who_is_there(
    timed_client: httpx.AsyncClient,
    timed: Runtime,
    shop: Shop,
    clock: FixedClock,
    method: str,
    path: str,
    body: dict[str, object] | None,
) -> None:
    """Also disabling: a computer left open is not enough to take the factor away."""
    guarded = await make_guarded(timed_client, timed, shop)
    clock.advance(timedelta(minutes=16))
    fresh = shop.headers | bearer(await tokens_for(timed, guarded.person))
    await timed.database.rows(
        "UPDATE sign_ins SET confirmed_at = $2 WHERE user_id = $1",
        guarded.person.user_id,
        clock.now() - timedelta(minutes=15),
    )
    answer = await timed_client.request(method, path, headers=fresh, json=body)
    assert refused(answer) == (403, "step_up_required")
    assert refused(await timed_client.request(method, path, headers=shop.headers, json=body))[0] == 401
    left = (await timed_client.get("/api/auth/factors", headers=fresh)).json()
    assert left["totp"] is not None
    assert left["recoveryCodesLeft"] == 10


async def test_the_promised_names_do_the_same(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, clock: FixedClock
) -> None:
    _, headers = await make_customer(timed, shop)
    setup = (await timed_client.post("/api/auth/2fa/setup", headers=headers)).json()
    assert setup["uri"].startswith("otpauth://totp/")
    assert setup["qrSvg"].startswith("<svg")
    code = pyotp.TOTP(setup["secret"]).at(clock.now())
    done = await timed_client.post("/api/auth/2fa/verify", headers=headers, json={"code": code})
    assert (done.status_code, len(done.json()["recoveryCodes"])) == (200, 10)
    assert done.headers["cache-control"] == "no-store"
    codes = await timed_client.post("/api/auth/2fa/backup-codes", headers=headers)
    assert len(codes.json()["recoveryCodes"]) == 10
    assert (await timed_client.post("/api/auth/2fa/disable", headers=headers)).status_code == 204
    told = (await timed_client.get("/api/auth/factors", headers=headers)).json()
    assert told == {"totp": None, "passkeys": [], "recoveryCodesLeft": 0, "required": False}


async def test_an_app_counts_once_its_code_was_right(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, clock: FixedClock
) -> None:
    _, headers = await make_customer(timed, shop)
    nothing = await timed_client.post(
        "/api/auth/factors/totp/confirm", headers=headers, json={"code": "123456"}
    )
    assert refused(nothing) == (409, "no_setup")
    secret = (await timed_client.post("/api/auth/factors/totp", headers=headers)).json()["secret"]
    wrong = pyotp.TOTP(secret).at(clock.now() + timedelta(hours=1))
    answer = await timed_client.post("/api/auth/factors/totp/confirm", headers=headers, json={"code": wrong})
    assert refused(answer) == (422, "wrong_code")
    assert (await timed_client.get("/api/auth/factors", headers=headers)).json()["totp"] is None


async def test_moving_to_another_phone(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, clock: FixedClock
) -> None:
    """The old app counts until the new one has shown a code, and not a moment longer."""
    guarded = await make_guarded(timed_client, timed, shop)
    clock.advance(STEP)
    setup = (await timed_client.post("/api/auth/factors/totp", headers=guarded.headers)).json()
    up = await timed_client.post(
        "/api/auth/step-up", headers=guarded.headers, json={"code": guarded.code(clock.now())}
    )
    assert up.status_code == 204
    done = await timed_client.post(
        "/api/auth/factors/totp/confirm",
        headers=guarded.headers,
        json={"code": pyotp.TOTP(setup["secret"]).at(clock.now())},
    )
    assert (done.status_code, done.json()) == (200, {"recoveryCodes": []})
    clock.advance(STEP)
    old, new = guarded.code(clock.now()), pyotp.TOTP(setup["secret"]).at(clock.now())
    for code, status in ((old, 422), (new, 204)):
        answer = await timed_client.post("/api/auth/step-up", headers=guarded.headers, json={"code": code})
        assert answer.status_code == status


async def test_the_secret_is_sealed(timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop) -> None:
    guarded = await make_guarded(timed_client, timed, shop)
    stored = await timed.database.value(
        "SELECT secret FROM totp_secrets WHERE user_id = $1", guarded.person.user_id
    )
    assert guarded.secret.encode() not in stored
    assert len(stored) > len(guarded.secret) + 28


async def test_one_s_last_factor_where_the_company_demands_one(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    guarded = await make_guarded(client, runtime, shop)
    async with runtime.database.transaction() as session:
        await add_member(session, shop.company_id, guarded.person.user_id, "manager")
    headers = guarded.headers
    await demand(runtime, shop)
    told = (await client.get("/api/auth/factors", headers=headers)).json()
    assert told["required"] is True
    refusal = await client.delete("/api/auth/factors/totp", headers=headers)
    assert refused(refusal) == (409, "second_factor_demanded")
    told = (await client.get("/api/auth/factors", headers=headers)).json()
    assert (told["totp"] is not None, told["recoveryCodesLeft"]) == (True, 10), "nothing changed"
    _, added = await add_passkey(client, headers)
    assert added.status_code == 201
    assert (await client.delete("/api/auth/factors/totp", headers=headers)).status_code == 204


async def test_two_factors_removed_at_once_leave_one(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    for _ in range(5):
        guarded = await make_guarded(client, runtime, shop)
        async with runtime.database.transaction() as session:
            await add_member(session, shop.company_id, guarded.person.user_id, "manager")
        _, added = await add_passkey(client, guarded.headers)
        assert added.status_code == 201
        await demand(runtime, shop)
        (passkey,) = (await client.get("/api/auth/factors/passkeys", headers=guarded.headers)).json()
        paths = ("/api/auth/factors/totp", f"/api/auth/factors/passkeys/{passkey['id']}")
        answers = await asyncio.gather(*(client.delete(path, headers=guarded.headers) for path in paths))
        assert sorted(answer.status_code for answer in answers) == [204, 409]


async def test_staff_of_a_company_that_demands_one(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    """Everything is shut but setting one up, which opens it for this sign-in and for no other."""
    headers = await make_staff(runtime, shop)
    assert (await client.get("/api/admin/orders", headers=headers)).status_code == 200
    await demand(runtime, shop)
    shut = await client.get("/api/admin/orders", headers=headers)
    assert refused(shut) == (403, "second_factor_required")
    _, added = await add_passkey(client, headers)
    assert added.status_code == 201
    assert (await client.get("/api/admin/orders", headers=headers)).status_code == 200


async def test_other_sign_ins_of_who_enrols_confirm_anew(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    """A thief who came in by the password a minute ago does not add a factor of their own beside it."""
    person = await make_person(runtime, shop)
    thief, mine = [shop.headers | bearer(await tokens_for(runtime, person)) for _ in range(2)]
    _, added = await add_passkey(client, mine)
    assert added.status_code == 201
    answer = await client.post("/api/auth/factors/totp", headers=thief)
    assert refused(answer) == (403, "step_up_required")
    by_password = await client.post(
        "/api/auth/step-up", headers=thief, json={"password": "correct horse battery"}
    )
    assert refused(by_password) == (422, "factor_required")


async def test_each_change_is_told(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    guarded = await make_guarded(client, runtime, shop)
    _, added = await add_passkey(client, guarded.headers)
    assert added.status_code == 201
    body = {"recoveryCode": guarded.codes[0]}
    used = await client.post("/api/auth/step-up", headers=guarded.headers, json=body)
    assert used.status_code == 204
    await client.post("/api/auth/factors/recovery-codes", headers=guarded.headers)
    await client.post("/api/auth/step-up", headers=guarded.headers, json={"recoveryCode": guarded.codes[0]})
    await client.delete("/api/auth/factors/totp", headers=guarded.headers)
    rows = await runtime.database.rows(
        "SELECT data FROM events WHERE company_id = $1 AND type = 'user.second_factor_changed'"
        " ORDER BY position",
        shop.company_id,
    )
    changes = ("totp_added", "passkey_added", "recovery_code_used", "recovery_codes_made", "totp_removed")
    assert [row[0] for row in rows] == [
        f'{{"change": "{change}", "userId": "{guarded.person.user_id}"}}' for change in changes
    ]


async def demand(runtime: Runtime, shop: Shop) -> None:
    """Have the company ask its staff for a second factor."""
    await runtime.database.rows(
        "UPDATE companies SET require_second_factor = true WHERE id = $1", shop.company_id
    )
