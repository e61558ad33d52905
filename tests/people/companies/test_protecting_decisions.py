"""What protects a company's owners, and where its buyers pay, takes more than `settings:write`."""

from __future__ import annotations

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from support.colleagues import let_lapse, make_colleague
from support.office import staff_office
from support.shops import Shop

COMPANY = "/api/admin/company"


@pytest.mark.parametrize(
    "change", [{"requireSecondFactor": False}, {"admittedFrom": []}, {"verifyFirst": False}], ids=str
)
async def test_a_manager_does_not_switch_protection_off(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, change: dict[str, object]
) -> None:
    owner, manager = await make_colleague(runtime, shop), await make_colleague(runtime, shop, "manager")
    on = await client.patch(f"{COMPANY}/security", json={"verifyFirst": True}, headers=owner.headers)
    assert on.status_code == 200, on.text
    refused = await client.patch(f"{COMPANY}/security", json=change, headers=manager.headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "security_needs_staff_write"), refused.text
    assert (await client.get(COMPANY, headers=owner.headers)).json() == on.json()
    office = await staff_office(client, runtime, shop, "manager")
    assert (await office.send("/admin/settings/security", {})).status_code == 403
    assert "Save" not in await office.see("/admin/settings/security")
    assert "Save" in await (await staff_office(client, runtime, shop)).see("/admin/settings/security")
    assert (await client.get(COMPANY, headers=owner.headers)).json() == on.json()


async def test_where_buyers_pay_takes_a_person_who_has_just_confirmed(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_colleague(runtime, shop)
    body = {"name": "Script", "scopes": ["settings:read", "settings:write"]}
    made = await client.post("/api/admin/api-keys", json=body, headers=owner.headers)
    assert made.status_code == 201, made.text
    key = {"x-api-key": made.json()["key"]}
    before = (await client.get(COMPANY, headers=key)).json()
    await let_lapse(runtime, owner)
    for headers, code in ((key, "people_only"), (owner.headers, "step_up_required")):
        for change in ({"bankTransferNote": "Pay to somebody else"}, {"bankTransferDays": 9}):
            refused = await client.patch(COMPANY, json=change, headers=headers)
            assert (refused.status_code, refused.json()["code"]) == (403, code), refused.text
        assert (await client.get(COMPANY, headers=headers)).json() == before
        rest = {"lowStockDefault": 5, "bankTransferNote": before["bankTransferNote"]}
        kept = await client.patch(COMPANY, json=rest, headers=headers)
        assert kept.status_code == 200, kept.text
    office = await staff_office(client, runtime, shop)
    form = {"name": "Test shop", "timeZone": "UTC", "lowStockDefault": "5", "bankTransferDays": "3"}
    assert await office.done("/admin/settings", form | {"bankTransferNote": "To us"})
    await runtime.database.rows(
        "UPDATE sign_ins SET confirmed_at = confirmed_at - interval '16 minutes'"
        " WHERE user_id IN (SELECT user_id FROM memberships WHERE company_id = $1)",
        shop.company_id,
    )
    asked = await office.send("/admin/settings", form | {"bankTransferNote": "To somebody else"})
    assert asked.headers["location"].startswith("/account/confirm"), asked.text
    assert (await client.get(COMPANY, headers=key)).json()["bankTransferNote"] == "To us"
