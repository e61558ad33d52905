"""Ways to more rights than one was given, each shut."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from pasar.people.access.public import role_in
from support.colleagues import make_colleague
from support.people import make_customer, make_person, new_email
from support.shops import Shop


@pytest.mark.parametrize(
    "more",
    [{"role": "owner"}, {"permissions": ["*"]}, {"isAdmin": True}, {"companyId": "x"}, {"user_type": "a"}],
)
async def test_no_role_comes_with_registering(
    client: httpx.AsyncClient, shop: Shop, more: dict[str, Any]
) -> None:
    body = {"email": new_email(), "password": "a brand new secret", "name": "Eve"} | more
    answer = await client.post("/api/auth/register", json=body, headers=shop.headers)
    assert answer.status_code == 400, answer.text


@pytest.mark.parametrize("more", [{"role": "owner"}, {"permissions": ["*"]}, {"customRoleId": None}])
async def test_no_role_comes_with_one_s_profile(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, more: dict[str, Any]
) -> None:
    _, customer = await make_customer(runtime, shop)
    staff = await make_colleague(runtime, shop, "viewer")
    for headers in (customer, staff.headers):
        answer = await client.put("/api/auth/me", json={"name": "Eve"} | more, headers=headers)
        assert answer.status_code == 400, answer.text
    async with runtime.database.transaction() as session:
        assert await role_in(session, shop.company_id, staff.user_id) == "viewer"


async def test_customers_and_guests_reach_nothing_here(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    _, customer = await make_customer(runtime, shop)
    calls = [
        ("GET", "/api/admin/staff"),
        ("PATCH", f"/api/admin/staff/{person.user_id}"),
        ("POST", "/api/admin/roles"),
        ("POST", "/api/admin/invitations"),
        ("POST", "/api/admin/api-keys"),
        ("GET", "/api/platform/companies"),
        ("POST", "/api/platform/companies"),
    ]
    for method, path in calls:
        assert (await client.request(method, path, headers=customer, json={})).status_code == 403, path
        assert (await client.request(method, path, headers=shop.headers, json={})).status_code == 401, path


async def test_a_maker_of_staff_does_not_become_more_by_a_friend(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    """A role with staff:write gives a friend no more than it has, so that the friend gives nothing back."""
    owner = await make_colleague(runtime, shop)
    body = {"name": "Recruiters", "permissions": ["staff:read", "staff:write"]}
    role = (await client.post("/api/admin/roles", json=body, headers=owner.headers)).json()
    recruiter, friend = [await make_colleague(runtime, shop, "supplier") for _ in range(2)]
    given = {"customRoleId": role["customRoleId"]}
    path = "/api/admin/staff/{}"
    answer = await client.patch(path.format(recruiter.user_id), json=given, headers=owner.headers)
    assert answer.status_code == 200
    for wanted in ("owner", "admin", "manager", "viewer"):
        refused = await client.patch(
            path.format(friend.user_id), json={"role": wanted}, headers=recruiter.headers
        )
        assert (refused.status_code, refused.json()["code"]) == (403, "beyond_own_rights"), wanted
        mail = {"email": new_email(), "role": wanted}
        refused = await client.post("/api/admin/invitations", json=mail, headers=recruiter.headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "beyond_own_rights"), wanted
    within = await client.patch(path.format(friend.user_id), json=given, headers=recruiter.headers)
    assert within.status_code == 200
    refused = await client.patch(
        path.format(owner.user_id), json={"role": "supplier"}, headers=friend.headers
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "beyond_own_rights")


async def test_a_role_called_owner_by_the_database_is_none(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    """The name of a company's own role is only a name, whatever got it there."""
    person, other = await make_colleague(runtime, shop, "viewer"), await make_colleague(runtime, shop)
    await runtime.database.rows(
        "WITH r AS (INSERT INTO custom_roles (company_id, id, name, permissions)"
        " VALUES ($1, gen_random_uuid(), 'owner', '{staff:read,staff:write}') RETURNING id)"
        " UPDATE memberships SET role = 'custom', custom_role_id = r.id FROM r"
        " WHERE company_id = $1 AND user_id = $2",
        shop.company_id,
        person.user_id,
    )
    me = (await client.get("/api/auth/me", headers=person.headers)).json()
    assert me["permissions"] == ["staff:read", "staff:write"]
    path = f"/api/admin/staff/{other.user_id}"
    answer = await client.patch(path, json={"role": "viewer"}, headers=person.headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "beyond_own_rights")
