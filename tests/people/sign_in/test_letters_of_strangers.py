"""A shop that has nothing to do with somebody gets no link to the account, however it is called."""

from __future__ import annotations

import re

import httpx
import pytest

from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.users.public import customer_for
from support.colleagues import make_colleague
from support.letters import letters_to
from support.people import make_person
from support.shops import Shop, make_shop

HOST = "UPDATE sites SET host = $2, name = $3 WHERE company_id = $1"
LINK = re.compile(r"https?://([^/:\s]+)[^\s]*/(?:reset-password|verify-email)/")


async def named(runtime: Runtime, shop: Shop, name: str) -> str:
    """Give the shop's site a name and a host; the host."""
    host = f"{name.lower()}-{new_id().hex}.example"
    await runtime.database.rows(HOST, shop.company_id, host, name)
    return host


async def link_asked_at(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, path: str, email: str
) -> str:
    """The host to which the newest letter leads after somebody asked at `shop`."""
    asked = await client.post(f"/api/auth/{path}", json={"email": email}, headers=shop.headers)
    assert asked.status_code == 202, asked.text
    letter = (await letters_to(runtime, shop, email))[0]
    found = LINK.search(letter.text)
    assert found, letter.text
    return found[1]


@pytest.mark.parametrize("path", ["forgot-password", "resend-verification"])
async def test_a_neighbour_gets_no_link_to_those_it_does_not_know(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, path: str
) -> None:
    home, neighbour = await named(runtime, shop, "Home"), await make_shop(runtime)
    elsewhere = await named(runtime, neighbour, "Elsewhere")
    owner, buyer = await make_colleague(runtime, shop), await make_person(runtime, shop)
    for email in (owner.email, buyer.email):
        assert await link_asked_at(client, runtime, neighbour, path, email) == home
        letter = (await letters_to(runtime, neighbour, email))[0]
        assert "Home" in letter.subject
        assert elsewhere not in letter.text
        assert await link_asked_at(client, runtime, shop, path, email) == home


async def test_who_works_somewhere_is_led_there_and_not_where_they_buy(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    home, neighbour = await named(runtime, shop, "Home"), await make_shop(runtime)
    elsewhere = await named(runtime, neighbour, "Elsewhere")
    owner, buyer = await make_colleague(runtime, shop), await make_person(runtime, shop)
    for user_id, email in ((owner.user_id, owner.email), (buyer.user_id, buyer.email)):
        async with runtime.database.transaction() as session:
            await customer_for(session, neighbour.company_id, user_id, email=email, name="Budi")
    assert await link_asked_at(client, runtime, neighbour, "forgot-password", owner.email) == home
    assert await link_asked_at(client, runtime, neighbour, "forgot-password", buyer.email) == elsewhere


async def test_who_is_known_nowhere_hears_from_where_they_asked(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    home = await named(runtime, shop, "Home")
    nobody = await make_colleague(runtime, shop, None)
    assert await link_asked_at(client, runtime, shop, "forgot-password", nobody.email) == home
