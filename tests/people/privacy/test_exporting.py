"""The file of a person's data: complete, theirs alone, and gone after seven days."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import httpx

from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime
from pasar.people.privacy.exporting import make_export
from pasar.people.privacy.exports import forget_exports
from pasar.people.privacy.personal_data import personal_data
from people.privacy.whole_people import Person, confirm, make_whole_person
from support.audit import entries_of
from support.goods import make_product
from support.people import bearer, make_person, make_staff, new_email, tokens_for
from support.selling import make_selling_shop, place
from support.shops import Shop

EXPORT = "/api/account/export"


async def exported(
    client: httpx.AsyncClient, runtime: Runtime, path: str, headers: dict[str, str]
) -> tuple[str, dict[str, Any]]:
    """Ask for a file, let the job run, and answer the export's id and what the ZIP holds."""
    begun = await client.post(path, headers=headers)
    assert begun.status_code == 202, begun.text
    export_id = begun.json()["id"]
    early = await client.get(f"{path}/{export_id}/file", headers=headers)
    assert (early.status_code, early.json()["code"]) == (409, "export_not_ready")
    await make_export(runtime, {"export_id": export_id})
    told = (await client.get(f"{path}/{export_id}", headers=headers)).json()
    assert (told["state"], told["done"]) == ("ready", told["total"])
    file = await client.get(told["url"], headers=headers)
    assert file.status_code == 200, file.text
    assert file.headers["cache-control"] == "no-store"
    assert len(file.content) == told["size"]
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        assert archive.testzip() is None
        return export_id, {name: json.loads(archive.read(name)) for name in archive.namelist()}


async def test_everything_that_is_known_is_in_it_and_equals_the_rows(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    person = await make_whole_person(client, runtime)

    _, files = await exported(client, runtime, EXPORT, person.headers)

    assert files.keys() == {"index.json"} | {f"{data.name}.json" for data in personal_data()}
    for entry in files["index.json"]["files"]:
        assert entry["purpose"]
        assert entry["kept"]
        told = files[entry["file"]]
        assert entry["records"] == {table: len(rows) for table, rows in told.items()}
    account = files["account.json"]["account"][0]
    row = await runtime.database.row("SELECT email, phone, name FROM users WHERE id = $1", person.user_id)
    assert row is not None
    assert (account["email"], account["phone"], account["name"]) == tuple(row)
    await _equal_rows(runtime, person, files)
    text = json.dumps(files)
    assert "password_hash" not in text
    assert "argon2" not in text


async def _equal_rows(runtime: Runtime, person: Person, files: dict[str, Any]) -> None:
    """Each table in the file has as many rows as the database, and the very ids."""
    mine = {
        ("account.json", "customers"): "SELECT id FROM customers WHERE user_id = $1",
        ("account.json", "addresses"): "SELECT a.id FROM addresses a JOIN customers c"
        " ON c.company_id = a.company_id AND c.id = a.customer_id WHERE c.user_id = $1",
        ("sign_ins.json", "sign_ins"): "SELECT id FROM sign_ins WHERE user_id = $1",
        ("sign_ins.json", "proofs"): "SELECT id FROM proofs WHERE user_id = $1",
        ("second_factors.json", "authenticator_apps"): "SELECT id FROM totp_secrets WHERE user_id = $1",
        ("second_factors.json", "passkeys"): "SELECT id FROM passkeys WHERE user_id = $1",
        ("identities.json", "identities"): "SELECT id FROM identities WHERE user_id = $1",
        ("orders.json", "orders"): "SELECT o.id FROM orders o JOIN customers c"
        " ON c.company_id = o.company_id AND c.id = o.customer_id WHERE c.user_id = $1",
        ("carts.json", "carts"): "SELECT k.id FROM carts k JOIN customers c"
        " ON c.company_id = k.company_id AND c.id = k.customer_id WHERE c.user_id = $1",
        ("messages.json", "messages"): "SELECT m.id FROM messages m JOIN users u ON u.email = m.recipient"
        " WHERE u.id = $1",
        ("audit.json", "entries"): "SELECT id FROM audit_entries WHERE actor_id = $1 OR person_id = $1",
    }
    for (file, table), query in mine.items():
        told = {row["id"] for row in files[file][table]}
        kept = {str(row[0]) for row in await runtime.database.rows(query, person.user_id)}
        assert kept, f"{file} {table}: the person has some"
        assert told == kept, f"{file} {table}"
    for file, table, word in (
        ("orders.json", "orders", f"1 {person.word} Street"),
        ("orders.json", "orders", f"For {person.word}"),
        ("account.json", "addresses", f"2 {person.word} Street"),
        ("privacy.json", "consents", "marketing"),
        ("work.json", "memberships", "support"),
        ("audit.json", "entries", f"old-{person.word}@example.com"),
    ):
        assert word in json.dumps(files[file][table]), f"{file} {table}: {word}"


async def test_a_second_request_is_the_first_while_it_is_under_way(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    headers = shop.headers | bearer(await tokens_for(runtime, person))

    ids = [(await client.post(EXPORT, headers=headers)).json()["id"] for _ in range(3)]

    assert len(set(ids)) == 1
    assert await asked(runtime, shop, person.user_id) == 1, "nobody fills the audit log by asking"
    await make_export(runtime, {"export_id": ids[0]})
    assert (await client.post(EXPORT, headers=headers)).json()["id"] != ids[0]
    assert await asked(runtime, shop, person.user_id) == 2


async def test_staff_who_ask_twice_for_a_guest_s_data_leave_one_entry(
    client: httpx.AsyncClient, runtime: Runtime
) -> None:
    shop, email = await make_selling_shop(runtime), new_email()
    await place(client, shop, await make_product(runtime, shop), email=email)
    owner = await make_staff(runtime, shop)
    guest = (await client.post("/api/admin/customers/guests", json={"email": email}, headers=owner)).json()

    for _ in range(3):
        answer = await client.post(f"/api/admin/customers/{guest['id']}/export", headers=owner)
        assert answer.status_code == 202

    assert await asked(runtime, shop, guest["id"]) == 1


async def asked(runtime: Runtime, shop: Shop, object_id: object) -> int:
    """How many entries say that somebody asked for this one's data."""
    entries = await entries_of(runtime, shop.company_id)
    about = [one["object_id"] for one in entries if one["action"] == "privacy.export_asked"]
    return about.count(str(object_id))


async def test_nobody_else_comes_near_it(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    person, other = await make_person(runtime, shop), await make_person(runtime, shop)
    headers = shop.headers | bearer(await tokens_for(runtime, person))
    export_id, _ = await exported(client, runtime, EXPORT, headers)
    missing = await client.get(f"{EXPORT}/{new_id()}/file", headers=headers)
    stranger = shop.headers | bearer(await tokens_for(runtime, other))
    owner = await make_staff(runtime, shop)

    for who in (stranger, owner):
        for path in (f"{EXPORT}/{export_id}", f"{EXPORT}/{export_id}/file"):
            refused = await client.get(path, headers=who)
            assert (refused.status_code, refused.json()["code"]) == (404, missing.json()["code"])
    path = f"/api/admin/customers/{person.customer_id}/export/{export_id}"
    assert (await client.get(path, headers=owner)).status_code == 404
    assert (await client.get(f"{EXPORT}/{export_id}/file", headers=shop.headers)).status_code == 401
    for guess in (f"/media/private/exports/{export_id}.zip", f"/uploads/private/exports/{export_id}.zip"):
        assert (await client.get(guess)).status_code == 404


async def test_after_seven_days_file_and_row_are_gone(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    headers = shop.headers | bearer(await tokens_for(runtime, person))
    export_id, _ = await exported(client, runtime, EXPORT, headers)
    key = f"private/exports/{export_id}.zip"
    assert await runtime.files.exists(key)
    await forget_exports(runtime)
    assert await runtime.files.exists(key), "not before"

    await runtime.database.rows(
        "UPDATE personal_exports SET expires_at = $2 WHERE id = $1",
        export_id,
        runtime.clock.now() - timedelta(seconds=1),
    )
    assert (await client.get(f"{EXPORT}/{export_id}", headers=headers)).status_code == 404
    await forget_exports(runtime)

    assert not await runtime.files.exists(key)
    assert not await runtime.database.rows("SELECT 1 FROM personal_exports WHERE id = $1", export_id)


async def test_erasing_takes_the_file_along(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, shop)
    headers = shop.headers | bearer(await tokens_for(runtime, person))
    begun = (await client.post(EXPORT, headers=headers)).json()["id"]
    await confirm(runtime.database, person.user_id)
    assert (await client.post("/api/account/erase", headers=headers)).status_code == 200

    await make_export(runtime, {"export_id": begun})  # its job comes too late

    assert not await runtime.files.exists(f"private/exports/{begun}.zip")


async def test_a_guest_s_data_at_one_shop(client: httpx.AsyncClient, runtime: Runtime) -> None:
    here, there = await make_selling_shop(runtime), await make_selling_shop(runtime)
    email = new_email()
    for shop in (here, there):
        await place(client, shop, await make_product(runtime, shop), email=email)
    owner = await make_staff(runtime, here)
    guest = (await client.post("/api/admin/customers/guests", json={"email": email}, headers=owner)).json()

    _, files = await exported(client, runtime, f"/api/admin/customers/{guest['id']}/export", owner)

    assert [order["company_id"] for order in files["orders.json"]["orders"]] == [str(here.company_id)]
    assert files["orders.json"]["orders"][0]["email"] == email
