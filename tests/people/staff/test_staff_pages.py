"""Staff, roles, keys and invitations as people see them in a browser without script."""

from __future__ import annotations

import html
import re
from uuid import UUID

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from support.colleagues import link_token, make_colleague
from support.office import Office, shopper_office, staff_office
from support.people import make_person, new_email
from support.shops import Shop, make_shop

KEY = re.compile(r"pasar_[0-9a-f]{8}_[\w-]{43}")


async def own(client: httpx.AsyncClient, shop: Shop) -> Office:
    """A browser that nobody is signed in with."""
    return Office(httpx.AsyncClient(transport=client._transport, base_url="http://localhost"), shop)


async def invitation_to(runtime: Runtime, shop: Shop, email: str) -> UUID:
    found = await runtime.database.value(
        "SELECT id FROM invitations WHERE company_id = $1 AND email = $2", shop.company_id, email
    )
    assert isinstance(found, UUID)
    return found


async def test_a_colleague_is_invited_joins_changes_and_goes(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    office, email = await staff_office(client, runtime, shop), new_email()
    await office.done("/admin/staff/invite", {"email": email, "role": "catalogue"})
    assert email in await office.see("/admin/staff")
    invitation_id = await invitation_to(runtime, shop, email)
    await office.see(f"/admin/staff/invitations/{invitation_id}")
    token = await link_token(runtime, shop, invitation_id)

    newcomer = await own(client, shop)
    page = await newcomer.see(f"/invitations/{token}")
    assert "Catalogue" in page
    assert 'autocomplete="new-password"' in page
    form = {"name": "Rina Baru", "password": "a brand new secret"}
    assert (await newcomer.done(f"/invitations/{token}", form)).startswith("/sign-in?back=/admin")
    await newcomer.done("/sign-in", {"email": email, "password": form["password"], "back": "/admin"})
    await newcomer.see("/admin/products")
    await newcomer.see("/admin/orders", 403)

    user_id = await runtime.database.value("SELECT id FROM users WHERE email = $1", email)
    await office.done(f"/admin/staff/{user_id}", {"role": "orders"})
    await newcomer.see("/admin/orders")
    await newcomer.see("/admin/products")  # orders come with reading the catalogue
    await newcomer.see("/admin/products/new", 403)
    assert "Rina Baru" in await office.see(f"/admin/staff/{user_id}/remove")
    await office.done(f"/admin/staff/{user_id}/remove")
    await newcomer.see("/admin/orders", 303)


async def test_the_page_of_a_link_says_what_to_do(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    office, person = await staff_office(client, runtime, shop), await make_person(runtime, shop)
    await office.done("/admin/staff/invite", {"email": person.email, "role": "viewer"})
    token = await link_token(runtime, shop, await invitation_to(runtime, shop, person.email))
    path = f"/invitations/{token}"

    guest = await own(client, shop)
    page = await guest.see(path)
    assert 'type="password"' not in page
    assert f"/sign-in?back=%2Finvitations%2F{token}" in html.unescape(page)
    tried = await guest.send(path, {"name": "Eve", "password": "a brand new secret"})
    assert tried.status_code == 403

    another = await shopper_office(client, runtime, shop)
    assert "signed in as somebody else" in await another.see(path)
    assert (await another.send(path)).status_code == 403

    signed_in = await own(client, shop)
    await signed_in.done(
        "/sign-in", {"email": person.email, "password": "correct horse battery", "back": path}
    )
    assert person.email in await signed_in.see(path)
    assert (await signed_in.done(path)).startswith("/admin")
    await signed_in.see("/admin/orders")
    assert "accepted already" in await guest.see(path, 409)


async def test_a_link_opens_at_its_own_shop_and_is_kept_by_no_browser(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    office, email = await staff_office(client, runtime, shop), new_email()
    await office.done("/admin/staff/invite", {"email": email, "role": "viewer"})
    token = await link_token(runtime, shop, await invitation_to(runtime, shop, email))
    elsewhere = await own(client, await make_shop(runtime))
    strange = await elsewhere.see(f"/invitations/{token}", 404)
    assert email not in strange
    assert email not in await (await own(client, shop)).see("/invitations/" + "0" * 64, 404)
    answer = await client.get(f"/invitations/{token}", headers=shop.headers)
    assert answer.headers["cache-control"] == "no-store"


async def test_a_form_that_no_page_of_ours_sent_accepts_nothing(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    office, email = await staff_office(client, runtime, shop), new_email()
    await office.done("/admin/staff/invite", {"email": email, "role": "viewer"})
    token = await link_token(runtime, shop, await invitation_to(runtime, shop, email))
    form = {"name": "Eve", "password": "a brand new secret", "_csrf_token": "0" * 64}
    answer = await client.post(f"/invitations/{token}", data=form, headers=shop.headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"email": "nobody", "role": "viewer"}, "not an e-mail address"),
        ({"email": "a@example.com", "role": ""}, "Choose a role"),
        ({"email": "a@example.com", "role": "own:nonsense"}, "Choose a role"),
        ({"email": "a@example.com", "role": "god"}, "Choose a role"),
    ],
)
async def test_what_is_wrong_is_said_beside_the_field(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, fields: dict[str, str], said: str
) -> None:
    office = await staff_office(client, runtime, shop)
    answer = await office.send("/admin/staff/invite", fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'value="{fields["email"]}"' in answer.text


async def test_admins_are_offered_what_they_can_give(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_colleague(runtime, shop)
    admin = await staff_office(client, runtime, shop, "admin")
    form = await admin.see("/admin/staff/invite")
    assert 'value="admin"' in form
    assert 'value="owner"' not in form
    assert "may do more than you" in await admin.see(f"/admin/staff/{owner.user_id}")
    refused = await admin.send("/admin/staff/invite", {"email": new_email(), "role": "owner"})
    assert refused.status_code == 403
    assert "what you may not do yourself" in refused.text


async def test_a_role_is_made_changed_and_removed(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    office = await staff_office(client, runtime, shop)
    await office.done("/admin/roles/new", {"name": "Packers", "permissions": ["orders:read", "orders:write"]})
    page = await office.see("/admin/roles")
    found = re.search(r'/admin/roles/([0-9a-f-]{36})"', page)
    assert found
    path = f"/admin/roles/{found[1]}"
    assert re.search(r'value="orders:write" checked', await office.see(path))
    await office.done(path, {"name": "Packers", "permissions": ["orders:read"]})
    assert not re.search(r'value="orders:write" checked', await office.see(path))
    same = await office.send("/admin/roles/new", {"name": "Packers"})
    assert same.status_code == 409
    assert "There is a role of this name" in same.text
    await office.see(f"{path}/remove")
    await office.done(f"{path}/remove")
    assert "Packers" not in await office.see("/admin/roles")


async def test_a_key_is_shown_once(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    office = await staff_office(client, runtime, shop)
    await office.see("/admin/api-keys/new")
    fields = {"name": "Scanner", "days": "30", "scopes": ["inventory:read", "inventory:write"]}
    answer = await office.send("/admin/api-keys/new", fields)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    (key,) = set(KEY.findall(answer.text))
    works = await client.get("/api/admin/inventory", headers={"x-api-key": key})
    assert works.status_code == 200, works.text
    page = await office.see("/admin/api-keys")
    assert not KEY.search(page)
    assert key[:14] in page
    found = re.search(r"/admin/api-keys/([0-9a-f-]{36})", page)
    assert found
    path = f"/admin/api-keys/{found[1]}"
    renewed = await office.send(f"{path}/rotate", {"hours": "0"})
    (new_key,) = set(KEY.findall(renewed.text))
    assert renewed.headers["cache-control"] == "no-store"
    assert (await client.get("/api/admin/inventory", headers={"x-api-key": key})).status_code == 401
    assert (await client.get("/api/admin/inventory", headers={"x-api-key": new_key})).status_code == 200
    await office.see(f"{path}/revoke")
    await office.done(f"{path}/revoke")
    assert (await client.get("/api/admin/inventory", headers={"x-api-key": new_key})).status_code == 401
    assert "Revoked" in await office.see(path)
    over = await office.send(f"{path}/rotate", {"hours": "0"})
    assert over.status_code == 409


async def test_a_key_needs_a_name_and_something_to_do(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    office = await staff_office(client, runtime, shop)
    for fields in ({"name": "", "scopes": ["catalog:read"]}, {"name": "x"}, {"name": "x", "scopes": ["*"]}):
        answer = await office.send("/admin/api-keys/new", fields)
        assert answer.status_code == 422
        assert not KEY.search(answer.text)


@pytest.mark.parametrize("role", ["manager", "catalogue", "viewer"])
async def test_others_see_and_do_none_of_this(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, role: str
) -> None:
    office = await staff_office(client, runtime, shop, role)
    for path in ("/admin/api-keys", "/admin/api-keys/new", "/admin/roles/new", "/admin/staff/invite"):
        await office.see(path, 403)
    for path in ("/admin/api-keys/new", "/admin/roles/new", "/admin/staff/invite"):
        answer = await office.send(path, {"name": "x", "email": new_email(), "role": "viewer"})
        assert answer.status_code == 403
    seen = 200 if role == "manager" else 403
    await office.see("/admin/staff", seen)
    await office.see("/admin/roles", seen)


async def test_they_speak_indonesian(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    office = await staff_office(client, runtime, shop)
    office.language = "id"
    for path, words in {
        "/admin/staff": "Undang rekan kerja",
        "/admin/roles": "Sudah tersedia",
        "/admin/api-keys/new": "Yang boleh dilakukannya",
    }.items():
        assert words in await office.see(path)


async def test_a_change_asks_for_a_confirmation_that_is_fresh(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    office = await staff_office(client, runtime, shop)
    await runtime.database.rows(
        "UPDATE sign_ins SET confirmed_at = confirmed_at - interval '16 minutes' WHERE company_id = $1",
        shop.company_id,
    )
    for path in ("/admin/staff/invite", "/admin/roles/new", "/admin/api-keys/new"):
        answer = await office.client.get(path, headers=shop.headers)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/account/confirm")
    await office.see("/admin/staff")
