"""What a guest had follows the guest into the account, in the same transaction."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Conflict
from pasar.kernel.ids import hash_token, new_token
from pasar.kernel.runtime import Runtime
from pasar.people.access.public import add_member
from pasar.people.sign_in import attaching
from pasar.people.sign_in.public import AttachGuest, register_attach_hook
from support.people import PASSWORD, make_person, new_email
from support.shops import Shop


@pytest.fixture
def hooks(monkeypatch: pytest.MonkeyPatch) -> list[AttachGuest]:
    """Only this test's hook, which notes whom it was told of and leaves a trace in the transaction."""
    told: list[AttachGuest] = []

    async def hook(session: AsyncSession, guest: AttachGuest) -> None:
        told.append(guest)
        await fetch(session, "UPDATE customers SET locale = 'id' WHERE id = $1", (guest.customer_id,))

    monkeypatch.setattr(attaching, "_hooks", [])
    register_attach_hook(hook)
    register_attach_hook(hook)
    return told


async def test_the_hook_hears_of_the_guest_once(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, hooks: list[AttachGuest]
) -> None:
    person, token = await make_person(runtime, shop), new_token()
    body = {"email": person.email, "password": PASSWORD}
    headers = shop.headers | {"x-session-token": token}
    assert (await stranger.post("/api/auth/login", json=body, headers=headers)).status_code == 200
    (guest,) = hooks
    assert (guest.site.company_id, guest.site.id, guest.customer_id, guest.guest_token_hash) == (
        shop.company_id,
        shop.site_id,
        person.customer_id,
        hash_token(token),
    )
    locale = await runtime.database.value("SELECT locale FROM customers WHERE id = $1", person.customer_id)
    assert locale == "id"


async def test_registering_attaches_too(
    stranger: httpx.AsyncClient, shop: Shop, hooks: list[AttachGuest]
) -> None:
    body = {"email": new_email(), "password": "long enough", "name": "Siti"}
    headers = shop.headers | {"x-session-token": new_token()}
    answer = await stranger.post("/api/auth/register", json=body, headers=headers)
    assert [str(guest.customer_id) for guest in hooks] == [answer.json()["user"]["customerId"]]


async def test_without_a_guest_s_token_nothing_is_attached(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, hooks: list[AttachGuest]
) -> None:
    body = {"email": (await make_person(runtime, shop)).email, "password": PASSWORD}
    assert (await stranger.post("/api/auth/login", json=body, headers=shop.headers)).status_code == 200
    assert hooks == []


async def test_staff_who_are_no_customers_have_nowhere_to_attach_to(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, hooks: list[AttachGuest]
) -> None:
    person = await make_person(runtime, shop)
    await runtime.database.rows("DELETE FROM customers WHERE user_id = $1", person.user_id)
    async with runtime.database.transaction() as session:
        await add_member(session, shop.company_id, person.user_id, "owner")
    body = {"email": person.email, "password": PASSWORD}
    headers = shop.headers | {"x-session-token": new_token()}
    assert (await stranger.post("/api/auth/login", json=body, headers=headers)).status_code == 200
    assert hooks == []


async def test_a_hook_that_fails_undoes_the_sign_in(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, hooks: list[AttachGuest]
) -> None:
    async def refusing(session: AsyncSession, guest: AttachGuest) -> None:
        raise Conflict("cart_busy", "Try again.")

    register_attach_hook(refusing)
    email = new_email()
    body = {"email": email, "password": "long enough", "name": "Siti"}
    headers = shop.headers | {"x-session-token": new_token()}
    answer = await stranger.post("/api/auth/register", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "cart_busy")
    assert await runtime.database.value("SELECT count(*) FROM users WHERE email = $1", email) == 0
    assert len(hooks) == 1
