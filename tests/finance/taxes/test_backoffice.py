"""Staff keep tax rates on pages."""

from __future__ import annotations

import httpx

from pasar.finance.taxes.public import tax_policy
from pasar.kernel.runtime import Runtime
from support.office import staff_office
from support.shops import Shop, make_shop

RATE = {"name": "PPN", "country": "ID", "percent": "11", "region": "", "postcode": "", "priority": "1"}


async def test_a_rate_is_added_changed_and_removed(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    office = await staff_office(client, runtime, shop)
    assert "No tax is charged" in await office.see("/admin/tax")
    await office.done("/admin/tax/new", RATE)

    async def charged() -> list[tuple[str, int]]:
        policy = await tax_policy(
            runtime.database,
            shop.company_id,
            currency="IDR",
            tax_included=True,
            country="ID",
            region=None,
            postcode=None,
        )
        return [(rate.name, rate.rate_ppm) for rate in policy.rates] if policy else []

    assert await charged() == [("PPN", 110_000)]
    rate_id = await runtime.database.value("SELECT id FROM tax_rates WHERE company_id = $1", shop.company_id)
    await office.done(f"/admin/tax/{rate_id}", RATE | {"percent": "12.5"})
    assert await charged() == [("PPN", 125_000)]

    stranger = await staff_office(client, runtime, await make_shop(runtime))
    await stranger.see(f"/admin/tax/{rate_id}", 404)
    assert (await stranger.send(f"/admin/tax/{rate_id}", RATE)).status_code == 404
    assert (await stranger.send(f"/admin/tax/{rate_id}/remove")).status_code == 404

    assert "Orders already placed keep their tax." in await office.see(f"/admin/tax/{rate_id}/remove")
    await office.done(f"/admin/tax/{rate_id}/remove")
    assert await charged() == []


async def test_a_rate_that_cannot_be_charged_names_its_field(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    office = await staff_office(client, runtime, shop)
    for wrong, field in (
        ({"name": ""}, "name"),
        ({"country": ""}, "country"),
        ({"percent": "eleven"}, "percent"),
        ({"percent": "101"}, "percent"),
        ({"postcode": "9*4"}, "postcode"),
        ({"priority": "0"}, "priority"),
    ):
        answer = await office.send("/admin/tax/new", RATE | wrong)
        assert answer.status_code == 422, wrong
        assert f'id="f-{field}-error"' in answer.text, wrong
        assert f'href="#f-{field}"' in answer.text
    several = await office.send("/admin/tax/new", RATE | {"name": "", "priority": "x"})
    assert "2 things need your attention" in several.text
