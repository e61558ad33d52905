"""Which language does a page speak? This browser's choice, the person's, Accept-Language, the site's."""

from __future__ import annotations

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from support.office import Office, shopper_office
from support.people import make_customer
from support.shops import Shop

PERSON = "UPDATE users SET locale = $2 WHERE id = (SELECT user_id FROM customers WHERE company_id = $1)"
SITE = "UPDATE sites SET locale = $2, locales = $3 WHERE company_id = $1"


def language(page: str) -> str:
    return page.split('<html lang="')[1].split('"', maxsplit=1)[0]


@pytest.mark.parametrize(
    ("person", "accept", "spoken"),
    [("id", "en", "id"), ("en", "id", "en"), (None, "id", "id"), ("xx", "id", "id")],
)
async def test_the_persons_language_comes_before_the_browsers(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, person: str | None, accept: str, spoken: str
) -> None:
    buyer = await shopper_office(client, runtime, shop)
    await runtime.database.rows(PERSON, shop.company_id, person)
    buyer.language = accept
    assert language(await buyer.see("/account")) == spoken


async def test_what_this_browser_chose_comes_first(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    buyer = await shopper_office(client, runtime, shop)
    await runtime.database.rows(PERSON, shop.company_id, "id")
    await buyer.done("/language", {"locale": "en", "back": "/account"})
    assert language(await buyer.see("/account")) == "en"


async def test_a_language_that_the_site_does_not_speak_is_passed_over(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    buyer = await shopper_office(client, runtime, shop)
    await runtime.database.rows(PERSON, shop.company_id, "id")
    await runtime.database.rows(SITE, shop.company_id, "en", ["en"])
    runtime.sites.forget()
    assert language(await Office(buyer.client, shop, "id").see("/account")) == "en"


async def test_a_person_settles_on_a_language_and_lets_it_go_again(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    _, buyer = await make_customer(runtime, shop)
    told = await client.put("/api/auth/me", json={"locale": "id"}, headers=buyer)
    assert (told.status_code, told.json()["locale"]) == (200, "id"), told.text
    kept = await client.put("/api/auth/me", json={"name": "Budi"}, headers=buyer)
    assert kept.json()["locale"] == "id"
    for wrong in ("xx", "", "ID", "en-GB-oxendict"):
        answer = await client.put("/api/auth/me", json={"locale": wrong}, headers=buyer)
        assert answer.status_code in {400, 422}, answer.text
        assert answer.json()["errors"][0]["field"] == "locale"
    assert (await client.put("/api/auth/me", json={"locale": None}, headers=buyer)).json()["locale"] is None
