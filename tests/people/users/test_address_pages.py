"""The address book as pages, and at checkout: without script, errors beside their fields, two languages."""

from __future__ import annotations

import re

import httpx
import pytest

from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from support.goods import make_product
from support.office import Office, shopper_office, staff_office
from support.people import make_customer
from support.selling import make_selling_shop
from support.shops import Shop

FORM = {
    "label": "Home",
    "name": "Ann Buyer",
    "line1": "1 Market Street",
    "city": "San Francisco",
    "region": "CA",
    "postalCode": "94105",
    "country": "US",
    "step": "save",
}
HOME = "/account/addresses"
ONE = re.compile(r'href="(/account/addresses/[0-9a-f-]{36})"')


@pytest.fixture
async def shop(runtime: Runtime) -> Shop:
    """A shop that sends to the United States."""
    return await make_selling_shop(runtime)


@pytest.fixture
async def buyer(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> Office:
    """A customer with a browser."""
    return await shopper_office(client, runtime, shop)


async def test_the_book_is_kept_by_forms_alone(buyer: Office) -> None:
    assert "No addresses yet" in await buyer.see(HOME)
    assert await buyer.done(f"{HOME}/new", FORM) == f"{HOME}?notice=saved"
    assert (
        await buyer.done(f"{HOME}/new", FORM | {"label": "Office", "line1": "2 Pier"})
        == f"{HOME}?notice=saved"
    )
    shown = await buyer.see(HOME)
    first, second = dict.fromkeys(ONE.findall(shown))
    assert shown.index("1 Market Street") < shown.index("2 Pier"), "the default comes first"
    await buyer.done(f"{second}/set-default")
    shown = await buyer.see(HOME)
    assert shown.index("2 Pier") < shown.index("1 Market Street")
    await buyer.done(second, FORM | {"label": "Office", "line1": "3 Pier"})
    assert "3 Pier" in await buyer.see(HOME)
    await buyer.done(f"{first}/remove")
    assert "1 Market Street" not in await buyer.see(HOME)
    assert await buyer.done(f"{second}/remove") == f"{HOME}?notice=last-address"
    assert "3 Pier" in await buyer.see(HOME)


async def test_errors_stand_beside_their_fields_and_nothing_is_lost(buyer: Office) -> None:
    answer = await buyer.send(f"{HOME}/new", FORM | {"postalCode": "nowhere", "line1": ""})
    assert answer.status_code == 422
    assert 'id="f-postalCode-error"' in answer.text
    assert 'id="f-line1-error"' in answer.text
    assert 'value="San Francisco"' in answer.text
    buyer.language = "id"
    answer = await buyer.send(f"{HOME}/new", FORM | {"line1": ""})
    assert "isi" in answer.text.lower()
    assert "please fill" not in answer.text


async def test_another_country_shows_its_own_fields(buyer: Office) -> None:
    answer = await buyer.send(f"{HOME}/new", FORM | {"country": "JP", "step": "country"})
    assert answer.status_code == 200
    assert "Prefecture" in answer.text
    assert 'value="1 Market Street"' in answer.text


async def test_guests_sign_in_first_and_staff_have_none(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, buyer: Office
) -> None:
    answer = await client.get(HOME, headers=shop.headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?back=%2Faccount%2Faddresses")
    office = await staff_office(client, runtime, shop)
    await office.see(HOME, 403)
    await buyer.done(f"{HOME}/new", FORM)
    one = ONE.search(await buyer.see(HOME))
    assert one
    stranger = await shopper_office(client, runtime, shop)
    await stranger.see(one[1], 404)
    await stranger.see(f"{HOME}/{new_id()}", 404)
    for verb in ("", "/remove", "/set-default"):
        assert (await stranger.send(f"{one[1]}{verb}", FORM)).status_code == 404
    assert "1 Market Street" in await buyer.see(HOME)


async def test_hostile_text_stays_text(buyer: Office) -> None:
    await buyer.done(f"{HOME}/new", FORM | {"label": "<script>alert(1)</script>"})
    shown = await buyer.see(HOME)
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;alert(1)" in shown


async def fill_cart(client: httpx.AsyncClient, runtime: Runtime, shop: Shop, buyer: Office) -> None:
    goods = await make_product(runtime, shop, stock=10)
    handle = (await client.get(f"/api/products/{goods.product_id}", headers=shop.headers)).json()["handle"]
    await buyer.done("/cart/items", {"product": handle, "quantity": "1"})


async def test_the_checkout_is_filled_from_the_book(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, buyer: Office
) -> None:
    await fill_cart(client, runtime, shop, buyer)
    assert 'name="saved"' not in await buyer.see("/checkout")
    await buyer.done(f"{HOME}/new", FORM)
    await buyer.done(f"{HOME}/new", FORM | {"label": "Office", "line1": "2 Pier", "phone": "415 555 2671"})
    shown = await buyer.see("/checkout")
    assert 'value="1 Market Street"' in shown, "the default address"
    choice = re.search(r'value="([0-9a-f-]{36})"[^>]*>\s*Office', shown)
    assert choice
    filled = await buyer.send("/checkout", {"saved": choice[1], "do": "fill", "email": "ann@example.com"})
    assert filled.status_code == 200
    assert 'value="2 Pier"' in filled.text
    assert 'value="ann@example.com"' in filled.text, "what was typed stays"
    other = await make_customer(runtime, shop)
    foreign = (await client.post("/api/addresses", json=_json(), headers=other[1])).json()["id"]
    for wrong in (foreign, str(new_id()), "nonsense", ""):
        answer = await buyer.send("/checkout", {"saved": wrong, "do": "fill", "ship_line1": "9 Typed Road"})
        assert answer.status_code == 200
        assert 'value="9 Typed Road"' in answer.text
        assert "77 Foreign Street" not in answer.text


async def test_a_new_address_is_kept_when_the_buyer_ticks_it(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, buyer: Office
) -> None:
    order = {
        f"ship_{name}": value for name, value in FORM.items() if name not in {"label", "step", "postalCode"}
    }
    order |= {
        "ship_postal_code": "94105",
        "email": "ann@example.com",
        "billing": "same",
        "payment_method": "manual",
    }
    for tick, line1, expected in (("", "1 Plain Road", 0), ("1", "2 Kept Road", 1), ("1", "2 Kept Road", 1)):
        await fill_cart(client, runtime, shop, buyer)
        page = await buyer.send("/checkout", order | {"ship_line1": line1, "do": "update"})
        hidden = dict(re.findall(r'name="(seen|key)" value="([^"]+)"', page.text))
        method = re.search(r'name="shipping_method" value="([0-9a-f-]{36})"', page.text)
        assert method
        sent = order | hidden | {"ship_line1": line1, "shipping_method": method[1], "do": "place"}
        where = await buyer.done("/checkout", sent | ({"save_address": tick} if tick else {}))
        assert where.startswith("/orders/placed/")
        shown = await buyer.see(HOME)
        assert shown.count("Kept Road") == expected
        assert "1 Plain Road" not in shown


async def test_guests_are_offered_none_of_it(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    guest = Office(httpx.AsyncClient(transport=client._transport, base_url="http://localhost"), shop)
    await guest.see("/cart")
    await fill_cart(client, runtime, shop, guest)
    shown = await guest.see("/checkout")
    assert 'name="saved"' not in shown
    assert 'name="save_address"' not in shown


def _json() -> dict[str, str]:
    return {name: value for name, value in FORM.items() if name != "step"} | {"line1": "77 Foreign Street"}
