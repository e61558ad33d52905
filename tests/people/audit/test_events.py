"""What no trigger sees is noted where it is done: signing in, own accounts, bulk imports, files taken."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database, fetch
from pasar.kernel.jobs import Job, Worker, enqueue
from pasar.kernel.runtime import Runtime
from pasar.people.users.public import add_user
from pasar.roles.assembling import open_runtime
from pasar.shop.catalog.importing.run_import import run_import
from support.audit import entries_of
from support.people import CHEAP_HASH, PASSWORD, make_customer, make_person, make_staff, new_email
from support.shops import Shop, make_shop

CSV = b"Handle,Title,Variant Price\nplain-cup,Plain cup,4.00\nblue-cup,Blue cup,5.00\n"


async def noted(runtime: Runtime, shop: Shop, action: str) -> list[dict[str, Any]]:
    """The company's entries of that action."""
    return [entry for entry in await entries_of(runtime, shop.company_id) if entry["action"] == action]


async def log_in(client: httpx.AsyncClient, shop: Shop, email: str, password: str) -> httpx.Response:
    body = {"email": email, "password": password}
    return await client.post("/api/auth/login", json=body, headers=shop.headers)


async def test_signing_in_and_out(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, shop)
    answer = await log_in(client, shop, person.email, PASSWORD)
    assert answer.status_code == 200, answer.text

    (began,) = await noted(runtime, shop, "sign_in.began")
    assert (began["actor_kind"], began["actor_id"]) == ("customer", person.user_id)
    assert (began["object_type"], began["person_id"]) == ("sign_in", person.user_id)
    assert began["after"] == {"kind": "tokens", "secondFactor": False}
    assert began["request_id"] == answer.headers["x-request-id"]
    assert began["address"] == "", "a customer's own address is sealed, or not kept"
    assert person.email not in str(began)
    body = {"refreshToken": answer.json()["refreshToken"]}
    out = await client.post("/api/auth/logout", json=body, headers=shop.headers)
    assert out.is_success
    (ended,) = await noted(runtime, shop, "sign_in.ended")
    assert (ended["object_id"], ended["after"]) == (began["object_id"], {"reason": "signed_out"})


async def test_an_account_that_is_locked_is_noted_once(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    person = await make_person(runtime, shop)
    for _ in range(7):
        await log_in(client, shop, person.email, "a wrong password")

    (locked,) = await noted(runtime, shop, "sign_in.locked")
    assert (locked["actor_kind"], locked["object_id"]) == ("guest", str(person.user_id))
    assert locked["address"] == "127.0.0.1", "where an attack came from is kept"


async def test_an_unknown_account_leaves_the_same_without_its_name(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    email = new_email()
    for _ in range(6):
        await log_in(client, shop, email, "a wrong password")

    (locked,) = await noted(runtime, shop, "sign_in.locked")
    assert locked["object_id"] == "unknown"
    assert email not in str(locked)


async def test_a_customers_own_changes_are_sealed(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    _, customer = await make_customer(runtime, shop)
    answer = await client.put("/api/auth/me", json={"name": "Ann Other"}, headers=customer)
    assert answer.status_code == 200, answer.text

    (changed,) = await noted(runtime, shop, "account.changed")
    assert (changed["actor_kind"], changed["withheld"]) == ("customer", ["name"])
    assert "Ann Other" not in str(changed)
    owner = await make_staff(runtime, shop)
    one = (await client.get(f"/api/admin/audit/{changed['id']}", headers=owner)).json()
    assert one["personal"]["before"] == {"name": "Budi Buyer"}
    assert one["personal"]["after"] == {"name": "Ann Other"}
    assert one["personal"]["address"] == "127.0.0.1"
    again = await client.put("/api/auth/me", json={"name": "Ann Other"}, headers=customer)
    assert again.status_code == 200
    assert len(await noted(runtime, shop, "account.changed")) == 1, "nothing changed, nothing is noted"


async def test_a_password_that_is_changed(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    person = await make_person(runtime, shop)
    token = (await log_in(client, shop, person.email, PASSWORD)).json()["accessToken"]
    other = await log_in(client, shop, person.email, PASSWORD)
    assert other.status_code == 200
    body = {"currentPassword": PASSWORD, "newPassword": "quite another phrase 7"}
    headers = shop.headers | {"Authorization": f"Bearer {token}"}
    answer = await client.post("/api/auth/change-password", json=body, headers=headers)
    assert answer.is_success, answer.text

    (changed,) = await noted(runtime, shop, "account.password_changed")
    assert (changed["actor_id"], changed["before"], changed["after"]) == (person.user_id, None, None)
    (revoked,) = await noted(runtime, shop, "account.sign_ins_revoked")
    assert revoked["after"] == {"reason": "password", "signIns": 1}


async def test_a_bulk_import_is_one_entry(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    owner = await make_staff(runtime, shop)
    answer = await client.post(
        "/api/admin/imports",
        files={"file": ("goods.csv", CSV, "text/csv")},
        data={"currency": "USD"},
        headers=owner,
    )
    assert answer.status_code == 202, answer.text
    (asked,) = await noted(runtime, shop, "import.created")
    payload = {"companyId": str(shop.company_id), "importId": answer.json()["id"]}
    await run_import(runtime, payload)

    (ran,) = await noted(runtime, shop, "import.run")
    assert (ran["actor_kind"], ran["object_id"]) == ("job", answer.json()["id"])
    assert ran["after"] | {"updated": 0} == {
        "status": "done",
        "file": "goods.csv",
        "askedBy": f"staff:{asked['actor_id']}",
        "rows": 2,
        "created": 2,
        "updated": 0,
        "errors": 0,
    }
    assert await noted(runtime, shop, "product.created") == []


async def test_a_file_that_is_taken(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    owner = await make_staff(runtime, shop)
    answer = await client.get("/api/admin/exports/products.csv", headers=owner)
    assert answer.status_code == 200

    (taken,) = await noted(runtime, shop, "export.downloaded")
    assert (taken["object_id"], taken["after"]) == ("products", {"currency": "USD"})


async def test_staff_are_told_from_customers(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    from pasar.people.access.public import add_member

    email = new_email()
    async with runtime.database.transaction() as session:
        user_id: UUID = await add_user(session, email=email, name="Sari", password_hash=CHEAP_HASH)
        await add_member(session, shop.company_id, user_id, "owner")
    assert (await log_in(client, shop, email, PASSWORD)).status_code == 200

    (began,) = await noted(runtime, shop, "sign_in.began")
    assert (began["actor_kind"], began["address"]) == ("staff", "127.0.0.1")


async def test_a_job_acts_under_its_name_and_bulk_work_does_not(
    fresh_database: Database, settings: Settings
) -> None:
    """The worker tells the database who acts, unless the job is `noted=False`."""
    runtime = open_runtime(settings, fresh_database, SystemClock())
    change = "UPDATE companies SET name = $1"
    done = asyncio.Event()

    def renaming(name: str) -> Callable[[Runtime, dict[str, Any]], Awaitable[None]]:
        async def work(runtime: Runtime, payload: dict[str, Any]) -> None:
            async with runtime.database.transaction() as session:
                await fetch(session, change, (name,))
            if name == "last":
                done.set()

        return work

    shop = await make_shop(runtime)
    jobs = [
        Job("test.noted", renaming("first")),
        Job("test.bulk", renaming("second"), noted=False),
        Job("test.last", renaming("last")),
    ]
    working = asyncio.create_task(Worker(runtime, jobs, []).run())
    for job in jobs:
        async with runtime.database.transaction() as session:
            await enqueue(session, job.name, {})
        await asyncio.sleep(0.5)
    await asyncio.wait_for(done.wait(), 20)
    runtime.closing.set()
    await working
    await runtime.http.aclose()

    entries = await entries_of(runtime, shop.company_id)
    assert [(one["actor_kind"], one["actor_name"], one["after"]) for one in entries] == [
        ("job", "test.noted", {"name": "first"}),
        ("job", "test.last", {"name": "last"}),
    ]
