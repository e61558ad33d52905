"""Being forgotten: nothing is left that says who it was, and the books still add up."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import httpx

from pasar.kernel.runtime import Runtime
from pasar.people.access.public import add_member
from pasar.people.privacy.actions.erase_person import finish_erasures
from pasar.people.privacy.public import open_for_person, seal_for_person
from pasar.people.sign_in.person import Device
from people.privacy.whole_people import confirm, make_whole_person, signed_in_on, traces_of
from support.goods import make_product
from support.people import PASSWORD, bearer, make_person, make_staff, new_email, tokens_for
from support.selling import make_selling_shop, place
from support.shops import Shop, make_shop

ERASE = "/api/account/erase"


async def email_of(runtime: Runtime, user_id: UUID) -> str | None:
    found: str | None = await runtime.database.value("SELECT email FROM users WHERE id = $1", user_id)
    return found


async def test_nothing_of_the_person_is_left_and_the_order_still_adds_up(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    person = await make_whole_person(client, runtime)
    before = await traces_of(runtime.database, person.words)
    amounts = await runtime.database.row(
        "SELECT number, subtotal, tax_total, shipping_total, grand_total FROM orders WHERE id = $1",
        person.order_id,
    )
    assert len(before) > 12, f"the search finds what is there: {before}"
    await confirm(runtime.database, person.user_id)

    answer = await client.post(ERASE, headers=person.headers)

    assert answer.status_code == 200, answer.text
    assert await traces_of(runtime.database, person.words) == {}
    assert amounts == await runtime.database.row(
        "SELECT number, subtotal, tax_total, shipping_total, grand_total FROM orders WHERE id = $1",
        person.order_id,
    )
    address = await runtime.database.value(
        "SELECT shipping_address::text FROM orders WHERE id = $1", person.order_id
    )
    assert all(part in address for part in ("US", "CA", "94105")), "where it went by tax stays"
    assert "San Francisco" not in address
    assert await runtime.database.value("SELECT erased_at FROM users WHERE id = $1", person.user_id)


async def test_every_sign_in_ends_at_once_and_the_email_is_free(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    person = await make_whole_person(client, runtime)
    elsewhere = await signed_in_on(runtime, person, Device("Firefox", "192.0.2.8"))
    await confirm(runtime.database, person.user_id)
    assert (await client.post(ERASE, headers=person.headers)).status_code == 200

    for headers in (person.headers, elsewhere):
        assert (await client.get("/api/auth/me", headers=headers)).status_code == 401
    again = await client.post(
        "/api/auth/register",
        json={"email": person.email, "password": "quite-another-password", "name": "Somebody else"},
        headers=person.shop.headers,
    )
    assert again.status_code == 201
    assert again.json()["user"]["id"] != str(person.user_id)


async def test_what_was_sealed_for_the_person_never_opens_again(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    headers = shop.headers | bearer(await tokens_for(runtime, person))
    async with runtime.database.transaction() as session:
        sealed = await seal_for_person(runtime.secrets, session, person.user_id, b"secret")
        assert sealed is not None
        assert await open_for_person(runtime.secrets, session, person.user_id, sealed) == b"secret"
    await confirm(runtime.database, person.user_id)
    assert (await client.post(ERASE, headers=headers)).status_code == 200

    async with runtime.database.transaction() as session:
        assert await open_for_person(runtime.secrets, session, person.user_id, sealed) is None
        assert await seal_for_person(runtime.secrets, session, person.user_id, b"more") is None
    assert (
        await runtime.database.value("SELECT count(*) FROM person_keys WHERE user_id = $1", person.user_id)
        == 0
    )


async def test_erasing_needs_a_fresh_proof(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, shop)
    headers = shop.headers | bearer(await tokens_for(runtime, person))
    await runtime.database.rows(
        "UPDATE sign_ins SET confirmed_at = now() - interval '16 minutes' WHERE user_id = $1", person.user_id
    )

    answer = await client.post(ERASE, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")
    assert await email_of(runtime, person.user_id) == person.email


async def test_the_last_owner_is_told_to_hand_over_first(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    lonely = await make_shop(runtime)
    async with runtime.database.transaction() as session:
        await add_member(session, lonely.company_id, person.user_id, "owner")
    headers = shop.headers | bearer(await tokens_for(runtime, person))
    await confirm(runtime.database, person.user_id)

    refused = await client.post(ERASE, headers=headers)

    assert (refused.status_code, refused.json()["code"]) == (409, "last_owner")
    assert await email_of(runtime, person.user_id) == person.email
    await make_staff(runtime, lonely)  # another owner
    assert (await client.post(ERASE, headers=headers)).status_code == 200


async def test_an_order_under_way_keeps_its_address_until_it_is_over(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    person = await make_whole_person(client, runtime)
    await runtime.database.rows("UPDATE orders SET status = 'shipped' WHERE id = $1", person.order_id)
    await confirm(runtime.database, person.user_id)
    assert (await client.post(ERASE, headers=person.headers)).status_code == 200

    left = await traces_of(runtime.database, person.words)
    assert left.keys() == {
        "orders.email", "orders.shipping_address", "orders.billing_address", "order_lines.custom_fields",
        "order_history.reason",
    } | ({"orders.cancel_reason"} & left.keys())  # fmt: skip

    await runtime.database.rows("UPDATE orders SET status = 'completed' WHERE id = $1", person.order_id)
    async with runtime.database.transaction() as session:
        await finish_erasures(session, runtime.secrets, runtime.clock.now() + timedelta(hours=1))
    assert await traces_of(runtime.database, person.words) == {}


async def test_an_address_that_was_never_proved_erases_nobody_else_s_order(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    shop = await make_selling_shop(runtime)
    email = new_email()
    order = await place(client, shop, await make_product(runtime, shop), email=email)
    thief = await client.post(
        "/api/auth/register",
        json={"email": email, "password": PASSWORD, "name": "Somebody else"},
        headers=shop.headers,
    )
    headers = shop.headers | {"Authorization": f"Bearer {thief.json()['accessToken']}"}

    assert (await client.post(ERASE, headers=headers)).status_code == 200

    assert await runtime.database.value("SELECT email FROM orders WHERE number = $1 AND company_id = $2",
                                        order["number"], shop.company_id) == email  # fmt: skip


async def test_a_guest_is_erased_by_the_shop_alone_and_only_there(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    here, there = await make_selling_shop(runtime), await make_selling_shop(runtime)
    email = new_email()
    for shop in (here, there):
        await place(client, shop, await make_product(runtime, shop), email=email)
    await runtime.database.rows("UPDATE orders SET status = 'completed' WHERE email = $1", email)
    owner, support = await make_staff(runtime, here), await make_staff(runtime, here, "support")
    guest = await client.post("/api/admin/customers/guests", json={"email": email}, headers=owner)
    path = f"/api/admin/customers/{guest.json()['id']}/erase"

    for headers, status in ((support, 403), (await make_staff(runtime, there), 404), (here.headers, 401)):
        assert (await client.post(path, headers=headers)).status_code == status
    assert (await client.post(path, headers=owner)).status_code == 200

    rows = await runtime.database.rows("SELECT company_id FROM orders WHERE email = $1", email)
    left = {row[0] for row in rows}
    assert left == {there.company_id}
    again = await client.post(path, headers=owner)
    assert (again.status_code, again.json()["code"]) == (404, "customer_not_found")


async def test_staff_never_erase_somebody_s_account(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    owner = await make_staff(runtime, shop)

    for verb in ("erase", "export"):
        answer = await client.post(f"/api/admin/customers/{person.customer_id}/{verb}", headers=owner)
        assert (answer.status_code, answer.json()["code"]) == (409, "customer_has_account")
