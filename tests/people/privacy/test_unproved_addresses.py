"""An account takes along what is its own by id, and by addresses that it proved: not what it typed."""

from __future__ import annotations

import secrets
from uuid import UUID

import httpx
import pytest

from pasar.delivery.notifications.account_subscribers import ACCOUNT_SUBSCRIBERS
from pasar.delivery.notifications.public import notify
from pasar.kernel.events.relay import Relay
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from support.colleagues import link_token, make_colleague, queue_staff_mails
from support.goods import make_product
from support.letters import code_to
from support.people import PASSWORD, bearer, make_person, new_email, tokens_for
from support.selling import guest_with, make_selling_shop, place
from support.shops import Shop

ERASE = "/api/account/erase"
LIVE = {
    "invitations": "SELECT t::text FROM invitations t WHERE email = $1 OR email = $2 ORDER BY 1",
    "proofs": "SELECT t::text FROM proofs t WHERE user_id IS NULL AND recipient IN ($1, $2) ORDER BY 1",
    "messages": "SELECT t::text FROM messages t WHERE recipient IN ($1, $2) ORDER BY 1",
    "mails": "SELECT t::text FROM outbox_mails t WHERE recipient IN ($1, $2) ORDER BY 1",
    "carts": "SELECT t::text FROM carts t WHERE email IN ($1, $2) ORDER BY 1",
    "orders": "SELECT t::text FROM orders t WHERE email IN ($1, $2) ORDER BY 1",
}


def new_phone() -> str:
    return "+62814" + str(secrets.randbelow(10**8)).zfill(8)


async def registered(client: httpx.AsyncClient, shop: Shop, email: str, phone: str) -> dict[str, str]:
    """A fresh account with addresses that nobody has proved; headers that act as it."""
    body = {"email": email, "phone": phone, "password": PASSWORD, "name": "Somebody else"}
    answer = await client.post("/api/auth/register", json=body, headers=shop.headers)
    assert answer.status_code == 201, answer.text
    return shop.headers | {"Authorization": f"Bearer {answer.json()['accessToken']}"}


async def queue_mail(runtime: Runtime, shop: Shop, recipient: str, related: str = "") -> UUID:
    """A mail to this address that waits."""
    async with runtime.database.transaction() as session:
        message_id = await notify(
            session, shop.company_id, kind="order.placed", recipient=recipient, locale="en",
            dedupe_key=str(new_id()), given={}, related=related, at=runtime.clock.now(),
        )  # fmt: skip
    assert message_id is not None
    return message_id


async def rows_of(runtime: Runtime, email: str, phone: str) -> dict[str, list[str]]:
    return {
        name: [row[0] for row in await runtime.database.rows(query, email, phone)]
        for name, query in LIVE.items()
    }


async def test_what_is_somebody_else_s_lives_on(client: httpx.AsyncClient, runtime: Runtime) -> None:
    shop, email, phone = await make_selling_shop(runtime), new_email(), new_phone()
    owner, goods = await make_colleague(runtime, shop), await make_product(runtime, shop)
    invitation = await client.post(
        "/api/admin/invitations", json={"email": email, "role": "viewer"}, headers=owner.headers
    )
    await queue_staff_mails(runtime, shop)
    await client.post("/api/auth/sendOTP", json={"phone": phone}, headers=shop.headers)
    code = await code_to(runtime, shop, phone)
    token = await link_token(runtime, shop, UUID(invitation.json()["id"]))  # the newest: letters have left
    await place(client, shop, goods, email=email)
    await guest_with(client, shop, (goods, 1))
    await runtime.database.rows(
        "UPDATE carts SET email = $2 WHERE company_id = $1 AND status = 'active'", shop.company_id, email
    )
    for address in (email, phone):
        await queue_mail(runtime, shop, address)
    before = await rows_of(runtime, email, phone)
    assert all(before.values()), f"there is something to lose: {before}"

    attacker = await registered(client, shop, email, phone)
    assert (await client.post(ERASE, headers=attacker)).status_code == 200

    assert await rows_of(runtime, email, phone) == before
    signed_in = await client.post(
        "/api/auth/verifyOTP", json={"phone": phone, "otp": code, "name": "Ann"}, headers=shop.headers
    )
    assert signed_in.status_code in (200, 201), signed_in.text
    accepted = await client.post(
        "/api/auth/accept-invitation",
        json={"token": token, "name": "Rina Baru", "password": "a brand new secret"},
        headers=shop.headers,
    )
    assert accepted.status_code == 200, accepted.text


async def test_another_account_s_link_to_the_address_is_that_account_s(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person, other = await make_person(runtime, shop), await make_person(runtime, shop)
    await runtime.database.rows("UPDATE users SET email_verified_at = now() WHERE id = $1", person.user_id)
    await runtime.database.rows(
        "INSERT INTO proofs"
        " (id, user_id, company_id, site_id, kind, recipient, locale, created_at, expires_at)"
        " VALUES ($1, $2, $3, $4, 'change_email', $5, 'en', now(), now() + interval '1 day')",
        new_id(), other.user_id, shop.company_id, new_id(), person.email,
    )  # fmt: skip
    headers = shop.headers | bearer(await tokens_for(runtime, person))

    assert (await client.post(ERASE, headers=headers)).status_code == 200

    kept = "SELECT count(*) FROM proofs WHERE user_id = $1"
    assert await runtime.database.value(kept, other.user_id) == 1


@pytest.mark.parametrize("verified", [True, False])
async def test_a_phone_takes_rows_along_only_once_it_is_verified(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, verified: bool
) -> None:
    person, phone = await make_person(runtime, shop), new_phone()
    await client.post("/api/auth/sendOTP", json={"phone": phone}, headers=shop.headers)
    message = await queue_mail(runtime, shop, phone)
    await runtime.database.rows(
        "UPDATE users SET phone = $2, phone_verified_at = CASE WHEN $3 THEN now() END WHERE id = $1",
        person.user_id, phone, verified,
    )  # fmt: skip
    headers = shop.headers | bearer(await tokens_for(runtime, person))

    assert (await client.post(ERASE, headers=headers)).status_code == 200

    codes = await runtime.database.value("SELECT count(*) FROM proofs WHERE recipient = $1", phone)
    mail = await runtime.database.row("SELECT recipient, state FROM messages WHERE id = $1", message)
    assert mail is not None
    assert (codes, tuple(mail)) == ((0, ("", "failed")) if verified else (1, (phone, "queued")))


async def test_letters_about_the_account_are_forgotten_by_its_id(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    email = new_email()
    headers = await registered(client, shop, email, new_phone())
    await Relay(runtime, ACCOUNT_SUBSCRIBERS).drain()
    mine = "SELECT kind, recipient FROM messages WHERE company_id = $1"
    assert [tuple(row) for row in await runtime.database.rows(mine, shop.company_id)] == [
        ("account.verify_email", email)
    ]

    assert (await client.post(ERASE, headers=headers)).status_code == 200

    assert [tuple(row) for row in await runtime.database.rows(mine, shop.company_id)] == [
        ("account.verify_email", "")
    ]


async def test_mails_about_own_orders_go_with_them_wherever_they_went(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    shop = await make_selling_shop(runtime)
    person, email = await make_person(runtime, shop), new_email()
    order = await place(client, shop, await make_product(runtime, shop), email=email)
    await runtime.database.rows(
        "UPDATE orders SET status = 'completed', customer_id = $2 WHERE id = $1",
        UUID(order["id"]), person.customer_id,
    )  # fmt: skip
    mine = await queue_mail(runtime, shop, email, f"order:{order['id']}")
    other = await queue_mail(runtime, shop, email, f"order:{new_id()}")
    headers = shop.headers | bearer(await tokens_for(runtime, person))

    assert (await client.post(ERASE, headers=headers)).status_code == 200

    found = await runtime.database.rows(
        "SELECT id, recipient, state FROM messages WHERE id = ANY ($1::uuid[])", [mine, other]
    )
    assert {row[0]: (row[1], row[2]) for row in found} == {mine: ("", "failed"), other: (email, "queued")}
