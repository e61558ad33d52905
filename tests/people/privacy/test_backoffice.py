"""A customer without account asks the shop: staff export and erase on the customer's page."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from pasar.kernel.runtime import Runtime
from pasar.people.privacy.exporting import make_export
from pasar.people.users.public import customer_for
from support.office import Office, staff_office
from support.people import make_customer, new_email
from support.shops import Shop, make_shop

FIND = "/admin/customers/guest"
LONG_AGO = "UPDATE sign_ins SET confirmed_at = now() - interval '16 minutes' WHERE company_id = $1"
NOTED = "SELECT action FROM audit_entries WHERE company_id = $1 AND object_id = $2 ORDER BY id"


@pytest.fixture
async def owner(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> AsyncIterator[Office]:
    office = await staff_office(client, runtime, shop)
    yield office
    await office.client.aclose()


async def guest_page(office: Office, runtime: Runtime, email: str) -> str:
    """The page of a guest with this e-mail, whom the shop knows, found by staff."""
    async with runtime.database.transaction() as session:
        await customer_for(session, office.shop.company_id, None, email=email, name="Gita Guest")
    return await office.done(FIND, {"email": email})


async def test_the_way_through_all_of_it(owner: Office, runtime: Runtime, shop: Shop) -> None:
    email = new_email()
    page = await guest_page(owner, runtime, email)
    assert await owner.done(FIND, {"email": email.upper()}) == page, "found again, not made again"
    customer_id = page.rpartition("/")[2]
    assert "Export their data" in await owner.see(page)

    assert await owner.done(f"{page}/privacy/export") == f"{page}?notice=customer-export-begun"
    assert "<progress" in await owner.see(page)
    export_id = await runtime.database.value(
        "SELECT id FROM personal_exports WHERE customer_id = $1", UUID(customer_id)
    )
    await make_export(runtime, {"export_id": str(export_id)})
    link = re.search(rf'href="({page}/privacy/export/[0-9a-f-]+)"', await owner.see(page))
    assert link
    file = await owner.client.get(link[1], headers=shop.headers)
    assert (file.status_code, file.headers["content-type"]) == (200, "application/zip")
    assert file.headers["cache-control"] == "no-store"

    assert "This cannot be undone." in await owner.see(f"{page}/privacy/erase")
    assert await owner.done(f"{page}/privacy/erase") == f"{page}/privacy/erase", "asked first"
    done = await owner.done(f"{page}/privacy/erase", {"confirmed": "1"})
    assert done == "/admin/customers?notice=customer-erased"
    assert "This customer was erased." in await owner.see(page)
    assert email not in await owner.see("/admin/customers")
    noted = [row[0] for row in await runtime.database.rows(NOTED, shop.company_id, customer_id)]
    for action in ("privacy.export_asked", "privacy.export_fetched", "privacy.erased"):
        assert action in noted


async def test_who_has_an_account_does_it_alone(owner: Office, runtime: Runtime, shop: Shop) -> None:
    customer_id, _ = await make_customer(runtime, shop)
    page = f"/admin/customers/{customer_id}"

    seen = await owner.see(page)

    assert "This person has an account" in seen
    assert "Erase this customer" not in seen
    for path, fields in (("export", {}), ("erase", {"confirmed": "1"})):
        assert (await owner.send(f"{page}/privacy/{path}", fields)).status_code == 409
    kept = "SELECT name FROM customers WHERE company_id = $1 AND id = $2"
    assert await runtime.database.value(kept, shop.company_id, customer_id) == "Budi Buyer"


@pytest.mark.parametrize("role", ["support", "viewer"])
async def test_without_the_permission_nobody_sees_or_does_it(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, owner: Office, role: str
) -> None:
    page = await guest_page(owner, runtime, new_email())
    colleague = await staff_office(client, runtime, shop, role)

    assert "Export their data" not in await colleague.see(page)
    assert "Find a guest" not in await colleague.see("/admin/customers")
    await colleague.see(f"{page}/privacy/erase", 403)
    for path in (f"{page}/privacy/export", f"{page}/privacy/erase", FIND):
        answer = await colleague.send(path, {"confirmed": "1", "email": new_email()})
        assert answer.status_code == 403, path
    await colleague.client.aclose()


async def test_who_it_is_is_asked_first(owner: Office, runtime: Runtime, shop: Shop) -> None:
    email = new_email()
    page = await guest_page(owner, runtime, email)
    await runtime.database.rows(LONG_AGO, shop.company_id)

    for answer in (
        await owner.client.get(f"{page}/privacy/erase", headers=shop.headers),
        await owner.send(f"{page}/privacy/erase", {"confirmed": "1"}),
        await owner.send(f"{page}/privacy/export"),
    ):
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/account/confirm")
    assert email in await owner.see(page)


async def test_another_shop_s_guest_is_nobody_here(
    client: httpx.AsyncClient, runtime: Runtime, owner: Office
) -> None:
    page = await guest_page(owner, runtime, new_email())
    stranger = await staff_office(client, runtime, await make_shop(runtime))

    await stranger.see(page, 404)
    for path in ("export", "erase"):
        assert (await stranger.send(f"{page}/privacy/{path}", {"confirmed": "1"})).status_code == 404
    await stranger.client.aclose()


async def test_an_address_that_is_none_is_said_at_its_field(owner: Office) -> None:
    answer = await owner.send(FIND, {"email": "not an address"})

    assert answer.status_code == 422
    assert "This is not an e-mail address." in answer.text


async def test_in_indonesian(owner: Office, runtime: Runtime) -> None:
    page = await guest_page(owner, runtime, new_email())
    owner.language = "id"

    assert "Ekspor datanya" in await owner.see(page)
    assert "Hapus pelanggan ini?" in await owner.see(f"{page}/privacy/erase")
    assert "Cari tamu" in await owner.see(FIND)
