"""Between the password and being in: nothing but the question, asked once, of one person, for ten minutes."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.clock import FixedClock
from pasar.kernel.ids import hash_token, new_token
from pasar.kernel.runtime import Runtime
from pasar.people.sign_in import attaching
from pasar.people.sign_in.actions.revoke_sign_in import revoke_all
from pasar.people.sign_in.attaching import AttachGuest
from pasar.people.sign_in.person import Account, Device
from pasar.people.sign_in.second_factor_gate import SecondFactorRequired
from pasar.people.sign_in.signing_in import let_in, start_pages, start_tokens
from support.authenticators import NO_PASSKEY
from support.factors import STEP, Guarded, challenged, log_in, make_guarded, refused, show
from support.people import make_person
from support.shops import Shop, make_shop

WRONG = "000000"


@pytest.fixture
async def guarded(timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, clock: FixedClock) -> Guarded:
    made = await make_guarded(timed_client, timed, shop)
    clock.advance(STEP)  # the code that confirmed the app is used up
    return made


async def test_the_password_alone_starts_nothing(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, guarded: Guarded
) -> None:
    before = await timed.database.value("SELECT count(*) FROM sign_ins")
    answer = await log_in(timed_client, shop, guarded.person.email)
    told = answer.json()
    assert (answer.status_code, told["code"]) == (401, "second_factor_required")
    assert told["methods"] == ["totp", "recovery"]
    assert not {"accessToken", "refreshToken", "user"} & told.keys()
    assert "set-cookie" not in answer.headers
    assert await timed.database.value("SELECT count(*) FROM sign_ins") == before


async def test_a_challenge_opens_nothing(
    timed_client: httpx.AsyncClient, shop: Shop, guarded: Guarded
) -> None:
    challenge = await challenged(timed_client, shop, guarded.person.email)
    for headers in (
        {"Authorization": f"Bearer {challenge}"},
        {"Cookie": f"pasar_session={challenge}"},
        {"Cookie": f"pasar_factor={challenge}"},
        {"x-api-key": challenge},
    ):
        answer = await timed_client.get("/api/auth/me", headers=shop.headers | headers)
        assert answer.status_code == 401, headers
        page = await timed_client.get("/account", headers=shop.headers | headers)
        assert page.headers.get("location", "").startswith("/sign-in") or page.status_code == 401, headers
    again = await timed_client.post("/api/auth/refresh", json={"refreshToken": challenge})
    assert again.status_code == 401


async def test_the_code_finishes_it(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, guarded: Guarded, clock: FixedClock
) -> None:
    challenge = await challenged(timed_client, shop, guarded.person.email)
    answer = await show(timed_client, shop, challenge, code=guarded.code(clock.now()))
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["token"] == told["accessToken"]
    assert told["user"]["id"] == str(guarded.person.user_id)
    me = await timed_client.get(
        "/api/auth/me", headers=shop.headers | {"Authorization": f"Bearer {told['token']}"}
    )
    assert me.status_code == 200
    noted = "SELECT second_factor_at FROM sign_ins WHERE user_id = $1 ORDER BY id DESC LIMIT 1"
    assert await timed.database.value(noted, guarded.person.user_id) == clock.now()


async def test_what_the_guest_had_comes_along_once(
    timed_client: httpx.AsyncClient,
    shop: Shop,
    guarded: Guarded,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[AttachGuest] = []

    async def hook(_: AsyncSession, guest: AttachGuest) -> None:
        told.append(guest)

    monkeypatch.setattr(attaching, "_hooks", [hook])
    guest = new_token()
    challenge = await challenged(timed_client, shop, guarded.person.email, **{"x-session-token": guest})
    assert refused(await show(timed_client, shop, challenge, code=WRONG)) == (401, "wrong_code")
    assert told == [], "not before the factor was shown"
    for code in (guarded.code(clock.now()), guarded.code(clock.now() + STEP)):
        await show(timed_client, shop, challenge, code=code)
    assert [(one.guest_token_hash, one.customer_id) for one in told] == [
        (hash_token(guest), guarded.person.customer_id)
    ]


async def test_a_challenge_is_answered_once(
    timed_client: httpx.AsyncClient, shop: Shop, guarded: Guarded, clock: FixedClock
) -> None:
    challenge = await challenged(timed_client, shop, guarded.person.email)
    assert (await show(timed_client, shop, challenge, code=guarded.code(clock.now()))).status_code == 200
    clock.advance(STEP)
    again = await show(timed_client, shop, challenge, code=guarded.code(clock.now()))
    assert refused(again) == (401, "challenge_invalid")


async def test_a_step_is_used_once(
    timed_client: httpx.AsyncClient, shop: Shop, guarded: Guarded, clock: FixedClock
) -> None:
    """A code read over somebody's shoulder is worth nothing, nor the one before it."""
    now = guarded.code(clock.now())
    former = guarded.code(clock.now() - STEP)
    first = await show(
        timed_client, shop, await challenged(timed_client, shop, guarded.person.email), code=now
    )
    assert first.status_code == 200
    for code in (now, former):
        challenge = await challenged(timed_client, shop, guarded.person.email)
        assert refused(await show(timed_client, shop, challenge, code=code)) == (401, "wrong_code")


async def test_one_of_many_with_the_same_code_wins(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, guarded: Guarded, clock: FixedClock
) -> None:
    challenges = [await challenged(timed_client, shop, guarded.person.email) for _ in range(5)]
    code = guarded.code(clock.now())
    answers = await asyncio.gather(*(show(timed_client, shop, one, code=code) for one in challenges))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]
    shown = "SELECT count(*) FROM sign_ins WHERE user_id = $1 AND second_factor_at = $2"
    assert await timed.database.value(shown, guarded.person.user_id, clock.now()) == 1


async def test_five_tries_a_challenge(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, guarded: Guarded, clock: FixedClock
) -> None:
    challenge = await challenged(timed_client, shop, guarded.person.email)
    for _ in range(5):
        assert refused(await show(timed_client, shop, challenge, code=WRONG)) == (401, "wrong_code")
    await timed.database.rows("DELETE FROM failed_attempts WHERE scope = 'second_factor.account'")
    sixth = await show(timed_client, shop, challenge, code=guarded.code(clock.now()))
    assert refused(sixth) == (401, "challenge_invalid")


async def test_five_failures_close_the_account_whatever_the_challenge(
    timed_client: httpx.AsyncClient, shop: Shop, guarded: Guarded, clock: FixedClock
) -> None:
    """A thief with the password gets new challenges, and no more guesses for them."""
    for _ in range(5):
        challenge = await challenged(timed_client, shop, guarded.person.email)
        assert refused(await show(timed_client, shop, challenge, code=WRONG)) == (401, "wrong_code")
    challenge = await challenged(timed_client, shop, guarded.person.email)
    shut = await show(timed_client, shop, challenge, code=guarded.code(clock.now()))
    assert refused(shut) == (429, "too_many_failures")
    assert int(shut.headers["retry-after"]) > 0
    clock.advance(timedelta(minutes=15, seconds=1))
    challenge = await challenged(timed_client, shop, guarded.person.email)
    open_again = await show(timed_client, shop, challenge, code=guarded.code(clock.now()))
    assert open_again.status_code == 200


async def test_guesses_sent_together_are_no_more_than_five(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, guarded: Guarded
) -> None:
    challenges = [await challenged(timed_client, shop, guarded.person.email) for _ in range(12)]
    answers = await asyncio.gather(*(show(timed_client, shop, one, code=WRONG) for one in challenges))
    codes = [answer.json()["code"] for answer in answers]
    assert (codes.count("wrong_code"), codes.count("too_many_failures")) == (5, 7)


async def test_ten_minutes(
    timed_client: httpx.AsyncClient, shop: Shop, guarded: Guarded, clock: FixedClock
) -> None:
    challenge = await challenged(timed_client, shop, guarded.person.email)
    clock.advance(timedelta(minutes=10))
    late = await show(timed_client, shop, challenge, code=guarded.code(clock.now()))
    assert refused(late) == (401, "challenge_invalid")


async def test_a_challenge_holds_at_its_own_company_only(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, guarded: Guarded, clock: FixedClock
) -> None:
    challenge = await challenged(timed_client, shop, guarded.person.email)
    elsewhere = await make_shop(timed)
    answer = await show(timed_client, elsewhere, challenge, code=guarded.code(clock.now()))
    unknown = await show(timed_client, elsewhere, new_token(), code=guarded.code(clock.now()))
    assert refused(answer) == refused(unknown) == (401, "challenge_invalid")
    mine = await show(timed_client, shop, challenge, code=guarded.code(clock.now()))
    assert mine.status_code == 200


async def test_another_persons_factor_does_not_answer(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, guarded: Guarded, clock: FixedClock
) -> None:
    thief = await make_guarded(timed_client, timed, shop)
    clock.advance(STEP)
    challenge = await challenged(timed_client, shop, guarded.person.email)
    for proof in ({"code": thief.code(clock.now())}, {"recoveryCode": thief.codes[0]}):
        assert refused(await show(timed_client, shop, challenge, **proof)) == (401, "wrong_code")
    left = await timed_client.get("/api/auth/factors", headers=thief.headers)
    assert left.json()["recoveryCodesLeft"] == 10, "a refused code is not used up"


@pytest.mark.parametrize(
    "proof", [{}, {"code": "1", "recoveryCode": "2"}, {"code": None}, {"passkey": NO_PASSKEY, "code": "1"}]
)
async def test_one_factor_at_a_time(
    timed_client: httpx.AsyncClient, shop: Shop, guarded: Guarded, proof: dict[str, object]
) -> None:
    challenge = await challenged(timed_client, shop, guarded.person.email)
    answer = await show(timed_client, shop, challenge, **proof)
    assert refused(answer) == (422, "one_proof_required")


async def test_nonsense_is_refused_in_peace(
    timed_client: httpx.AsyncClient, shop: Shop, guarded: Guarded
) -> None:
    challenge = await challenged(timed_client, shop, guarded.person.email)
    proofs: list[dict[str, Any]] = [
        {"passkey": NO_PASSKEY},
        {"passkey": NO_PASSKEY | {"rawId": "\0"}},
        {"recoveryCode": "\0"},
        {"code": "\0"},
    ]
    for proof in proofs:
        assert refused(await show(timed_client, shop, challenge, **proof)) == (401, "wrong_code")


async def test_a_new_password_voids_pending_challenges(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, guarded: Guarded, clock: FixedClock
) -> None:
    challenge = await challenged(timed_client, shop, guarded.person.email)
    async with timed.database.transaction() as session:
        await revoke_all(session, guarded.person.user_id, "password", clock.now())
    answer = await show(timed_client, shop, challenge, code=guarded.code(clock.now()))
    assert refused(answer) == (401, "challenge_invalid")


async def test_an_account_closed_meanwhile_stays_outside(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, guarded: Guarded, clock: FixedClock
) -> None:
    challenge = await challenged(timed_client, shop, guarded.person.email)
    close = "UPDATE users SET is_active = false WHERE id = $1"
    await timed.database.rows(close, guarded.person.user_id)
    answer = await show(timed_client, shop, challenge, code=guarded.code(clock.now()))
    assert refused(answer) == (401, "challenge_invalid")


async def test_who_has_no_factor_is_asked_for_none(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop
) -> None:
    person = await make_person(timed, shop)
    assert (await log_in(timed_client, shop, person.email)).status_code == 200


def test_the_challenge_is_not_in_what_people_read() -> None:
    asked = SecondFactorRequired("the-challenge", ("totp",))
    assert "the-challenge" not in str(asked) + asked.detail


async def test_every_way_in_ends_at_the_gate(timed: Runtime, shop: Shop, guarded: Guarded) -> None:
    """`let_in` is where passwords, codes to phones and OpenID end; it lets nobody past without the factor."""
    site = await timed.sites.of_company(shop.company_id)
    assert site is not None
    person, device = guarded.person, Device(address="192.0.2.7")
    account = Account(person.user_id, person.name, person.email, None)
    begun = "SELECT count(*) FROM sign_ins WHERE user_id = $1"
    before = await timed.database.value(begun, person.user_id)
    with pytest.raises(SecondFactorRequired):
        async with timed.database.transaction() as session:
            await let_in(session, timed, site, account, device, None, start_tokens(timed, device))
    start = start_pages(timed, site, None, device)
    with pytest.raises(SecondFactorRequired):
        async with timed.database.transaction() as session:
            await let_in(session, timed, site, account, device, None, start)
    assert await timed.database.value(begun, person.user_id) == before
