"""The shop's customers: one record each, seen by its own staff only."""

from __future__ import annotations

import asyncio
from uuid import UUID

import httpx
import pytest

from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.users.public import customer_for, customers_by_id
from support.people import make_customer, make_person, make_staff
from support.shops import Shop, make_shop


async def add(
    runtime: Runtime, shop: Shop, email: str, name: str, phone: str | None = None, user_id: UUID | None = None
) -> UUID:
    async with runtime.database.transaction() as session:
        return await customer_for(session, shop.company_id, user_id, email=email, name=name, phone=phone)


async def test_a_user_is_one_customer_of_a_company(runtime: Runtime, shop: Shop) -> None:
    person, other = await make_person(runtime, shop), await make_shop(runtime)
    again = await add(runtime, shop, "other@example.com", "Other name", user_id=person.user_id)
    assert again == person.customer_id
    async with runtime.database.transaction() as session:
        facts = await customers_by_id(session, shop.company_id, [again])
    assert (facts[again].email, facts[again].name) == (person.email, "Budi Buyer")
    assert await add(runtime, other, person.email, "Budi", user_id=person.user_id) != person.customer_id


async def test_many_at_once_make_one_record(runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, await make_shop(runtime))
    for user_id in (person.user_id, None):
        made = await asyncio.gather(
            *(add(runtime, shop, person.email, "Budi", user_id=user_id) for _ in range(8))
        )
        assert len(set(made)) == 1


async def test_a_guest_is_one_record_an_address_and_never_that_of_an_account(
    runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    first = await add(runtime, shop, person.email, "Budi", "+6281234567890")
    second = await add(runtime, shop, person.email, "Budi Santoso")
    assert first == second != person.customer_id
    async with runtime.database.transaction() as session:
        facts = (await customers_by_id(session, shop.company_id, [first]))[first]
    assert (facts.name, facts.phone, facts.user_id) == ("Budi Santoso", "+6281234567890", None)


async def test_staff_page_through_the_customers_newest_first(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    headers = await make_staff(runtime, shop)
    made = [str(await add(runtime, shop, f"c{n}@example.com", f"Customer {n}")) for n in range(5)]
    seen: list[str] = []
    cursor: str | None = None
    for size in (2, 2, 1):
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/api/admin/customers", headers=headers, params=query)).json()
        assert (len(page["items"]), page["total"]) == (size, 5)
        seen += [item["id"] for item in page["items"]]
        cursor = page["nextCursor"]
    assert cursor is None
    assert seen == made[::-1]


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("", {"Ann", "Bud_i", "100% Siti"}),
        ("ann", {"Ann"}),
        (" BUD_I ", {"Bud_i"}),
        ("_", {"Bud_i"}),
        ("%", {"100% Siti"}),
        ("\\", set()),
        ("siti@example", {"100% Siti"}),
        ("0812345", set()),
        ("+62812", {"Ann"}),
        ("'; DROP TABLE customers; --", set()),
        ("\0", {"Ann", "Bud_i", "100% Siti"}),
    ],
)
async def test_customers_are_searched_by_name_e_mail_and_phone(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, q: str, found: set[str]
) -> None:
    await add(runtime, shop, "a@example.com", "Ann", "+6281234567890")
    await add(runtime, shop, "b@example.com", "Bud_i")
    await add(runtime, shop, "siti@example.com", "100% Siti")
    headers = await make_staff(runtime, shop)
    page = (await client.get("/api/admin/customers", headers=headers, params={"q": q})).json()
    assert {item["name"] for item in page["items"]} == found
    assert page["total"] == len(found)


async def test_one_customer(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    headers = await make_staff(runtime, shop)
    customer_id, _ = await make_customer(runtime, shop)
    body = (await client.get(f"/api/admin/customers/{customer_id}", headers=headers)).json()
    assert set(body) == {"id", "email", "name", "phone", "hasAccount", "createdAt"}
    assert (body["id"], body["name"], body["hasAccount"]) == (str(customer_id), "Budi Buyer", True)


async def test_another_company_s_customer_is_as_unknown_as_nobody(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    headers = await make_staff(runtime, shop)
    foreign, _ = await make_customer(runtime, await make_shop(runtime))
    answers = [
        await client.get(f"/api/admin/customers/{wanted}", headers=headers)
        for wanted in (foreign, new_id(), "nonsense", f"{{{foreign}}}")
    ]
    assert [answer.status_code for answer in answers] == [404] * 4
    bodies = [{**answer.json(), "requestId": ""} for answer in answers]
    assert all(body == bodies[0] for body in bodies)


@pytest.mark.parametrize(
    "path", ["/api/admin/customers", "/api/admin/customers/0199f0c0-1234-7abc-8def-0123456789ab"]
)
async def test_only_staff_see_customers(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, path: str
) -> None:
    _, customer = await make_customer(runtime, shop)
    assert (await client.get(path, headers=shop.headers)).status_code == 401
    assert (await client.get(path, headers=customer)).status_code == 403


@pytest.mark.parametrize(
    "query",
    [{"limit": "0"}, {"limit": "101"}, {"limit": "-1"}, {"limit": "two"}, {"cursor": "nonsense"},
     {"cursor": "x" * 40}, {"q": "x" * 201}],
)  # fmt: skip
async def test_wrong_questions_are_refused(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, query: dict[str, str]
) -> None:
    headers = await make_staff(runtime, shop)
    answer = await client.get("/api/admin/customers", headers=headers, params=query)
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] in {"invalid_request", "cursor_malformed"}
