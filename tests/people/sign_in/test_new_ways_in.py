"""Whoever finds a browser open adds no way in of their own; and whoever leaves one finds the way out."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from pasar.people.sign_in.person import SignedIn
from people.sign_in.test_codes import new_phone
from support.office import Office, shopper_office, staff_office
from support.people import PASSWORD, bearer, make_customer, new_email, tokens_for
from support.shops import Shop

AN_HOUR_AGO = """
UPDATE sign_ins SET confirmed_at = now() - interval '1 hour'
 WHERE user_id = (SELECT user_id FROM customers WHERE company_id = $1)
"""
WITHOUT_PASSWORD = """
UPDATE users SET password_hash = NULL WHERE id = (SELECT user_id FROM customers WHERE company_id = $1)
"""

ASKED = "SELECT kind FROM proofs WHERE recipient = $1"
JUST_NOW = AN_HOUR_AGO.replace("now() - interval '1 hour'", "now()")
OWN = "SELECT u.name, u.phone FROM users u JOIN customers c ON c.user_id = u.id WHERE c.company_id = $1"


@pytest.fixture
async def left_open(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> AsyncIterator[Office]:
    """The browser of somebody who signed in an hour ago."""
    office = await shopper_office(client, runtime, shop)
    await runtime.database.rows(AN_HOUR_AGO, shop.company_id)
    yield office
    await office.client.aclose()


@pytest.mark.parametrize("path", ["/account/phone", "/account/phone/code"])
async def test_a_phone(left_open: Office, path: str) -> None:
    answer = await left_open.send(path, {"phone": new_phone(), "code": "123456"})

    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/account/confirm")


async def test_an_e_mail_asks_for_the_password(left_open: Office, runtime: Runtime, shop: Shop) -> None:
    await runtime.database.rows(JUST_NOW, shop.company_id)
    answer = await left_open.send(
        "/account/email", {"email": new_email(), "current_password": "not this one"}
    )

    assert (answer.status_code, "not your present password" in answer.text) == (422, True)


@pytest.mark.parametrize("has_password", [True, False])
async def test_an_e_mail(left_open: Office, runtime: Runtime, shop: Shop, has_password: bool) -> None:
    """The right password is no more than a thief may have as well."""
    if not has_password:
        await runtime.database.rows(WITHOUT_PASSWORD, shop.company_id)
    wanted = new_email()
    fields = {"email": wanted, "current_password": PASSWORD if has_password else ""}
    page = await left_open.client.get("/account/email", headers=shop.headers)
    for answer in (page, await left_open.send("/account/email", fields)):
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/account/confirm")

    assert await runtime.database.value(ASKED, wanted) is None
    await runtime.database.rows(JUST_NOW, shop.company_id)
    assert (await left_open.send("/account/email", fields)).status_code == 200
    assert await runtime.database.value(ASKED, wanted) == "change_email"


async def test_an_e_mail_of_who_has_a_second_factor(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    """A session from before the factor was set up confirms with the factor, not with the password."""
    office = await shopper_office(client, runtime, shop)
    row = await runtime.database.row(
        "SELECT user_id, id FROM customers WHERE company_id = $1", shop.company_id
    )
    assert row is not None
    user_id = row["user_id"]
    person = SignedIn(user_id, shop.company_id, "customer", "customer", "", "", row["id"])
    headers = shop.headers | bearer(await tokens_for(runtime, person))
    assert (await client.post("/api/auth/factors/totp", headers=headers)).status_code == 201
    await runtime.database.rows("UPDATE totp_secrets SET confirmed_at = now() WHERE user_id = $1", user_id)
    await runtime.database.rows(AN_HOUR_AGO, shop.company_id)
    wanted = new_email()
    fields = {"email": wanted, "current_password": PASSWORD}
    answer = await office.send("/account/email", fields)
    assert answer.headers["location"].split("?")[0] == "/account/confirm"
    assert (await office.send("/account/confirm", {"password": PASSWORD})).status_code == 422
    answer = await office.send("/account/email", fields)
    assert answer.headers["location"].split("?")[0] == "/account/confirm"
    assert await runtime.database.value(ASKED, wanted) is None
    await office.client.aclose()


async def test_another_phone_on_the_page(left_open: Office, runtime: Runtime, shop: Shop) -> None:
    """The name alone is saved at once; with another number nothing is, until it is confirmed."""
    answer = await left_open.send("/account", {"name": "Rina Baru", "phone": ""})
    assert answer.headers["location"] == "/account?notice=saved"

    answer = await left_open.send("/account", {"name": "Eve", "phone": new_phone()})

    assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/account/confirm")
    assert await runtime.database.rows(OWN, shop.company_id) == [("Rina Baru", None)]
    await runtime.database.rows(JUST_NOW, shop.company_id)
    assert await left_open.done("/account", {"name": "Rina Baru", "phone": new_phone()})


@pytest.mark.parametrize("to", [None, "another"])
async def test_a_phone_over_the_api_is_changed_and_removed_by_who_proved_to_be_there(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, to: str | None
) -> None:
    _, headers = await make_customer(runtime, shop)
    first, wanted = new_phone(), new_phone() if to else None
    answer = await client.put("/api/auth/me", json={"phone": first}, headers=headers)
    assert (answer.status_code, answer.json()["phone"]) == (200, first), "a fresh sign-in counts"
    await runtime.database.rows(AN_HOUR_AGO, shop.company_id)

    refused = await client.put("/api/auth/me", json={"name": "Eve", "phone": wanted}, headers=headers)

    assert (refused.status_code, refused.json()["code"]) == (403, "step_up_required")
    assert await runtime.database.rows(OWN, shop.company_id) == [("Budi Buyer", first)]
    same = await client.put("/api/auth/me", json={"name": "Rina Baru", "phone": first}, headers=headers)
    assert same.status_code == 200, "the number that is there already is no change"
    proved = await client.post("/api/auth/step-up", json={"password": PASSWORD}, headers=headers)
    assert proved.status_code in {200, 204}, proved.text
    answer = await client.put("/api/auth/me", json={"phone": wanted}, headers=headers)
    assert (answer.status_code, answer.json()["phone"]) == (200, wanted)


async def test_the_way_out_is_on_every_page(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, left_open: Office
) -> None:
    """In the back office itself; of an account behind the link that every page of the shop has."""
    assert 'action="/sign-out"' in await left_open.see("/account")
    for path in ("/", "/cart", "/account/security", "/account/password"):
        assert 'href="/account"' in await left_open.see(path), path
    staff = await staff_office(client, runtime, shop)
    for path in ("/admin", "/admin/orders", "/admin/products"):
        assert 'action="/sign-out"' in await staff.see(path), path
    await staff.client.aclose()
