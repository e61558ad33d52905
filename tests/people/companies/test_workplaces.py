"""One person works for several companies: each is named by the call, or by the host that is looked at."""

from __future__ import annotations

import re
from uuid import UUID

import httpx

from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.access.public import add_member
from pasar.people.users.public import add_user
from support.office import Office, staff_office
from support.people import CHEAP_HASH, PASSWORD, SignedIn, bearer, make_customer, new_email, tokens_for
from support.shops import Shop, make_shop

HOST = "UPDATE sites SET host = $2 WHERE company_id = $1"
TOKEN = re.compile(r'name="_csrf_token" value="([0-9a-f]{64})"')


async def works_at(runtime: Runtime, *shops: tuple[Shop, str]) -> tuple[UUID, str]:
    """A person with a role at each shop: id and e-mail; the password is `PASSWORD`."""
    email = new_email()
    async with runtime.database.transaction() as session:
        user_id = await add_user(session, email=email, name="Sari Staff", password_hash=CHEAP_HASH)
        for shop, role in shops:
            await add_member(session, shop.company_id, user_id, role)
    return user_id, email


async def with_host(runtime: Runtime, name: str) -> tuple[Shop, str]:
    shop = await make_shop(runtime)
    host = f"{name}-{new_id().hex}.example"
    await runtime.database.rows(HOST, shop.company_id, host)
    runtime.sites.forget()
    return shop, host


async def test_staff_of_two_companies_name_the_one_they_mean(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    (a, host), b, stranger = await with_host(runtime, "a"), await make_shop(runtime), await make_shop(runtime)
    user_id, _ = await works_at(runtime, (a, "owner"), (b, "viewer"))
    person = SignedIn(user_id, a.company_id, "staff", "owner", "Sari Staff", "", None)
    token = bearer(await tokens_for(runtime, person))

    for shop in (a, b):
        told = (await client.get("/api/admin/company", headers=token | shop.headers)).json()
        assert told["id"] == str(shop.company_id)
    assert (
        await client.patch("/api/admin/company", json={"name": "A"}, headers=token | a.headers)
    ).status_code == 200
    refused = await client.patch("/api/admin/company", json={"name": "B"}, headers=token | b.headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_missing"), (
        "a role is one company's"
    )
    unnamed = await client.get("/api/admin/company", headers=token)
    assert (unnamed.status_code, unnamed.json()["code"]) == (400, "company_required")
    assert unnamed.json()["companies"] == sorted([str(a.company_id), str(b.company_id)])
    elsewhere = await client.get("/api/admin/company", headers=token | stranger.headers)
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (403, "company_mismatch")
    both = await client.get("/api/admin/company", headers=token | b.headers | {"host": host})
    assert (both.status_code, both.json()["code"]) == (403, "company_mismatch")

    listed = (await client.get("/api/auth/companies", headers=token | b.headers)).json()["items"]
    assert {one["companyId"]: (one["role"], one["hosts"], one["current"]) for one in listed} == {
        str(a.company_id): ("owner", [host], False),
        str(b.company_id): ("viewer", [], True),
    }


async def test_who_works_nowhere_has_no_list(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    _, customer = await make_customer(runtime, shop)
    assert (await client.get("/api/auth/companies", headers=customer)).json() == {"items": []}
    assert (await client.get("/api/auth/companies", headers=shop.headers)).status_code == 401


async def test_a_session_at_one_host_opens_nothing_at_the_other(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    (a, host_a), (b, host_b) = await with_host(runtime, "a"), await with_host(runtime, "b")
    _, email = await works_at(runtime, (a, "owner"), (b, "owner"))
    browser = httpx.AsyncClient(transport=client._transport, base_url="http://localhost")
    sign_in = await browser.get("/sign-in", headers={"host": host_a})
    token = TOKEN.search(sign_in.text)
    assert token
    form = {"_csrf_token": token[1], "email": email, "password": PASSWORD, "back": ""}
    cookie = sign_in.headers["set-cookie"].split(";")[0]
    signed = await browser.post("/sign-in", data=form, headers={"host": host_a, "cookie": cookie})
    assert signed.status_code == 303, signed.text
    session = {"cookie": signed.headers["set-cookie"].split(";")[0]}

    at_a = await browser.get("/admin/settings", headers=session | {"host": f"{host_a}:8000"})
    assert at_a.status_code == 200
    assert f'href="http://{host_b}:8000/admin"' in at_a.text, "the switcher leads to the other host"
    at_b = await browser.get("/admin/settings", headers=session | {"host": host_b})
    assert at_b.status_code == 303
    assert at_b.headers["location"].startswith("/sign-in?")


async def test_a_company_without_a_host_is_named_and_explained(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    a, b = await make_shop(runtime), await make_shop(runtime)
    _, email = await works_at(runtime, (a, "owner"), (b, "owner"))
    browser = httpx.AsyncClient(transport=client._transport, base_url="http://localhost")
    page = await browser.get("/sign-in", headers=a.headers)
    token = TOKEN.search(page.text)
    assert token
    form = {"_csrf_token": token[1], "email": email, "password": PASSWORD, "back": ""}
    assert (await browser.post("/sign-in", data=form, headers=a.headers)).status_code == 303
    shown = await Office(browser, a).see("/admin/settings")
    assert "Your companies" in shown
    assert "has no address of its own yet" in shown
    shown = await Office(browser, a, "id").see("/admin/settings")
    assert "Perusahaan Anda" in shown


async def test_with_one_company_there_is_nothing_to_switch(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    office = await staff_office(client, runtime, shop)
    assert "Your companies" not in await office.see("/admin/settings")
