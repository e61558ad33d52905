"""Browsers: signing in renews the cookie, and only a cookie that signed in opens anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pasar.kernel.clock import FixedClock
from pasar.kernel.errors import Unauthorised
from pasar.kernel.ids import hash_token, new_id, new_token
from pasar.kernel.runtime import Runtime
from pasar.kernel.tenancy import Caller, Site
from pasar.people.access.public import add_member
from pasar.people.sign_in.person import Device, SignedIn
from pasar.people.sign_in.public import (
    PAGE_SESSION_LIFE,
    PageSignIn,
    end_page_session,
    register_on_page,
    registration,
    sign_in_with_password,
    start_page_session,
)
from support.people import PASSWORD, make_person, new_email
from support.shops import Shop, make_shop


async def site_of(runtime: Runtime, shop: Shop) -> Site:
    site = await runtime.sites.of_company(shop.company_id)
    assert site is not None
    return site


async def sign_in(runtime: Runtime, shop: Shop, person: SignedIn, cookie: str | None = None) -> PageSignIn:
    site = await site_of(runtime, shop)
    return await sign_in_with_password(
        runtime, site, person.email, PASSWORD, Device(address=new_id().hex), cookie
    )


async def by(runtime: Runtime, cookie: str, shop: Shop) -> Caller:
    return await runtime.authenticator.by_cookie(cookie, site=await site_of(runtime, shop))


async def test_signing_in_renews_the_cookie(runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, shop)
    before = new_token()
    assert await by(runtime, before, shop) == Caller(session_hash=hash_token(before))
    signed_in = await sign_in(runtime, shop, person, before)
    assert signed_in.cookie != before
    assert (await by(runtime, before, shop)).kind == "guest"
    caller = await by(runtime, signed_in.cookie, shop)
    assert caller.sign_in_id is not None
    assert caller.confirmed_at is not None
    assert replace(caller, sign_in_id=None, confirmed_at=None) == Caller(
        kind="customer",
        user_id=person.user_id,
        customer_id=person.customer_id,
        company_id=shop.company_id,
        name="Budi Buyer",
        email=person.email,
        role="customer",
        session_hash=hash_token(signed_in.cookie),
    )


async def test_signing_in_again_ends_the_former_session(runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, shop)
    first = (await sign_in(runtime, shop, person)).cookie
    second = (await sign_in(runtime, shop, person, first)).cookie
    assert (await by(runtime, first, shop)).kind == "guest"
    assert (await by(runtime, second, shop)).kind == "customer"


async def test_a_wrong_password_opens_no_session(runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, shop)
    site = await site_of(runtime, shop)
    with pytest.raises(Unauthorised) as refusal:
        await sign_in_with_password(
            runtime, site, person.email, "wrong password", Device(address=new_id().hex), new_token()
        )
    assert refusal.value.code == "wrong_credentials"
    count = "SELECT count(*) FROM page_sessions WHERE user_id = $1"
    assert await runtime.database.value(count, person.user_id) == 0


async def test_a_session_holds_at_its_own_company_only(runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, shop)
    cookie = (await sign_in(runtime, shop, person)).cookie
    assert (await by(runtime, cookie, await make_shop(runtime))).kind == "guest"
    assert (await by(runtime, cookie, shop)).kind == "customer", "and is not forgotten for having been there"


async def test_signing_out_ends_it(runtime: Runtime, shop: Shop) -> None:
    cookie = (await sign_in(runtime, shop, await make_person(runtime, shop))).cookie
    for _ in range(2):
        async with runtime.database.transaction() as session:
            await end_page_session(session, cookie, runtime.clock.now())
        assert (await by(runtime, cookie, shop)).kind == "guest"


async def test_it_ends_by_itself(timed: Runtime, shop: Shop, clock: FixedClock) -> None:
    person = await make_person(timed, shop)
    async with timed.database.transaction() as session:
        cookie = await start_page_session(
            session, person.user_id, await site_of(timed, shop), Device(), clock.now()
        )
    clock.advance(PAGE_SESSION_LIFE - timedelta(seconds=1))
    assert (await by(timed, cookie, shop)).kind == "customer"
    clock.advance(timedelta(seconds=1))
    assert (await by(timed, cookie, shop)).kind == "guest"


async def test_roles_and_activity_count_from_the_next_page_on(runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, shop)
    cookie = (await sign_in(runtime, shop, person)).cookie
    async with runtime.database.transaction() as session:
        await add_member(session, shop.company_id, person.user_id, "manager")
    staff = await by(runtime, cookie, shop)
    assert (staff.kind, staff.role, staff.customer_id) == ("staff", "manager", person.customer_id)
    assert staff.may("orders:write")
    await runtime.database.rows("DELETE FROM memberships WHERE user_id = $1", person.user_id)
    assert (await by(runtime, cookie, shop)).kind == "customer"
    for active in (False, True):  # who was shut out has been signed out, and signs in again
        await runtime.database.rows("UPDATE users SET is_active = $2 WHERE id = $1", person.user_id, active)
        assert (await by(runtime, cookie, shop)).kind == "guest"


async def test_former_staff_who_never_shopped_are_guests(runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, await make_shop(runtime))
    async with runtime.database.transaction() as session:
        await add_member(session, shop.company_id, person.user_id, "owner")
    cookie = (await sign_in(runtime, shop, person)).cookie
    assert (await by(runtime, cookie, shop)).kind == "staff"
    await runtime.database.rows("DELETE FROM memberships WHERE user_id = $1", person.user_id)
    assert (await by(runtime, cookie, shop)).kind == "guest"


async def test_a_guest_s_cookie_is_looked_up_once(
    runtime: Runtime, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    row = runtime.database.row

    async def listening(statement: str, *arguments: object) -> object:
        asked.append(statement)
        return await row(statement, *arguments)

    monkeypatch.setattr(runtime.database, "row", listening)
    cookie = new_token()
    for _ in range(3):
        assert (await by(runtime, cookie, shop)).kind == "guest"
    assert len(asked) == 1


async def test_registering_on_a_page_signs_in(runtime: Runtime, shop: Shop) -> None:
    filled = registration(email=new_email(), password="long enough", name="Siti")
    done = await register_on_page(runtime, await site_of(runtime, shop), filled, Device(), new_token())
    caller = await by(runtime, done.cookie, shop)
    assert (caller.kind, caller.customer_id, caller.email) == (
        "customer",
        done.person.customer_id,
        filled.email,
    )
