"""Whom a token lets in, and every way in which it does not."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest

from pasar.kernel.clock import FixedClock
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.access.public import add_member
from pasar.people.sign_in.access_tokens import Claims, TokenRefused, mint, read
from pasar.people.sign_in.person import SignedIn
from support.people import bearer, make_customer, make_person, make_staff, tokens_for
from support.shops import Shop, make_shop

AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
KEY = b"k" * 32
CLAIMS = Claims(new_id(), new_id(), "customer", "Budi", new_id(), new_id())


def payload(**changes: Any) -> dict[str, Any]:
    """What a good customer's token says, with `changes`; None leaves a claim out."""
    good: dict[str, Any] = jwt.decode(
        mint(KEY, CLAIMS, at=AT, seconds=900), options={"verify_signature": False}
    )
    return {name: value for name, value in (good | changes).items() if value is not None}


def signed(**changes: Any) -> str:
    return jwt.encode(payload(**changes), KEY, algorithm="HS256")


def part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def test_what_was_minted_is_read_back() -> None:
    token = mint(KEY, CLAIMS, at=AT, seconds=900)
    assert read(KEY, token, at=AT + timedelta(seconds=899)) == CLAIMS
    staff = Claims(new_id(), new_id(), "staff", "Sari")
    assert read(KEY, mint(KEY, staff, at=AT, seconds=1), at=AT) == staff


def test_the_claims_are_those_of_the_contract() -> None:
    assert payload() == {
        "iss": "pasar",
        "aud": "pasar-api",
        "sub": str(CLAIMS.user_id),
        "sid": str(CLAIMS.family),
        "kind": "customer",
        "name": "Budi",
        "cid": str(CLAIMS.company_id),
        "cus": str(CLAIMS.customer_id),
        "iat": int(AT.timestamp()),
        "exp": int(AT.timestamp()) + 900,
    }


@pytest.mark.parametrize("ahead", [-60, 0, 1, 60])
def test_a_clock_may_be_a_minute_off(ahead: int) -> None:
    """Two machines: what one has just issued, the other takes, but it ends by the clock of whoever reads."""
    token = signed(iat=int(AT.timestamp()) + ahead, exp=int(AT.timestamp()) + ahead + 900)
    assert read(KEY, token, at=AT) == CLAIMS
    with pytest.raises(TokenRefused) as refusal:
        read(KEY, token, at=AT + timedelta(seconds=ahead + 900))
    assert refusal.value.over


def test_it_ends_on_the_second() -> None:
    with pytest.raises(TokenRefused) as refusal:
        read(KEY, signed(), at=AT + timedelta(seconds=900))
    assert refusal.value.over


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another"},
        {"aud": None},
        {"iss": "another"},
        {"iss": None},
        {"sub": "me"},
        {"sub": None},
        {"sid": None},
        {"kind": "owner"},
        {"kind": None},
        {"kind": "staff"},  # with a company: not how we make them
        {"cid": None},
        {"cus": None},
        {"exp": None},
        {"exp": "never"},
        {"iat": None},
        {"iat": int(AT.timestamp()) + 3600},
        {"iat": int(AT.timestamp()) + 61},  # a second beyond what clocks may differ by
        {"iat": int(AT.timestamp()) + 10**12},
        {"iat": "now"},
        {"cid": 7},
    ],
)
def test_a_token_that_says_anything_else_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(TokenRefused):
        read(KEY, signed(**changes), at=AT)


def unsigned() -> str:
    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(payload())}."


def with_another_payload() -> str:
    head, _, tail = signed().split(".")
    return f"{head}.{part(payload(cus=str(new_id())))}.{tail}"


@pytest.mark.parametrize(
    "token",
    [
        unsigned(),
        with_another_payload(),
        jwt.encode(payload(), b"another key of thirty-two bytes..", algorithm="HS256"),
        jwt.encode(payload(), KEY * 2, algorithm="HS512"),
        signed()[:-4] + "AAAA",
        "a.b.c",
        "nonsense",
        "",
        "é.é.é",
    ],
)
def test_forgeries_are_refused(token: str) -> None:
    with pytest.raises(TokenRefused):
        read(KEY, token, at=AT)


@pytest.mark.parametrize(
    "header", ["Bearer nonsense", f"Bearer {unsigned()}", "Basic YTpi", "Bearer", f"Bearer {signed()}"]
)
async def test_a_wrong_token_is_refused_where_guests_are_welcome(
    client: httpx.AsyncClient, shop: Shop, header: str
) -> None:
    answer = await client.get("/api/site", headers=shop.headers | {"Authorization": header})
    assert answer.status_code == 401
    assert (await client.get("/api/site", headers=shop.headers)).status_code == 200


async def test_an_expired_token_says_so(
    timed_client: httpx.AsyncClient, timed: Runtime, shop: Shop, clock: FixedClock
) -> None:
    _, headers = await make_customer(timed, shop)
    assert (await timed_client.get("/api/site", headers=headers)).status_code == 200
    clock.advance(timedelta(seconds=timed.settings.access_token_seconds))
    answer = await timed_client.get("/api/site", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_expired")
    assert "invalid_token" in answer.headers["www-authenticate"]


async def test_a_customer_s_token_settles_the_company(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    _, headers = await make_customer(runtime, shop)
    del headers["x-company-id"]
    assert (await client.get("/api/site", headers=headers)).json()["companyId"] == str(shop.company_id)


async def test_a_token_of_one_company_is_refused_at_another(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    other = await make_shop(runtime)
    _, customer = await make_customer(runtime, shop)
    for headers in (customer, await make_staff(runtime, shop)):
        answer = await client.get("/api/auth/me", headers=headers | other.headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "company_mismatch")


async def test_a_live_token_of_an_inactive_user_ends_where_it_is_looked_up(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    headers = shop.headers | bearer(await tokens_for(runtime, person))
    assert (await client.get("/api/auth/me", headers=headers)).status_code == 200
    await runtime.database.rows("UPDATE users SET is_active = false WHERE id = $1", person.user_id)
    answer = await client.get("/api/auth/me", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_revoked")


async def test_a_live_token_of_a_deleted_user_ends_where_it_is_looked_up(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    headers = shop.headers | bearer(await tokens_for(runtime, person))
    for statement in (
        "DELETE FROM sign_ins WHERE user_id = $1",
        "DELETE FROM customers WHERE user_id = $1",
        "DELETE FROM users WHERE id = $1",
    ):
        await runtime.database.rows(statement, person.user_id)
    assert (await client.get("/api/auth/me", headers=headers)).status_code == 401


async def test_a_lost_role_counts_from_the_next_call_on(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    headers = await make_staff(runtime, shop, "manager")
    assert (await client.get("/api/admin/customers", headers=headers)).status_code == 200
    await runtime.database.rows("DELETE FROM memberships WHERE company_id = $1", shop.company_id)
    assert (await client.get("/api/admin/customers", headers=headers)).status_code == 401


async def test_staff_of_one_company_need_not_name_it(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    headers = await make_staff(runtime, shop)
    del headers["x-company-id"]
    answer = await client.get("/api/auth/me", headers=headers)
    assert answer.json()["companyId"] == str(shop.company_id)


async def test_staff_of_several_companies_name_theirs(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    other, foreign = await make_shop(runtime), await make_shop(runtime)
    person = await make_person(runtime, other)
    async with runtime.database.transaction() as session:
        await add_member(session, shop.company_id, person.user_id, "owner")
        await add_member(session, other.company_id, person.user_id, "manager")
    staff = SignedIn(person.user_id, shop.company_id, "staff", "owner", "Sari", "", None)
    headers = bearer(await tokens_for(runtime, staff))
    roles = [
        (await client.get("/api/auth/me", headers=headers | at.headers)).json()["role"]
        for at in (shop, other)
    ]
    assert roles == ["owner", "manager"]
    unnamed = await client.get("/api/auth/me", headers=headers)
    assert (unnamed.status_code, unnamed.json()["code"]) == (400, "company_required")
    assert (await client.get("/api/auth/me", headers=headers | foreign.headers)).status_code == 403
