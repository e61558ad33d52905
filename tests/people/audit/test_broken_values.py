"""A sealed value that was changed past all guards: its entry is shown, and says that it cannot be read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx

from pasar.kernel.runtime import Runtime
from pasar.people.audit.entries_about import entries_about
from people.audit.test_chain import by_force
from support.colleagues import make_colleague
from support.office import staff_office
from support.shops import Shop

BREAK = """
UPDATE audit_entries SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1)
 WHERE company_id = $1 AND id = $2
"""
SEALED = """
SELECT id FROM audit_entries
 WHERE company_id = $1 AND person_id = $2 AND action = 'account.changed' AND sealed IS NOT NULL
"""


async def broken_entry(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> tuple[UUID, UUID, Any]:
    """Somebody who changed their own name, the entry of it, and headers; its sealed value is changed."""
    person = await make_colleague(runtime, shop)
    changed = await client.put("/api/auth/me", json={"name": "Rina Baru"}, headers=person.headers)
    assert changed.status_code == 200, changed.text
    entry_id = await runtime.database.value(SEALED, shop.company_id, person.user_id)
    whole = (await client.get(f"/api/admin/audit/{entry_id}", headers=person.headers)).json()
    assert whole["personal"]["after"] == {"name": "Rina Baru"}
    assert whole["unreadable"] is False
    await by_force(runtime.database, BREAK, shop.company_id, entry_id)
    return person.user_id, entry_id, person.headers


async def test_page_and_api_show_the_rest_of_the_entry(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    _, entry_id, headers = await broken_entry(client, runtime, shop)
    office = await staff_office(client, runtime, shop)

    answer = await client.get(f"/api/admin/audit/{entry_id}", headers=headers)
    page = await office.see(f"/admin/audit/{entry_id}")

    assert answer.status_code == 200
    said = answer.json()
    assert (said["personal"], said["unreadable"], said["erased"]) == (None, True, False)
    assert "cannot be read: they were changed, or a key is missing." in page
    assert 'class="audit-value"' not in page
    assert "account.changed" in page
    office.language = "id"
    assert "tidak dapat dibaca" in await office.see(f"/admin/audit/{entry_id}")
    await office.client.aclose()


async def test_the_file_of_one_s_data_holds_the_rest(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    user_id, entry_id, _ = await broken_entry(client, runtime, shop)

    async with runtime.database.transaction() as session:
        told = {one["id"]: one for one in await entries_about(session, user_id)}

    broken = told.pop(str(entry_id))
    assert (broken["personal"], broken["unreadable"]) == (None, True)
    assert told, "there are others: signing in was one"
    assert all("unreadable" not in one for one in told.values())
