"""A shop that has nothing to do with somebody sends no link to the account, however it is called."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest

from pasar.delivery.notifications.account_mails import kind_of
from pasar.delivery.notifications.kinds import NothingToSay, Waiting, kind_called
from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.users.public import customer_for
from pasar.roles.assembling import open_runtime
from support.colleagues import make_colleague
from support.letters import letters_to
from support.people import make_person, new_email
from support.shops import Shop, make_shop

HOST = "UPDATE sites SET host = $2, name = $3 WHERE company_id = $1"
LINK = re.compile(r"https?://([^/:\s]+)[^\s]*/(?:reset-password|verify-email)/")
PROOFS = "SELECT id, secret_hash IS NOT NULL AS minted FROM proofs WHERE company_id = $1 AND recipient = $2"
BOTH = pytest.mark.parametrize("path", ["forgot-password", "resend-verification"])


async def named(runtime: Runtime, shop: Shop, name: str) -> str:
    """Give the shop's site a name and a host; the host."""
    host = f"{name.lower()}-{new_id().hex}.example"
    await runtime.database.rows(HOST, shop.company_id, host, name)
    return host


async def ask(client: httpx.AsyncClient, shop: Shop, path: str, email: str) -> str:
    """What the shop answers to whoever asks for a letter to `email`."""
    asked = await client.post(f"/api/auth/{path}", json={"email": email}, headers=shop.headers)
    assert asked.status_code == 202, asked.text
    return asked.text


async def link_asked_at(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, path: str, email: str
) -> str:
    """The host to which the newest letter leads after somebody asked at `shop`."""
    await ask(client, shop, path, email)
    letter = (await letters_to(runtime, shop, email))[0]
    found = LINK.search(letter.text)
    assert found, letter.text
    return found[1]


@BOTH
async def test_a_neighbour_sends_nothing_to_those_it_does_not_know(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, path: str
) -> None:
    home, neighbour = await named(runtime, shop, "Home"), await make_shop(runtime)
    await named(runtime, neighbour, "Home")
    owner, buyer = await make_colleague(runtime, shop), await make_person(runtime, shop)
    to_nobody = await ask(stranger, neighbour, path, new_email())
    for email in (owner.email, buyer.email):
        assert await ask(stranger, neighbour, path, email) == to_nobody
        assert await letters_to(runtime, neighbour, email) == []
        (proof,) = await runtime.database.rows(PROOFS, neighbour.company_id, email)
        assert proof["minted"] is False, "not even a secret was made"
        assert await link_asked_at(stranger, runtime, shop, path, email) == home


async def test_who_works_somewhere_is_led_there_and_not_where_they_buy(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    home, neighbour = await named(runtime, shop, "Home"), await make_shop(runtime)
    elsewhere = await named(runtime, neighbour, "Elsewhere")
    owner, buyer = await make_colleague(runtime, shop), await make_person(runtime, shop)
    for user_id, email in ((owner.user_id, owner.email), (buyer.user_id, buyer.email)):
        async with runtime.database.transaction() as session:
            await customer_for(session, neighbour.company_id, user_id, email=email, name="Budi")
    assert await link_asked_at(stranger, runtime, neighbour, "forgot-password", owner.email) == home
    (letter,) = await letters_to(runtime, neighbour, owner.email)
    assert "Elsewhere" in letter.subject
    assert await link_asked_at(stranger, runtime, neighbour, "forgot-password", buyer.email) == elsewhere


async def test_public_url_begins_the_links_of_who_works_somewhere(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop, settings: Settings, database: Database
) -> None:
    home = await named(runtime, shop, "Home")
    owner, buyer = await make_colleague(runtime, shop), await make_person(runtime, shop)
    public = replace(settings, public_url="https://pasar.example")
    opened = open_runtime(public, database, runtime.clock)
    try:
        for email, begins in ((owner.email, "https://pasar.example/"), (buyer.email, f"http://{home}:")):
            await ask(stranger, shop, "forgot-password", email)
            (proof,) = await runtime.database.rows(PROOFS, shop.company_id, email)
            kind, given = kind_of("reset_password"), {"requestId": str(proof["id"])}
            waiting = Waiting(shop.company_id, new_id(), kind, "mail", email, "en", given, 1)
            written = await kind_called(kind).write(opened, waiting)
            assert begins in written.text
            assert (home in written.text) == (email == buyer.email)
    finally:
        await opened.http.aclose()


async def test_who_leaves_before_the_letter_does_gets_none(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    elsewhere, owner = await make_shop(runtime), await make_colleague(runtime, shop)
    async with runtime.database.transaction() as session:
        await customer_for(session, elsewhere.company_id, owner.user_id, email=owner.email, name="Budi")
    await ask(stranger, shop, "forgot-password", owner.email)
    await runtime.database.rows("DELETE FROM memberships WHERE user_id = $1", owner.user_id)
    (proof,) = await runtime.database.rows(PROOFS, shop.company_id, owner.email)
    kind, given = kind_of("reset_password"), {"requestId": str(proof["id"])}
    with pytest.raises(NothingToSay):
        await kind_called(kind).write(
            runtime, Waiting(shop.company_id, new_id(), kind, "mail", owner.email, "en", given, 1)
        )


async def test_who_is_known_nowhere_hears_from_where_they_asked(
    stranger: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    home = await named(runtime, shop, "Home")
    nobody = await make_colleague(runtime, shop, None)
    assert await link_asked_at(stranger, runtime, shop, "forgot-password", nobody.email) == home
