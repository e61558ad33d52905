"""Two shops know the same e-mail: what one does for its guest stops at its own rows."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest

from pasar.delivery.notifications.account_subscribers import ACCOUNT_SUBSCRIBERS
from pasar.delivery.notifications.public import notify
from pasar.kernel.db.tables import Base
from pasar.kernel.events.relay import Relay
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.privacy.exporting import make_export
from pasar.roles import registry
from support.colleagues import Colleague, make_colleague, queue_staff_mails
from support.goods import make_product
from support.office import staff_office
from support.people import make_person, new_email
from support.selling import guest_with, make_selling_shop, place
from support.shops import Shop

FIND = "/api/admin/customers/guests"
# Codes and links are the person's, whichever shop sent them.
ACCOUNT_ROWS = {
    "users": "SELECT t::text FROM users t WHERE id = $1",
    "proofs": "SELECT t::text FROM proofs t WHERE user_id = $1 ORDER BY 1",
    "letters": "SELECT t::text FROM messages t WHERE related = 'user:' || $1::uuid ORDER BY 1",
}


@dataclass
class Neighbours:
    """Two shops where one address ordered, left a cart, was invited and written to; and its account there."""

    here: Shop
    there: Shop
    owner: Colleague
    email: str
    account: UUID


@pytest.fixture
async def neighbours(client: httpx.AsyncClient, runtime: Runtime) -> Neighbours:
    here, there = await make_selling_shop(runtime), await make_selling_shop(runtime)
    email = new_email()
    owners = [await _known_at(client, runtime, shop, email) for shop in (here, there)]
    account = await make_person(runtime, there, email)
    for shop in (here, there):
        await client.post("/api/auth/forgot-password", json={"email": email}, headers=shop.headers)
    await Relay(runtime, ACCOUNT_SUBSCRIBERS).drain()
    return Neighbours(here, there, owners[0], email, account.user_id)


async def _known_at(client: httpx.AsyncClient, runtime: Runtime, shop: Shop, email: str) -> Colleague:
    goods = await make_product(runtime, shop)
    order = await place(client, shop, goods, email=email)
    await runtime.database.rows("UPDATE orders SET status = 'completed' WHERE email = $1", email)
    await guest_with(client, shop, (goods, 1))
    await runtime.database.rows(
        "UPDATE carts SET email = $2 WHERE company_id = $1 AND status = 'active'", shop.company_id, email
    )
    owner = await make_colleague(runtime, shop)
    invited = await client.post(
        "/api/admin/invitations", json={"email": email, "role": "viewer"}, headers=owner.headers
    )
    assert invited.status_code == 201, invited.text
    await queue_staff_mails(runtime, shop)
    await _queue_order_mail(runtime, shop, email, order["id"])
    return owner


async def _queue_order_mail(runtime: Runtime, shop: Shop, recipient: str, order_id: str) -> None:
    async with runtime.database.transaction() as session:
        await notify(
            session, shop.company_id, kind="order.placed", recipient=recipient, locale="en",
            dedupe_key=str(new_id()), given={"orderId": order_id}, related=f"order:{order_id}",
            at=runtime.clock.now(),
        )  # fmt: skip


async def rows_of(runtime: Runtime, company_id: UUID) -> dict[str, list[str]]:
    """Every row of the company in every table that knows companies."""
    assert registry.MODULES, "importing the registry imports every table"
    found = {}
    for name, table in sorted(Base.metadata.tables.items()):
        if "company_id" in table.columns:
            query = f'SELECT t::text FROM "{name}" t WHERE company_id = $1 ORDER BY 1'
            found[name] = [row[0] for row in await runtime.database.rows(query, company_id)]
    return found


async def rows_of_account(runtime: Runtime, user_id: UUID) -> dict[str, list[str]]:
    return {
        name: [row[0] for row in await runtime.database.rows(query, user_id)]
        for name, query in ACCOUNT_ROWS.items()
    }


async def found_guest(client: httpx.AsyncClient, its: Neighbours) -> str:
    found = await client.post(FIND, json={"email": its.email}, headers=its.owner.headers)
    assert found.status_code == 200, found.text
    return f"/api/admin/customers/{found.json()['id']}"


async def exported(
    client: httpx.AsyncClient, runtime: Runtime, path: str, headers: dict[str, str]
) -> dict[str, dict[str, list[dict[str, Any]]]]:
    begun = (await client.post(f"{path}/export", headers=headers)).json()
    await make_export(runtime, {"export_id": begun["id"]})
    file = await client.get(f"{path}/export/{begun['id']}/file", headers=headers)
    assert file.status_code == 200, file.text
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        names = [name for name in archive.namelist() if name != "index.json"]
        return {name: json.loads(archive.read(name)) for name in names}


async def test_the_file_holds_rows_of_this_shop_only_and_none_of_the_account(
    client: httpx.AsyncClient, runtime: Runtime, neighbours: Neighbours
) -> None:
    its = neighbours

    files = await exported(client, runtime, await found_guest(client, its), its.owner.headers)

    told = [row for file in files.values() for rows in file.values() for row in rows]
    assert {row["company_id"] for row in told} == {str(its.here.company_id)}
    assert sorted(row["kind"] for row in files["messages.json"]["messages"]) == [
        "order.placed",
        "staff.invited",
    ]
    assert len(files["work.json"]["invitations"]) == 1
    assert len(files["orders.json"]["orders"]) == 1
    assert len(files["account.json"]["customers"]) == 1
    for file, table in (
        ("account.json", "account"),
        ("sign_ins.json", "proofs"),
        ("audit.json", "entries"),
        ("work.json", "memberships"),
    ):
        assert files[file][table] == [], f"{file} {table} is of the account"


async def test_erasing_changes_no_row_of_the_other_shop_nor_of_the_account(
    client: httpx.AsyncClient, runtime: Runtime, neighbours: Neighbours
) -> None:
    its = neighbours
    there = await rows_of(runtime, its.there.company_id)
    account = await rows_of_account(runtime, its.account)
    for table in ("messages", "invitations", "carts", "orders", "proofs", "customers", "audit_entries"):
        assert there[table], f"the other shop has {table}"
    assert (len(account["proofs"]), len(account["letters"])) == (2, 2), "asked for at both shops"

    erased = await client.post(f"{await found_guest(client, its)}/erase", headers=its.owner.headers)

    assert erased.status_code == 200, erased.text
    after = await rows_of(runtime, its.there.company_id)
    assert {name for name in there if there[name] != after[name]} == set()
    assert await rows_of_account(runtime, its.account) == account
    here = await rows_of(runtime, its.here.company_id)
    for table in ("invitations", "carts", "orders", "customers", "outbox_mails"):
        assert its.email not in "\n".join(here[table]), f"{table} here has forgotten"
    left = [row for row in here["messages"] if its.email in row]
    assert len(left) == 1, "the account's reset link, which this shop sent"
    assert "account.reset_password" in left[0]
    assert any("privacy.erased" in row for row in here["audit_entries"])


async def test_a_typed_address_makes_nobody(
    client: httpx.AsyncClient, runtime: Runtime, neighbours: Neighbours
) -> None:
    stranger = await make_colleague(runtime, await make_selling_shop(runtime))
    everybody = "SELECT count(*) FROM customers"
    before = await runtime.database.value(everybody)

    for who, email in ((stranger, neighbours.email), (neighbours.owner, new_email())):
        answer = await client.post(FIND, json={"email": email}, headers=who.headers)
        assert (answer.status_code, answer.json()["code"]) == (404, "customer_not_found")
    office = await staff_office(client, runtime, neighbours.here)
    page = await office.send("/admin/customers/guest", {"email": new_email()})
    assert page.status_code == 404
    assert "No guest ordered" in page.text
    await office.client.aclose()

    assert await runtime.database.value(everybody) == before


async def test_letters_about_an_account_make_no_guest(client: httpx.AsyncClient, runtime: Runtime) -> None:
    shop = await make_selling_shop(runtime)
    person = await make_person(runtime, await make_selling_shop(runtime))
    owner = await make_colleague(runtime, shop)
    await client.post("/api/auth/forgot-password", json={"email": person.email}, headers=shop.headers)
    await Relay(runtime, ACCOUNT_SUBSCRIBERS).drain()
    written = "SELECT count(*) FROM messages WHERE company_id = $1 AND recipient = $2"
    assert await runtime.database.value(written, shop.company_id, person.email) == 1

    answer = await client.post(FIND, json={"email": person.email}, headers=owner.headers)

    assert (answer.status_code, answer.json()["code"]) == (404, "customer_not_found")


@pytest.mark.parametrize("known_by", ["order", "cart", "message"])
async def test_whoever_bought_had_a_cart_or_was_written_to_is_found(
    client: httpx.AsyncClient, runtime: Runtime, known_by: str
) -> None:
    shop, email = await make_selling_shop(runtime), new_email()
    owner, goods = await make_colleague(runtime, shop), await make_product(runtime, shop)
    if known_by == "order":
        await place(client, shop, goods, email=email)
    elif known_by == "cart":
        await guest_with(client, shop, (goods, 1))
        carts = "UPDATE carts SET email = $2 WHERE company_id = $1"
        await runtime.database.rows(carts, shop.company_id, email)
    else:
        await _queue_order_mail(runtime, shop, email, str(new_id()))

    first = await client.post(FIND, json={"email": email}, headers=owner.headers)
    again = await client.post(FIND, json={"email": email.upper()}, headers=owner.headers)

    assert first.status_code == 200, first.text
    assert again.json() == first.json()
