"""Who works here: roles are given within one's own rights, and a company keeps an owner."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from pasar.people.access.public import add_member, role_in
from support.colleagues import Colleague, let_lapse, make_colleague
from support.office import staff_office
from support.people import make_person
from support.shops import Shop, make_shop

STAFF = "/api/admin/staff"
COOKIES = """
SELECT count(*) FROM page_sessions p JOIN memberships m USING (company_id, user_id) WHERE p.company_id = $1
"""


async def give(client: httpx.AsyncClient, by: Colleague, to: Colleague, role: str) -> httpx.Response:
    return await client.patch(f"{STAFF}/{to.user_id}", json={"role": role}, headers=by.headers)


def outcome(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"] if answer.status_code >= 400 else ""


async def test_the_list_has_those_who_work_here(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner, viewer = await make_colleague(runtime, shop), await make_colleague(runtime, shop, "viewer")
    await make_colleague(runtime, await make_shop(runtime))
    await make_person(runtime, shop)
    found = (await client.get(STAFF, headers=owner.headers)).json()
    assert [(one["userId"], one["email"], one["role"]) for one in found["items"]] == [
        (str(owner.user_id), owner.email, "owner"),
        (str(viewer.user_id), viewer.email, "viewer"),
    ]
    one = (await client.get(f"{STAFF}/{viewer.user_id}", headers=owner.headers)).json()
    assert one == found["items"][1]


async def test_another_role_counts_from_the_next_call_on(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner, other = await make_colleague(runtime, shop), await make_colleague(runtime, shop, "orders")
    assert (await client.get("/api/admin/orders", headers=other.headers)).status_code == 200
    answer = await give(client, owner, other, "catalogue")
    assert (answer.status_code, answer.json()["role"]) == (200, "catalogue")
    assert (await client.get("/api/admin/orders", headers=other.headers)).status_code == 403
    assert (await client.get("/api/admin/products", headers=other.headers)).status_code == 200


@pytest.mark.parametrize("body", [{}, {"role": "god"}, {"role": "custom"}, {"role": "Owner"}, {"role": "*"}])
async def test_there_is_no_other_role(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, body: dict[str, str]
) -> None:
    owner, other = await make_colleague(runtime, shop), await make_colleague(runtime, shop, "viewer")
    answer = await client.patch(f"{STAFF}/{other.user_id}", json=body, headers=owner.headers)
    assert outcome(answer) == (422, "role_unknown")


async def test_the_platform_s_role_is_for_the_platform_alone(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner, other = await make_colleague(runtime, shop), await make_colleague(runtime, shop, "viewer")
    assert outcome(await give(client, owner, other, "platform")) == (422, "role_not_here")


async def test_only_owners_make_and_unmake_owners(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner, admin, other = [await make_colleague(runtime, shop, role) for role in ("owner", "admin", "viewer")]
    assert outcome(await give(client, admin, other, "owner")) == (403, "beyond_own_rights")
    assert outcome(await give(client, admin, owner, "viewer")) == (403, "beyond_own_rights")
    sent_away = await client.delete(f"{STAFF}/{owner.user_id}", headers=admin.headers)
    assert outcome(sent_away) == (403, "beyond_own_rights")
    assert outcome(await give(client, admin, other, "admin")) == (200, "")
    assert outcome(await give(client, owner, other, "owner")) == (200, "")


async def test_nobody_changes_their_own_role(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    for role in ("owner", "admin"):
        person = await make_colleague(runtime, shop, role)
        for wanted in ("owner", "viewer"):
            assert outcome(await give(client, person, person, wanted)) == (403, "own_role")


@pytest.mark.parametrize("role", ["manager", "viewer", "support", "platform", "supplier"])
async def test_who_may_not_change_staff_does_not(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, role: str
) -> None:
    one, other = await make_colleague(runtime, shop, role), await make_colleague(runtime, shop, "viewer")
    assert outcome(await give(client, one, other, "catalogue")) == (403, "permission_missing")


async def test_the_last_owner_stays(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    owner, other = await make_colleague(runtime, shop), await make_colleague(runtime, shop)
    assert outcome(await give(client, owner, other, "admin")) == (200, "")
    gone = await client.delete(f"{STAFF}/{owner.user_id}", headers=owner.headers)
    assert outcome(gone) == (409, "last_owner")


async def test_an_owner_who_is_shut_out_does_not_count(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner, asleep = await make_colleague(runtime, shop), await make_colleague(runtime, shop)
    await runtime.database.rows("UPDATE users SET is_active = false WHERE id = $1", asleep.user_id)
    gone = await client.delete(f"{STAFF}/{owner.user_id}", headers=owner.headers)
    assert outcome(gone) == (409, "last_owner")
    assert outcome(await give(client, owner, asleep, "viewer")) == (200, "")


async def test_two_owners_who_relieve_each_other_at_once_leave_one(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    for _ in range(8):
        shop = await make_shop(runtime)
        one, other = await make_colleague(runtime, shop), await make_colleague(runtime, shop)
        answers = await asyncio.gather(give(client, one, other, "viewer"), give(client, other, one, "viewer"))
        assert sorted(answer.status_code for answer in answers) == [200, 403]
        owners = await runtime.database.value(
            "SELECT count(*) FROM memberships WHERE company_id = $1 AND role = 'owner'", shop.company_id
        )
        assert owners == 1


async def test_owners_who_all_leave_at_once_leave_one(client: httpx.AsyncClient, runtime: Runtime) -> None:
    shop = await make_shop(runtime)
    owners = [await make_colleague(runtime, shop) for _ in range(5)]
    answers = await asyncio.gather(
        *(client.delete(f"{STAFF}/{one.user_id}", headers=one.headers) for one in owners)
    )
    assert sorted(answer.status_code for answer in answers) == [204, 204, 204, 204, 409]


async def test_whoever_leaves_is_refused_at_once(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner, other = await make_colleague(runtime, shop), await make_colleague(runtime, shop, "manager")
    assert (await client.get("/api/admin/orders", headers=other.headers)).status_code == 200
    gone = await client.delete(f"{STAFF}/{other.user_id}", headers=owner.headers)
    assert gone.status_code == 204
    refused = await client.get("/api/admin/orders", headers=other.headers)
    assert outcome(refused) == (401, "token_revoked")
    again = await client.delete(f"{STAFF}/{other.user_id}", headers=owner.headers)
    assert outcome(again) == (404, "staff_not_found")


async def test_a_former_token_stays_dead_when_one_is_taken_back(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner, other = await make_colleague(runtime, shop), await make_colleague(runtime, shop, "manager")
    await client.delete(f"{STAFF}/{other.user_id}", headers=owner.headers)
    async with runtime.database.transaction() as session:
        await add_member(session, shop.company_id, other.user_id, "manager")
    assert (await client.get("/api/admin/orders", headers=other.headers)).status_code == 401


async def test_work_elsewhere_goes_on(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    owner, other = await make_colleague(runtime, shop), await make_colleague(runtime, shop, "manager")
    elsewhere = await make_shop(runtime)
    async with runtime.database.transaction() as session:
        await add_member(session, elsewhere.company_id, other.user_id, "manager")
    await client.delete(f"{STAFF}/{other.user_id}", headers=owner.headers)
    assert (await client.get("/api/admin/orders", headers=other.headers)).status_code == 403
    there = other.headers | elsewhere.headers
    assert (await client.get("/api/admin/orders", headers=there)).status_code == 200


async def test_pages_end_with_the_work(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    owner = await make_colleague(runtime, shop)
    office = await staff_office(client, runtime, shop, "manager")
    await office.see("/admin/orders")
    staff = (await client.get(STAFF, headers=owner.headers)).json()["items"]
    manager = next(one for one in staff if one["role"] == "manager")
    assert await runtime.database.value(COOKIES, shop.company_id) == 1
    assert (await client.delete(f"{STAFF}/{manager['userId']}", headers=owner.headers)).status_code == 204
    await office.see("/admin/orders", 303)
    sessions = "SELECT count(*) FROM page_sessions WHERE company_id = $1"
    assert await runtime.database.value(sessions, shop.company_id) == 0


async def test_a_person_who_is_shut_out_keeps_nothing(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_colleague(runtime, shop)
    await runtime.database.rows("UPDATE users SET is_active = false WHERE id = $1", person.user_id)
    assert (await client.get(STAFF, headers=person.headers)).status_code == 401


async def test_what_changes_staff_asks_again_who_it_is(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner, other = await make_colleague(runtime, shop), await make_colleague(runtime, shop, "viewer")
    await let_lapse(runtime, owner)
    body = {"email": "new@example.com", "role": "viewer"}
    tries = (
        await give(client, owner, other, "admin"),
        await client.delete(f"{STAFF}/{other.user_id}", headers=owner.headers),
        await client.post("/api/admin/invitations", json=body, headers=owner.headers),
    )
    assert [outcome(one) for one in tries] == [(403, "step_up_required")] * 3
    async with runtime.database.transaction() as session:
        assert await role_in(session, shop.company_id, other.user_id) == "viewer"


async def test_anothers_staff_is_not_there(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    stranger = await make_colleague(runtime, await make_shop(runtime))
    person = await make_colleague(runtime, shop, "viewer")
    tries = (
        await client.get(f"{STAFF}/{person.user_id}", headers=stranger.headers),
        await give(client, stranger, person, "viewer"),
        await client.delete(f"{STAFF}/{person.user_id}", headers=stranger.headers),
    )
    assert [outcome(one) for one in tries] == [(404, "staff_not_found")] * 3
    abroad = await client.get(STAFF, headers=stranger.headers | shop.headers)
    assert outcome(abroad) == (403, "company_mismatch")
