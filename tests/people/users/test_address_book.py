"""A customer's address book: one default always, never the last one gone, and nobody else's."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest

from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.users.public import customer_for
from support.people import bearer, make_customer, make_person, make_staff, tokens_for
from support.selling import ADDRESS
from support.shops import Shop, make_shop

PATH = "/api/addresses"
JAKARTA: dict[str, Any] = {
    "name": "Budi Buyer",
    "line1": "Jl. Kebon Sirih 10",
    "city": "Jakarta Pusat",
    "region": "DKI Jakarta",
    "postalCode": "10110",
    "country": "ID",
    "phone": "0812 3456 7890",
}


@pytest.fixture
async def buyer(runtime: Runtime, shop: Shop) -> dict[str, str]:
    """A customer of `shop`."""
    return (await make_customer(runtime, shop))[1]


async def added(client: httpx.AsyncClient, buyer: dict[str, str], **changes: Any) -> dict[str, Any]:
    answer = await client.post(PATH, json=ADDRESS | changes, headers=buyer)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def book(client: httpx.AsyncClient, buyer: dict[str, str]) -> list[tuple[str, bool]]:
    answer = await client.get(PATH, headers=buyer)
    assert answer.status_code == 200, answer.text
    return [(one["line1"], one["isDefault"]) for one in answer.json()["items"]]


async def test_an_address_is_kept_as_its_country_writes_it(
    client: httpx.AsyncClient, buyer: dict[str, str]
) -> None:
    told = await added(client, buyer, **JAKARTA, label=" My  office ")
    assert told == {
        "id": told["id"],
        "label": "My office",
        "name": "Budi Buyer",
        "line1": "Jl. Kebon Sirih 10",
        "line2": "",
        "city": "Jakarta Pusat",
        "region": "DKI Jakarta",
        "postalCode": "10110",
        "country": "ID",
        "phone": "+6281234567890",
        "isDefault": True,
        "createdAt": told["createdAt"],
    }
    assert (await client.get(f"{PATH}/{told['id']}", headers=buyer)).json() == told


async def test_the_default_moves_and_another_takes_its_place(
    client: httpx.AsyncClient, buyer: dict[str, str]
) -> None:
    first = await added(client, buyer, line1="1 First Street")
    second = await added(client, buyer, line1="2 Second Street")
    third = await added(client, buyer, line1="3 Third Street", isDefault=True)
    assert [first["isDefault"], second["isDefault"], third["isDefault"]] == [True, False, True]
    assert await book(client, buyer) == [
        ("3 Third Street", True),
        ("2 Second Street", False),
        ("1 First Street", False),
    ]
    chosen = await client.post(f"{PATH}/{first['id']}/set-default", headers=buyer)
    assert (chosen.status_code, chosen.json()["isDefault"]) == (200, True)
    assert (await client.delete(f"{PATH}/{first['id']}", headers=buyer)).status_code == 204
    assert await book(client, buyer) == [("3 Third Street", True), ("2 Second Street", False)]
    assert (await client.delete(f"{PATH}/{second['id']}", headers=buyer)).status_code == 204
    last = await client.delete(f"{PATH}/{third['id']}", headers=buyer)
    assert (last.status_code, last.json()["code"]) == (409, "last_address")
    assert await book(client, buyer) == [("3 Third Street", True)]


async def test_a_change_leaves_the_rest_and_is_checked_as_a_whole(
    client: httpx.AsyncClient, buyer: dict[str, str]
) -> None:
    told = await added(client, buyer)
    at = f"{PATH}/{told['id']}"
    changed = (await client.patch(at, json={"line2": "Flat 3"}, headers=buyer)).json()
    assert changed == told | {"line2": "Flat 3"}
    moved = await client.patch(at, json={"country": "ID"}, headers=buyer)
    assert (moved.status_code, moved.json()["code"]) == (422, "address_invalid"), "a ZIP code is none there"
    assert {one["field"] for one in moved.json()["errors"]} >= {"region"}
    assert (await client.get(at, headers=buyer)).json() == changed
    unset = await client.patch(at, json={"isDefault": False}, headers=buyer)
    assert unset.json()["isDefault"] is True, "another one is chosen instead"


async def test_under_ones_own_id_and_nobody_elses(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    me, other = await make_person(runtime, shop), await make_person(runtime, shop)
    mine = shop.headers | bearer(await tokens_for(runtime, me))
    theirs = shop.headers | bearer(await tokens_for(runtime, other))
    empty = await client.get(f"{PATH}/user/{me.user_id}/default", headers=mine)
    assert (empty.status_code, empty.json()["code"]) == (404, "address_not_found")
    told = await added(client, mine)
    await added(client, theirs)
    assert (await client.get(f"{PATH}/user/{me.user_id}", headers=mine)).json()["items"] == [told]
    assert (await client.get(f"{PATH}/user/{me.user_id}/default", headers=mine)).json() == told
    for tail in ("", "/default"):
        answers = [
            (await client.get(f"{PATH}/user/{who}{tail}", headers=mine)) for who in (other.user_id, new_id())
        ]
        assert [one.status_code for one in answers] == [404, 404]
        assert answers[0].json()["code"] == answers[1].json()["code"] == "user_not_found"


@pytest.mark.parametrize(
    ("method", "tail"), [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/set-default")]
)
async def test_anothers_address_is_not_there(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, buyer: dict[str, str], method: str, tail: str
) -> None:
    neighbour = (await make_customer(runtime, shop))[1]
    foreign = (await make_customer(runtime, await make_shop(runtime)))[1]
    await added(client, buyer)
    for owner in (neighbour, foreign):
        there = await added(client, owner)
        await added(client, owner, line1="2 Other Street")
        told = []
        for wanted in (there["id"], str(new_id())):
            body = {"name": "Mine"} if method == "PATCH" else None
            answer = await client.request(method, f"{PATH}/{wanted}{tail}", json=body, headers=buyer)
            told.append((answer.status_code, answer.json()["code"], answer.json()["detail"]))
        assert told[0] == told[1] == (404, "address_not_found", "There is no such address.")
        assert (await client.get(f"{PATH}/{there['id']}", headers=owner)).json() == there


async def test_the_same_person_has_a_book_at_each_company(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    me, other = await make_person(runtime, shop), await make_shop(runtime)
    async with runtime.database.transaction() as session:
        there = await customer_for(session, other.company_id, me.user_id, email=me.email, name=me.name)
    here = shop.headers | bearer(await tokens_for(runtime, me))
    elsewhere = replace(me, company_id=other.company_id, customer_id=there)
    away = other.headers | bearer(await tokens_for(runtime, elsewhere))
    await added(client, here)
    assert await book(client, away) == []


async def test_who_has_no_book(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    staff = await make_staff(runtime, shop)
    for method, path in (("GET", PATH), ("POST", PATH), ("GET", f"{PATH}/{new_id()}")):
        body = ADDRESS if method == "POST" else None
        assert (await client.request(method, path, json=body, headers=shop.headers)).status_code == 401
        answer = await client.request(method, path, json=body, headers=staff)
        assert (answer.status_code, answer.json()["code"]) == (403, "customers_only")


async def test_a_revoked_sign_in_reads_no_addresses(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    me = await make_person(runtime, shop)
    mine = shop.headers | bearer(await tokens_for(runtime, me))
    await added(client, mine)
    end = "UPDATE sign_ins SET revoked_at = now(), revoked_for = 'revoked' WHERE user_id = $1"
    await runtime.database.rows(end, me.user_id)
    assert (await client.get(PATH, headers=mine)).status_code == 401


WRONG: list[tuple[dict[str, Any], int, str]] = [
    ({"country": "ZZ"}, 422, "country"),
    ({"country": ""}, 422, "country"),
    ({"name": ""}, 422, "name"),
    ({"line1": ""}, 422, "line1"),
    ({"postalCode": "1234567890"}, 422, "postalCode"),
    ({"region": "Atlantis"}, 422, "region"),
    ({"phone": "12"}, 422, "phone"),
    ({"line2": "a" * 201}, 422, "line2"),
    ({"line2": "a" * 501}, 400, "line2"),
    ({"line2": "a\nb"}, 422, "line2"),
    ({"name": "A\u202enn"}, 422, "name"),
    ({"label": "x" * 61}, 422, "label"),
    ({"label": "a\u0000b"}, 422, "label"),
    ({"label": "a\u202eb"}, 422, "label"),
    ({"isDefault": "yes"}, 400, "isDefault"),
    ({"customerId": "01936b2a-0000-7000-8000-00000000dead"}, 400, "customerId"),
    ({"id": "01936b2a-0000-7000-8000-00000000dead"}, 400, "id"),
]


@pytest.mark.parametrize(("change", "status", "field"), WRONG, ids=str)
async def test_nonsense_names_its_field_and_keeps_nothing(
    client: httpx.AsyncClient, buyer: dict[str, str], change: dict[str, Any], status: int, field: str
) -> None:
    answer = await client.post(PATH, json=ADDRESS | change, headers=buyer)
    assert answer.status_code == status, answer.text
    assert field in {one["field"] for one in answer.json()["errors"]}, answer.text
    assert await book(client, buyer) == []


async def test_fifty_are_the_most(client: httpx.AsyncClient, runtime: Runtime, buyer: dict[str, str]) -> None:
    answers = await asyncio.gather(
        *(client.post(PATH, json=ADDRESS | {"line1": f"{n} Long Road"}, headers=buyer) for n in range(53))
    )
    assert sorted(answer.status_code for answer in answers) == [201] * 50 + [409] * 3
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["code"] == "too_many_addresses"
    assert [is_default for _, is_default in await book(client, buyer)] == [True] + [False] * 49


async def test_many_choices_at_once_leave_one_default(
    client: httpx.AsyncClient, runtime: Runtime, buyer: dict[str, str]
) -> None:
    ids = [(await added(client, buyer, line1=f"{n} Long Road"))["id"] for n in range(4)]
    answers = await asyncio.gather(
        *(client.post(f"{PATH}/{one}/set-default", headers=buyer) for one in ids * 4)
    )
    assert [answer.status_code for answer in answers] == [200] * 16
    assert [is_default for _, is_default in await book(client, buyer)].count(True) == 1


async def test_removing_all_at_once_leaves_one(client: httpx.AsyncClient, buyer: dict[str, str]) -> None:
    ids = [(await added(client, buyer, line1=f"{n} Long Road"))["id"] for n in range(5)]
    answers = await asyncio.gather(*(client.delete(f"{PATH}/{one}", headers=buyer) for one in ids))
    assert sorted(answer.status_code for answer in answers) == [204] * 4 + [409]
    assert [is_default for _, is_default in await book(client, buyer)] == [True]


async def test_the_first_two_at_once_are_not_both_the_default(
    client: httpx.AsyncClient, buyer: dict[str, str]
) -> None:
    answers = await asyncio.gather(*(client.post(PATH, json=ADDRESS, headers=buyer) for _ in range(6)))
    assert [answer.status_code for answer in answers] == [201] * 6
    assert [is_default for _, is_default in await book(client, buyer)].count(True) == 1
