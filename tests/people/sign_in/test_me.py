"""One's own account."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from pasar.people.access.public import permissions_of
from support.people import bearer, make_customer, make_person, make_staff, tokens_for
from support.shops import Shop, make_shop


async def test_a_customer_sees_the_account(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, shop)
    answer = await client.get("/api/auth/me", headers=bearer(await tokens_for(runtime, person)))
    assert answer.json() == {
        "id": str(person.user_id),
        "email": person.email,
        "name": "Budi Buyer",
        "phone": None,
        "emailVerified": False,
        "phoneVerified": False,
        "role": "customer",
        "companyId": str(shop.company_id),
        "customerId": str(person.customer_id),
        "permissions": [],
        "locale": None,
        "photo": None,
    }


async def test_staff_see_what_they_may_do(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    owner = (await client.get("/api/auth/me", headers=await make_staff(runtime, shop))).json()
    assert (owner["role"], owner["permissions"], owner["customerId"]) == ("owner", ["*"], None)
    manager = (await client.get("/api/auth/me", headers=await make_staff(runtime, shop, "manager"))).json()
    assert (manager["role"], manager["permissions"]) == ("manager", sorted(permissions_of("manager")))


async def test_guests_are_asked_to_sign_in(client: httpx.AsyncClient, shop: Shop) -> None:
    for answer in (
        await client.get("/api/auth/me", headers=shop.headers),
        await client.put("/api/auth/me", headers=shop.headers, json={"name": "Nobody"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_required")


async def test_a_change_reaches_the_account_and_this_company_s_record_only(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    elsewhere = await make_shop(runtime)
    await runtime.database.rows(
        "INSERT INTO customers (company_id, id, user_id, email, name)"
        " VALUES ($1, $2, $3, $4, 'As told there')",
        elsewhere.company_id,
        person.customer_id,
        person.user_id,
        person.email,
    )
    headers = shop.headers | bearer(await tokens_for(runtime, person))
    answer = await client.put(
        "/api/auth/me", headers=headers, json={"name": "  Budi  Santoso ", "phone": "+62 812 3456 7890"}
    )
    assert (answer.json()["name"], answer.json()["phone"]) == ("Budi Santoso", "+6281234567890")
    rows = await runtime.database.rows(
        "SELECT company_id, name, phone FROM customers WHERE user_id = $1", person.user_id
    )
    assert {row["company_id"]: (row["name"], row["phone"]) for row in rows} == {
        shop.company_id: ("Budi Santoso", "+6281234567890"),
        elsewhere.company_id: ("As told there", None),
    }


async def test_what_is_left_out_stays_and_null_removes_the_phone(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    _, headers = await make_customer(runtime, shop)
    for body, expected in (
        ({"phone": "+6281234567890"}, ("Budi Buyer", "+6281234567890")),
        ({"name": "Budi B."}, ("Budi B.", "+6281234567890")),
        ({}, ("Budi B.", "+6281234567890")),
        ({"phone": None}, ("Budi B.", None)),
    ):
        answer = await client.put("/api/auth/me", headers=headers, json=body)
        assert answer.status_code == 200, answer.text
        assert (answer.json()["name"], answer.json()["phone"]) == expected


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": ""}, 422),
        ({"name": "a\u202eb"}, 422),
        ({"phone": "not a phone"}, 422),
        ({"name": None}, 400),
        ({"name": 7}, 400),
        ({"role": "owner"}, 400),
        ({"email": "other@example.com"}, 400),
    ],
)
async def test_wrong_changes_change_nothing(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, body: Any, status: int
) -> None:
    _, headers = await make_customer(runtime, shop)
    before = (await client.get("/api/auth/me", headers=headers)).json()
    assert (await client.put("/api/auth/me", headers=headers, json=body)).status_code == status
    assert (await client.get("/api/auth/me", headers=headers)).json() == before
