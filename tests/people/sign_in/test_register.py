"""Registering: an account, a customer of the shop, and tokens."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from pasar.people.sign_in import registering
from support.people import make_person, new_email
from support.shops import Shop, make_shop

GOOD = {"password": "long enough", "name": "Budi Buyer"}


async def register(stranger: httpx.AsyncClient, shop: Shop, **body: Any) -> httpx.Response:
    return await stranger.post(
        "/api/auth/register", json=GOOD | {"email": new_email()} | body, headers=shop.headers
    )


async def test_registering_makes_a_user_and_a_customer_of_the_site_s_company(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    answer = await register(
        stranger, shop, email="  Budi.BUYER+1@Example.COM ".replace("BUYER", shop.site_id.hex)
    )
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert set(body) == {"accessToken", "refreshToken", "token", "tokenType", "expiresIn", "user"}
    assert body["token"] == body["accessToken"]
    assert body["tokenType"] == "Bearer"
    assert body["expiresIn"] == 900
    email = f"budi.{shop.site_id.hex}+1@example.com"
    user = body["user"]
    assert {**user, "id": "", "customerId": ""} == {
        "id": "",
        "email": email,
        "name": "Budi Buyer",
        "role": "customer",
        "companyId": str(shop.company_id),
        "customerId": "",
    }
    row = await runtime.database.row("SELECT * FROM customers WHERE company_id = $1", shop.company_id)
    assert row is not None
    assert (str(row["id"]), str(row["user_id"]), row["email"]) == (user["customerId"], user["id"], email)
    stored = await runtime.database.value("SELECT password_hash FROM users WHERE email = $1", email)
    assert stored.startswith("$argon2id$")


async def test_first_and_last_name_are_taken_for_the_name(stranger: httpx.AsyncClient, shop: Shop) -> None:
    body = {"email": new_email(), "password": "long enough", "firstName": "Siti", "lastName": "Aminah"}
    answer = await stranger.post("/api/auth/register", json=body, headers=shop.headers)
    assert answer.json()["user"]["name"] == "Siti Aminah"


async def test_the_phone_is_kept_in_one_form(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    assert (await register(stranger, shop, phone="+62 812-3456-7890")).status_code == 201
    phones = await runtime.database.rows("SELECT phone FROM customers WHERE company_id = $1", shop.company_id)
    assert [row[0] for row in phones] == ["+6281234567890"]


async def test_a_known_e_mail_is_refused_in_any_spelling(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    email = new_email()
    assert (await register(stranger, shop, email=email)).status_code == 201
    again = await register(stranger, shop, email=email.upper(), name="Somebody else")
    assert (again.status_code, again.json()["code"]) == (409, "email_taken")
    assert (
        await runtime.database.value("SELECT count(*) FROM customers WHERE company_id = $1", shop.company_id)
        == 1
    )


@pytest.mark.parametrize(
    "extra", [{"role": "owner"}, {"isAdmin": True}, {"companyId": "x"}, {"permissions": ["*"]}]
)
async def test_nobody_chooses_a_role(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, extra: Any
) -> None:
    assert (await register(stranger, shop, **extra)).status_code == 400
    assert (
        await runtime.database.value("SELECT count(*) FROM customers WHERE company_id = $1", shop.company_id)
        == 0
    )


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"email": "nobody"}, "email", "invalid"),
        ({"email": "a\u0000b@example.com"}, "email", "invalid"),
        ({"email": "a" * 300 + "@example.com"}, "email", "invalid"),
        ({"password": "short"}, "password", "too_short"),
        ({"password": "x" * 257}, "password", "too_long"),
        ({"email": "same@example.com", "password": "Same@Example.com"}, "password", "same_as_email"),
        ({"name": "   "}, "name", "required"),
        ({"name": "a\nb"}, "name", "control_characters"),
        ({"name": "x" * 201}, "name", "too_long"),
        ({"phone": "0812"}, "phone", "invalid"),
    ],
)
async def test_wrong_fields_are_named(
    stranger: httpx.AsyncClient, shop: Shop, wrong: dict[str, str], field: str, code: str
) -> None:
    answer = await register(stranger, shop, **wrong)
    assert answer.status_code == 422, answer.text
    assert [(problem["field"], problem["code"]) for problem in answer.json()["errors"]] == [(field, code)]


@pytest.mark.parametrize("body", [{}, {"email": 1, "password": "long enough", "name": "A"}, [], "text", None])
async def test_what_cannot_be_read_is_refused(stranger: httpx.AsyncClient, shop: Shop, body: Any) -> None:
    answer = await stranger.post("/api/auth/register", json=body, headers=shop.headers)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_same_person_is_a_customer_of_each_company(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    email = new_email()
    first = (await register(stranger, shop, email=email)).json()["user"]
    other = await make_shop(runtime)
    body = {"email": email, "password": "long enough"}
    answer = await stranger.post("/api/auth/login", json=body, headers=other.headers)
    second = answer.json()["user"]
    assert second["id"] == first["id"]
    assert second["customerId"] != first["customerId"]
    assert second["companyId"] == str(other.company_id)


async def test_asking_for_known_e_mails_is_limited(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert registering.PER_ADDRESS.most == 20
    monkeypatch.setattr(registering, "PER_ADDRESS", replace(registering.PER_ADDRESS, most=2))
    email = (await make_person(runtime, shop)).email
    statuses = [(await register(stranger, shop, email=email)).status_code for _ in range(3)]
    assert statuses == [409, 409, 429]
    assert (await register(stranger, shop)).status_code == 429, "for an unknown e-mail alike"


@pytest.mark.parametrize("verify_first", [False, True])
async def test_an_address_has_letters_to_strangers_sent_twenty_times(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, verify_first: bool
) -> None:
    """Each registration writes to an e-mail that nobody has proved: they count with other letters."""
    statement = "UPDATE companies SET verify_first = $2 WHERE id = $1"
    await runtime.database.rows(statement, shop.company_id, verify_first)
    forgot = {"email": new_email()}
    asked = await stranger.post("/api/auth/forgot-password", json=forgot, headers=shop.headers)
    assert asked.status_code == 202
    answers = [(await register(stranger, shop)).status_code for _ in range(20)]
    assert answers == [202 if verify_first else 201] * 19 + [429]
    asked = await stranger.post("/api/auth/forgot-password", json=forgot, headers=shop.headers)
    assert asked.status_code == 429
