"""Account, Privacy, as people use it."""

from __future__ import annotations

import re

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from pasar.people.privacy.consents import has_consented
from pasar.people.privacy.exporting import make_export
from people.privacy.whole_people import confirm
from support.office import Office, shopper_office, staff_office
from support.shops import Shop

HOME = "/account/privacy"


@pytest.fixture
async def shopper(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> Office:
    return await shopper_office(client, runtime, shop)


async def who_is(runtime: Runtime, shop: Shop) -> str:
    found: str = await runtime.database.value(
        "SELECT user_id FROM customers WHERE company_id = $1 ORDER BY created_at DESC LIMIT 1",
        shop.company_id,
    )
    return found


async def test_the_way_through_all_of_it(shopper: Office, runtime: Runtime, shop: Shop) -> None:
    user_id = await who_is(runtime, shop)
    assert "Your data as a file" in await shopper.see(HOME)

    where = await shopper.done(f"{HOME}/consents", {"marketing": "1"})
    assert "You can change your mind" in await shopper.see(where)
    assert await has_consented(runtime.database, shop.company_id, user_id, "marketing")  # type: ignore[arg-type]
    await shopper.done(f"{HOME}/consents")
    assert not await has_consented(runtime.database, shop.company_id, user_id, "marketing")  # type: ignore[arg-type]

    await shopper.done(f"{HOME}/export")
    assert "<progress" in await shopper.see(HOME)
    export_id = await runtime.database.value("SELECT id FROM personal_exports WHERE user_id = $1", user_id)
    await make_export(runtime, {"export_id": str(export_id)})
    link = re.search(rf'href="({HOME}/export/[0-9a-f-]+)"', await shopper.see(HOME))
    assert link
    file = await shopper.client.get(link[1], headers=shop.headers)
    assert (file.status_code, file.headers["content-type"]) == (200, "application/zip")

    assert "This cannot be undone." in await shopper.see(f"{HOME}/erase")
    assert await shopper.done(f"{HOME}/erase") == f"{HOME}/erase", "nothing happens without the tick"
    assert await shopper.done(f"{HOME}/erase", {"confirmed": "1"}) == "/sign-in?notice=erased"
    again = await shopper.client.get(HOME, headers=shop.headers)
    assert again.status_code == 303, "signed out"


async def test_staff_see_that_somebody_was_erased_and_nothing_of_them(
    client: httpx.AsyncClient, shopper: Office, runtime: Runtime, shop: Shop
) -> None:
    """A list that names people has a word for who has no name any more: a link without one leads nobody."""
    office = await staff_office(client, runtime, shop)
    assert "Budi Buyer" in await office.see("/admin/customers")
    await shopper.done(f"{HOME}/erase", {"confirmed": "1"})

    listed = await office.see("/admin/customers")
    link = re.search(r'href="(/admin/customers/[0-9a-f-]+)">([^<]*)</a>', listed)
    assert link
    assert link[2] == "Erased"
    assert "Has an account" not in listed
    page = await office.see(link[1])
    assert ">Erased</h1>" in page
    assert "Has an account" not in page


async def test_in_indonesian(shopper: Office) -> None:
    shopper.language = "id"

    assert "Data Anda sebagai berkas" in await shopper.see(HOME)


async def test_erasing_asks_who_it_is_first(shopper: Office, runtime: Runtime, shop: Shop) -> None:
    user_id = await who_is(runtime, shop)
    await runtime.database.rows(
        "UPDATE sign_ins SET confirmed_at = now() - interval '16 minutes' WHERE user_id = $1", user_id
    )

    for answer in (
        await shopper.client.get(f"{HOME}/erase", headers=shop.headers),
        await shopper.send(f"{HOME}/erase", {"confirmed": "1"}),
    ):
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/account/confirm")
    assert await runtime.database.value("SELECT erased_at IS NULL FROM users WHERE id = $1", user_id)


async def test_the_last_owner_reads_what_to_do(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await staff_office(client, runtime, shop)
    await runtime.database.rows(
        "DELETE FROM memberships m USING users u WHERE m.company_id = $1 AND u.id = m.user_id"
        " AND NOT EXISTS (SELECT 1 FROM sign_ins s WHERE s.user_id = u.id)",
        shop.company_id,
    )
    rows = await runtime.database.rows(
        "SELECT user_id FROM memberships WHERE company_id = $1", shop.company_id
    )
    for (user_id,) in rows:
        await confirm(runtime.database, user_id)

    answer = await owner.send(f"{HOME}/erase", {"confirmed": "1"})

    assert answer.status_code == 409
    assert "You are the last owner of a company." in answer.text


@pytest.mark.parametrize("path", [HOME, f"{HOME}/erase"])
async def test_guests_are_led_to_sign_in(client: httpx.AsyncClient, shop: Shop, path: str) -> None:
    answer = await client.get(path, headers=shop.headers)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


async def test_a_form_without_its_token_does_nothing(shopper: Office, runtime: Runtime, shop: Shop) -> None:
    answer = await shopper.client.post(f"{HOME}/erase", data={"confirmed": "1"}, headers=shop.headers)

    assert answer.status_code == 403
    user_id = await who_is(runtime, shop)
    assert await runtime.database.value("SELECT erased_at IS NULL FROM users WHERE id = $1", user_id)
