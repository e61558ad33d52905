"""Roles of a company's own: within the rights of whoever makes them, and never without bounds."""

from __future__ import annotations

from typing import Any

import asyncpg
import httpx
import pytest

from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from support.colleagues import Colleague, let_lapse, make_colleague
from support.people import make_staff
from support.shops import Shop, make_shop

ROLES = "/api/admin/roles"


async def made(
    client: httpx.AsyncClient, headers: dict[str, str], name: str = "Packers", *permissions: str
) -> dict[str, Any]:
    """A role that must be made."""
    body = {"name": name, "permissions": list(permissions or ("orders:read", "orders:write"))}
    answer = await client.post(ROLES, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def give(client: httpx.AsyncClient, by: Colleague, to: Colleague, role_id: str) -> None:
    body = {"customRoleId": role_id}
    answer = await client.patch(f"/api/admin/staff/{to.user_id}", json=body, headers=by.headers)
    assert answer.status_code == 200, answer.text


async def test_a_role_is_made_given_and_obeyed(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner, packer = await make_colleague(runtime, shop), await make_colleague(runtime, shop, "viewer")
    role = await made(client, owner.headers)
    assert (role["role"], role["name"], role["members"]) == (None, "Packers", 0)
    assert role["permissions"] == ["orders:read", "orders:write"]

    await give(client, owner, packer, role["customRoleId"])
    assert (await client.get("/api/admin/orders", headers=packer.headers)).status_code == 200
    refused = await client.get("/api/admin/products", headers=packer.headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing")
    me = (await client.get("/api/auth/me", headers=packer.headers)).json()
    assert (me["role"], me["permissions"]) == ("Packers", ["orders:read", "orders:write"])


async def test_a_changed_role_counts_from_the_next_call_on(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner, packer = await make_colleague(runtime, shop), await make_colleague(runtime, shop, "viewer")
    role = await made(client, owner.headers)
    await give(client, owner, packer, role["customRoleId"])
    path = f"{ROLES}/{role['customRoleId']}"
    changed = await client.patch(path, json={"permissions": ["catalog:read"]}, headers=owner.headers)
    assert (changed.status_code, changed.json()["name"]) == (200, "Packers")
    assert (await client.get("/api/admin/orders", headers=packer.headers)).status_code == 403
    assert (await client.get("/api/admin/products", headers=packer.headers)).status_code == 200


async def test_the_list_has_ours_and_the_company_s_with_their_members(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_colleague(runtime, shop)
    await make_colleague(runtime, shop, "viewer")
    await made(client, owner.headers)
    await made(client, (await make_colleague(runtime, await make_shop(runtime))).headers, "Elsewhere")
    found = (await client.get(ROLES, headers=owner.headers)).json()
    members = {one["name"]: one["members"] for one in found["items"]}
    assert (members["owner"], members["viewer"], members["admin"], members["Packers"]) == (1, 1, 0, 0)
    assert "Elsewhere" not in members
    assert "platform" not in members
    assert {one["name"] for one in found["permissions"]} >= {"catalog:read", "keys:write"}
    assert not any(one["name"].startswith("platform:") for one in found["permissions"])


async def test_a_role_in_use_stays_and_a_free_one_goes(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner, packer = await make_colleague(runtime, shop), await make_colleague(runtime, shop, "viewer")
    role = await made(client, owner.headers)
    path = f"{ROLES}/{role['customRoleId']}"
    await give(client, owner, packer, role["customRoleId"])
    refused = await client.delete(path, headers=owner.headers)
    assert (refused.status_code, refused.json()["code"]) == (409, "role_in_use")

    back = await client.patch(
        f"/api/admin/staff/{packer.user_id}", json={"role": "viewer"}, headers=owner.headers
    )
    assert back.status_code == 200
    assert (await client.delete(path, headers=owner.headers)).status_code == 204
    gone = await client.delete(path, headers=owner.headers)
    assert (gone.status_code, gone.json()["code"]) == (404, "role_not_found")


async def test_a_role_that_somebody_is_invited_to_stays(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_colleague(runtime, shop)
    role = await made(client, owner.headers)
    body = {"email": f"{new_id().hex}@example.com", "customRoleId": role["customRoleId"]}
    invitation = await client.post("/api/admin/invitations", json=body, headers=owner.headers)
    assert invitation.status_code == 201, invitation.text
    path = f"{ROLES}/{role['customRoleId']}"
    assert (await client.delete(path, headers=owner.headers)).json()["code"] == "role_in_use"
    taken_back = f"/api/admin/invitations/{invitation.json()['id']}"
    assert (await client.delete(taken_back, headers=owner.headers)).status_code == 204
    assert (await client.delete(path, headers=owner.headers)).status_code == 204


@pytest.mark.parametrize("permission", ["*", "platform:companies", "orders:*", "ORDERS:READ", ""])
async def test_no_role_of_ones_own_is_without_bounds(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, permission: str
) -> None:
    body = {"name": "Gods", "permissions": ["orders:read", permission]}
    answer = await client.post(ROLES, json=body, headers=await make_staff(runtime, shop))
    assert (answer.status_code, answer.json()["code"]) == (422, "permission_unknown")


@pytest.mark.parametrize("permission", ["*", "platform:companies", "platform:later"])
async def test_nor_does_the_database_take_one(runtime: Runtime, shop: Shop, permission: str) -> None:
    insert = "INSERT INTO custom_roles (company_id, id, name, permissions) VALUES ($1, $2, 'Gods', $3)"
    with pytest.raises(asyncpg.CheckViolationError, match="ck_custom_roles_permissions"):
        await runtime.database.rows(insert, shop.company_id, new_id(), ["orders:read", permission])


async def test_nobody_gives_what_they_lack(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    owner, maker = await make_colleague(runtime, shop), await make_colleague(runtime, shop, "viewer")
    small = await made(client, owner.headers, "Role makers", "roles:read", "roles:write", "orders:read")
    large = await made(client, owner.headers, "Large", "orders:read", "orders:write")
    await give(client, owner, maker, small["customRoleId"])
    path = f"{ROLES}/{large['customRoleId']}"
    tries = (
        await client.post(ROLES, json={"name": "x", "permissions": ["keys:write"]}, headers=maker.headers),
        await client.patch(path, json={"permissions": ["orders:read"]}, headers=maker.headers),
        await client.patch(path, json={"name": "Renamed"}, headers=maker.headers),
        await client.delete(path, headers=maker.headers),
    )
    assert [(one.status_code, one.json()["code"]) for one in tries] == [(403, "beyond_own_rights")] * 4
    assert (await made(client, maker.headers, "Within", "orders:read"))["permissions"] == ["orders:read"]


async def test_nobody_changes_the_role_they_have(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner, maker = await make_colleague(runtime, shop), await make_colleague(runtime, shop, "viewer")
    role = await made(client, owner.headers, "Role makers", "roles:read", "roles:write")
    await give(client, owner, maker, role["customRoleId"])
    path = f"{ROLES}/{role['customRoleId']}"
    for body in ({"permissions": ["roles:read", "roles:write", "keys:write"]}, {"name": "Kings"}):
        answer = await client.patch(path, json=body, headers=maker.headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "own_role")


@pytest.mark.parametrize("name", ["owner", "Owner", "ADMIN", "customer", "custom", "Administrator", "key"])
async def test_a_role_of_ones_own_is_not_called_like_ours(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, name: str
) -> None:
    body = {"name": name, "permissions": []}
    answer = await client.post(ROLES, json=body, headers=await make_staff(runtime, shop))
    assert (answer.status_code, answer.json()["code"]) == (409, "role_name_taken")


@pytest.mark.parametrize(
    ("name", "status"),
    [("", 400), ("  ", 422), ("Pack\ners", 422), ("a\u202eb", 422), ("x" * 61, 422), ("x" * 201, 400)],
)
async def test_names_are_plain(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, name: str, status: int
) -> None:
    body = {"name": name, "permissions": []}
    answer = await client.post(ROLES, json=body, headers=await make_staff(runtime, shop))
    assert answer.status_code == status, answer.text


async def test_two_roles_of_one_name_are_refused(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    headers = await make_staff(runtime, shop)
    await made(client, headers)
    other = await made(client, headers, "Others")
    again = await client.post(ROLES, json={"name": "Packers", "permissions": []}, headers=headers)
    renamed = await client.patch(
        f"{ROLES}/{other['customRoleId']}", json={"name": "Packers"}, headers=headers
    )
    for answer in (again, renamed):
        assert (answer.status_code, answer.json()["code"]) == (409, "role_name_taken")


async def test_changing_roles_asks_again_who_it_is(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_colleague(runtime, shop)
    await let_lapse(runtime, owner)
    answer = await client.post(ROLES, json={"name": "Late", "permissions": []}, headers=owner.headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")
    assert (await client.get(ROLES, headers=owner.headers)).status_code == 200
