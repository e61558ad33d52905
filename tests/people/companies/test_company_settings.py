"""A company's own decisions: read, changed in part, refused when they make no sense, and nobody else's."""

from __future__ import annotations

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from pasar.people.companies.public import company_settings
from support.people import make_customer, make_staff
from support.shops import Shop, make_shop

PATH = "/api/admin/company"


async def test_staff_change_what_they_name_and_the_rest_stays(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    staff = await make_staff(runtime, shop)
    before = (await client.get(PATH, headers=staff)).json()
    changed = await client.patch(
        PATH,
        headers=staff,
        json={"bankTransferNote": "Bank A, 123", "uniqueSkus": True, "timeZone": "Asia/Jakarta"},
    )
    assert changed.status_code == 200
    expected = before | {"bankTransferNote": "Bank A, 123", "uniqueSkus": True, "timeZone": "Asia/Jakarta"}
    assert changed.json() == expected
    assert (await company_settings(runtime.database, shop.company_id)).bank_transfer_note == "Bank A, 123"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"timeZone": "Mars/Olympus"}, 422),
        ({"lowStockDefault": -1}, 400),
        ({"bankTransferDays": 0}, 400),
        ({"name": ""}, 400),
        ({"handle": "other"}, 400),
    ],
)
async def test_nonsense_changes_nothing(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, body: dict[str, object], status: int
) -> None:
    staff = await make_staff(runtime, shop)
    before = (await client.get(PATH, headers=staff)).json()
    assert (await client.patch(PATH, headers=staff, json=body)).status_code == status
    assert (await client.get(PATH, headers=staff)).json() == before


async def test_it_is_staffs_of_this_company(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    _, customer = await make_customer(runtime, shop)
    foreign = await make_staff(runtime, await make_shop(runtime))
    assert (await client.get(PATH, headers=shop.headers)).status_code == 401
    assert (await client.get(PATH, headers=customer)).status_code == 403
    answer = await client.get(PATH, headers=foreign)
    assert answer.json()["id"] != str(shop.company_id)
