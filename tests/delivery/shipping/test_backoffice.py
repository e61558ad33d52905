"""Staff keep zones and ways to send on pages."""

from __future__ import annotations

import httpx

from pasar.delivery.shipping.public import quotes
from pasar.kernel.runtime import Runtime
from support.office import staff_office
from support.shops import Shop, make_shop

ZONE = {"name": "Indonesia", "countries": "id, sg", "regions": "", "postcodes": ""}
FLAT = {
    "name": "Reguler",
    "kind": "flat",
    "currency": "USD",
    "price": "4.95",
    "bands": "",
    "free_from": "",
    "delivery_days": "2-4",
    "is_active": "1",
}


async def test_zones_and_methods_are_made_changed_and_removed(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    office = await staff_office(client, runtime, shop)
    assert "You do not ship anywhere yet" in await office.see("/admin/shipping")
    zone = (await office.done("/admin/shipping/new", ZONE)).partition("?")[0]
    await office.done(f"{zone}/methods/new", FLAT)
    heavy = FLAT | {"name": "Kargo", "kind": "by_weight", "price": "", "bands": "1000: 3.00\n5000: 9.50"}
    await office.done(f"{zone}/methods/new", heavy)

    async def costs(grams: int = 2000) -> list[tuple[str, int]]:
        found = await quotes(
            runtime.database,
            shop.company_id,
            currency="USD",
            country="SG",
            region=None,
            postcode=None,
            subtotal_minor=5000,
            lines_item_count=1,
            weight_grams=grams,
        )
        return sorted((one.method.name, one.price_minor) for one in found)

    assert await costs() == [("Kargo", 950), ("Reguler", 495)]
    find = "SELECT id FROM shipping_methods WHERE company_id = $1 AND name = $2"
    regular = await runtime.database.value(find, shop.company_id, "Reguler")
    await office.done(f"{zone}/methods/{regular}", FLAT | {"price": "6", "free_from": "49.99"})
    assert await runtime.database.value(find, shop.company_id, "Reguler") == regular, "carts that chose it"
    assert await costs() == [("Kargo", 950), ("Reguler", 0)]
    await office.done(f"{zone}/methods/{regular}", FLAT | {"is_active": ""})
    assert await costs() == [("Kargo", 950)]
    await office.done(zone, ZONE | {"countries": "*"})
    assert await costs() == [("Kargo", 950)]
    assert "Rest of the world" in await office.see("/admin/shipping")

    stranger = await staff_office(client, runtime, await make_shop(runtime))
    for path in (zone, f"{zone}/methods/{regular}", f"{zone}/remove"):
        await stranger.see(path, 404)
    assert (await stranger.send(f"{zone}/remove")).status_code == 404

    await office.see(f"{zone}/methods/{regular}/remove")
    await office.done(f"{zone}/methods/{regular}/remove")
    assert await runtime.database.value(find, shop.company_id, "Reguler") is None
    await office.see(f"{zone}/remove")
    await office.done(f"{zone}/remove")
    assert await costs() == []


async def test_what_cannot_work_names_its_field(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    office = await staff_office(client, runtime, shop)
    for wrong, field in (
        ({"name": ""}, "name"),
        ({"countries": ""}, "countries"),
        ({"countries": "Indonesia"}, "countries"),
        ({"postcodes": "9*4"}, "postcodes"),
    ):
        answer = await office.send("/admin/shipping/new", ZONE | wrong)
        assert answer.status_code == 422, wrong
        assert f'id="f-{field}-error"' in answer.text, wrong
    zone = (await office.done("/admin/shipping/new", ZONE)).partition("?")[0]
    for wrong, field in (
        ({"name": ""}, "name"),
        ({"price": "a lot"}, "price"),
        ({"price": "4.955"}, "price"),
        ({"free_from": "1.001"}, "free_from"),
        ({"kind": "by_weight", "price": ""}, "bands"),
        ({"kind": "by_weight", "price": "", "bands": "heavy: 3"}, "bands"),
        ({"kind": "by_weight", "price": "", "bands": "900: 3\n100: 2"}, "bands"),
    ):
        answer = await office.send(f"{zone}/methods/new", FLAT | wrong)
        assert answer.status_code == 422, wrong
        assert f'id="f-{field}-error"' in answer.text, wrong
