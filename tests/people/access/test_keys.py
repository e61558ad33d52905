"""API keys: what a program holds to act for a company."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from pasar.kernel.clock import FixedClock
from pasar.kernel.db.database import fetch
from pasar.kernel.errors import Unauthorised
from pasar.kernel.ids import hash_token, new_id
from pasar.kernel.runtime import Runtime
from pasar.people.access.caller_of_key import FIND
from pasar.people.access.public import ORDINARY, PERMISSIONS, caller_of_key, key_uses_written
from support.colleagues import let_lapse, make_colleague
from support.people import make_staff
from support.shops import Shop, make_shop

KEYS = "/api/admin/api-keys"
PRODUCTS = "/api/admin/products"


async def made_key(
    client: httpx.AsyncClient, headers: dict[str, str], *scopes: str, **more: Any
) -> dict[str, Any]:
    """A key that must be made."""
    body = {"name": "Robot", "scopes": list(scopes or ("catalog:read",)), **more}
    answer = await client.post(KEYS, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, Any] = answer.json()
    return found


async def listed(client: httpx.AsyncClient, headers: dict[str, str]) -> dict[str, Any]:
    """The only key of the list."""
    (found,) = (await client.get(KEYS, headers=headers)).json()["items"]
    one: dict[str, Any] = found
    return one


def refused(answer: httpx.Response) -> bool:
    return (answer.status_code, answer.json()["code"]) == (401, "key_invalid")


@pytest.mark.parametrize("header", ["x-api-key", "authorization"])
async def test_a_key_works_within_its_scopes(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, header: str
) -> None:
    key = (await made_key(client, await make_staff(runtime, shop)))["key"]
    headers = {header: key if header == "x-api-key" else f"Bearer {key}"}
    assert (await client.get(PRODUCTS, headers=headers)).status_code == 200
    beyond = await client.get("/api/admin/orders", headers=headers)
    assert (beyond.status_code, beyond.json()["code"]) == (403, "permission_missing")


async def test_the_key_is_told_once_and_kept_as_its_hash(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_staff(runtime, shop)
    made = await made_key(client, owner)
    assert re.fullmatch(r"pasar_[0-9a-f]{8}_[\w-]{43}", made["key"])
    assert made["key"].startswith(made["prefix"] + "_")
    assert made["key"] not in (await client.get(KEYS, headers=owner)).text
    assert (await listed(client, owner))["prefix"] == made["prefix"]
    row = await runtime.database.row(
        "SELECT s::text AS text, key_hash FROM api_key_secrets s WHERE company_id = $1", shop.company_id
    )
    assert row is not None
    assert row["key_hash"] == hash_token(made["key"])
    assert made["key"][-43:] not in row["text"]


async def test_a_key_settles_its_company(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    other = await make_shop(runtime)
    key = {"x-api-key": (await made_key(client, await make_staff(runtime, shop)))["key"]}
    abroad = await client.get(PRODUCTS, headers=key | other.headers)
    assert (abroad.status_code, abroad.json()["code"]) == (403, "company_mismatch")
    assert (await client.get(PRODUCTS, headers=key | shop.headers)).status_code == 200


async def test_revoked_expired_replaced_unknown_and_malformed_answer_alike(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_staff(runtime, shop)
    revoked, expired, replaced = [await made_key(client, owner) for _ in range(3)]
    assert (await client.delete(f"{KEYS}/{revoked['id']}", headers=owner)).status_code == 204
    await runtime.database.rows(
        "UPDATE api_keys SET expires_at = now() WHERE company_id = $1 AND id = $2",
        shop.company_id,
        UUID(expired["id"]),
    )
    body = {"oldKeyHours": 0}
    assert (await client.post(f"{KEYS}/{replaced['id']}/rotate", json=body, headers=owner)).status_code == 201
    bad = [
        revoked["key"],
        expired["key"],
        replaced["key"],
        "pasar_00000000_" + "x" * 43,
        "pasar_",
        "x" * 5000,
    ]
    answers = [await client.get(PRODUCTS, headers={"x-api-key": key}) for key in bad]
    assert all(refused(one) for one in answers)
    assert len({one.json()["detail"] for one in answers}) == 1


async def test_a_key_ends_when_it_was_said_to(
    runtime: Runtime, shop: Shop, client: httpx.AsyncClient
) -> None:
    at = runtime.clock.now()
    ends = at + timedelta(days=1)
    key = (await made_key(client, await make_staff(runtime, shop), expiresAt=ends.isoformat()))["key"]
    caller = await caller_of_key(runtime.database, key, address="", at=ends - timedelta(microseconds=1))
    assert caller.company_id == shop.company_id
    with pytest.raises(Unauthorised, match="key_invalid"):
        await caller_of_key(runtime.database, key, address="", at=ends)
    await key_uses_written()


async def test_renewing_keeps_the_old_key_for_a_day(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_staff(runtime, shop)
    old = await made_key(client, owner)
    answer = await client.post(f"{KEYS}/{old['id']}/rotate", json={}, headers=owner)
    new = answer.json()
    assert (new["id"], answer.headers["cache-control"]) == (old["id"], "no-store")
    assert new["key"] != old["key"]
    for key in (old, new):
        assert (await client.get(PRODUCTS, headers={"x-api-key": key["key"]})).status_code == 200
    shown = await listed(client, owner)
    assert shown["prefix"] == new["prefix"]
    assert shown["oldGoodUntil"] is not None
    tomorrow = runtime.clock.now() + timedelta(hours=24)
    assert (await caller_of_key(runtime.database, new["key"], address="", at=tomorrow)).api_key_id
    with pytest.raises(Unauthorised, match="key_invalid"):
        await caller_of_key(runtime.database, old["key"], address="", at=tomorrow)
    await key_uses_written()


async def test_revoking_ends_the_old_key_too(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    owner = await make_staff(runtime, shop)
    old = await made_key(client, owner)
    new = (await client.post(f"{KEYS}/{old['id']}/rotate", json={}, headers=owner)).json()
    for _ in range(2):  # a second time changes nothing
        assert (await client.delete(f"{KEYS}/{old['id']}", headers=owner)).status_code == 204
    for key in (old, new):
        assert refused(await client.get(PRODUCTS, headers={"x-api-key": key["key"]}))
    again = await client.post(f"{KEYS}/{old['id']}/rotate", json={}, headers=owner)
    assert (again.status_code, again.json()["code"]) == (409, "key_ended")


async def test_its_last_use_is_noted_once_a_minute(
    runtime: Runtime, shop: Shop, client: httpx.AsyncClient
) -> None:
    owner = await make_staff(runtime, shop)
    key = (await made_key(client, owner))["key"]
    clock = FixedClock(runtime.clock.now())
    seen = []
    for address, later in (("192.0.2.1", 0), ("192.0.2.2", 59), ("192.0.2.3", 2)):
        clock.advance(timedelta(seconds=later))
        await caller_of_key(runtime.database, key, address=address, at=clock.now())
        await key_uses_written()
        seen.append((await listed(client, owner))["lastUsedFrom"])
    assert seen == ["192.0.2.1", "192.0.2.1", "192.0.2.3"]


async def test_recognising_a_key_is_one_indexed_read(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    async with runtime.database.transaction() as session:
        await fetch(session, "SET LOCAL enable_seqscan = off")
        plan = "\n".join(row[0] for row in await fetch(session, "EXPLAIN " + FIND, (b"x" * 32,)))
    assert "uq_api_key_secrets_key_hash" in plan
    assert "Seq Scan" not in plan


async def test_keys_take_ordinary_permissions_alone(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_staff(runtime, shop)
    for scope in [*(PERMISSIONS.keys() - ORDINARY), "*", "platform:companies", "nonsense"]:
        body = {"name": "Robot", "scopes": ["catalog:read", scope]}
        answer = await client.post(KEYS, json=body, headers=owner)
        assert (answer.status_code, answer.json()["code"]) == (422, "scope_unknown"), scope
    assert (await client.post(KEYS, json={"name": "Robot", "scopes": []}, headers=owner)).status_code == 422
    whole = await made_key(client, owner, *sorted(ORDINARY))
    assert (await listed(client, owner))["scopes"] == [name for name in PERMISSIONS if name in ORDINARY]
    assert whole["prefix"]


async def test_what_a_key_may_never_do_it_may_not_even_when_it_is_stored(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    key = (await made_key(client, await make_staff(runtime, shop)))["key"]
    await runtime.database.rows(
        "UPDATE api_keys SET scopes = '{catalog:read,keys:write}' WHERE company_id = $1", shop.company_id
    )
    caller = await caller_of_key(runtime.database, key, address="", at=runtime.clock.now())
    await key_uses_written()
    assert caller.permissions == {"catalog:read"}


async def test_nobody_makes_or_renews_a_key_beyond_their_own_rights(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_colleague(runtime, shop)
    role = {"name": "Key keepers", "permissions": ["keys:read", "keys:write", "catalog:read"]}
    made = (await client.post("/api/admin/roles", json=role, headers=owner.headers)).json()
    keeper = await make_colleague(runtime, shop, "viewer")
    body = {"customRoleId": made["customRoleId"]}
    path = f"/api/admin/staff/{keeper.user_id}"
    assert (await client.patch(path, json=body, headers=owner.headers)).status_code == 200

    strong = await made_key(client, owner.headers, "orders:write")
    wanted = {"name": "Robot", "scopes": ["orders:write"]}
    tries = (
        await client.post(KEYS, json=wanted, headers=keeper.headers),
        await client.post(f"{KEYS}/{strong['id']}/rotate", json={}, headers=keeper.headers),
    )
    assert [(one.status_code, one.json()["code"]) for one in tries] == [(403, "beyond_own_rights")] * 2
    assert (await made_key(client, keeper.headers, "catalog:read"))["key"]


async def test_a_key_makes_no_keys_people_or_roles(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    key = {"x-api-key": (await made_key(client, await make_staff(runtime, shop), *sorted(ORDINARY)))["key"]}
    tries = {
        "/api/admin/api-keys": {"name": "Another", "scopes": ["catalog:read"]},
        "/api/admin/roles": {"name": "Gods", "permissions": []},
        "/api/admin/invitations": {"email": "eve@example.com", "role": "viewer"},
    }
    for path, body in tries.items():
        answer = await client.post(path, json=body, headers=key)
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_missing"), path
    me = await client.get("/api/auth/me", headers=key)
    assert (me.status_code, me.json()["code"]) == (403, "people_only")


async def test_a_key_outlives_its_maker_and_says_so(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner, maker = await make_colleague(runtime, shop), await make_colleague(runtime, shop, "admin")
    key = (await made_key(client, maker.headers))["key"]
    assert (await listed(client, owner.headers))["makerLeft"] is False
    gone = await client.delete(f"/api/admin/staff/{maker.user_id}", headers=owner.headers)
    assert gone.status_code == 204
    shown = await listed(client, owner.headers)
    assert (shown["makerLeft"], shown["madeBy"], shown["state"]) == (True, "Sari Staff", "active")
    assert (await client.get(PRODUCTS, headers={"x-api-key": key})).status_code == 200


async def test_anothers_keys_are_not_there(client: httpx.AsyncClient, runtime: Runtime, shop: Shop) -> None:
    made = await made_key(client, await make_staff(runtime, shop))
    stranger = await make_staff(runtime, await make_shop(runtime))
    assert (await client.get(KEYS, headers=stranger)).json()["items"] == []
    for key_id in (made["id"], new_id()):
        tries = (
            await client.delete(f"{KEYS}/{key_id}", headers=stranger),
            await client.post(f"{KEYS}/{key_id}/rotate", json={}, headers=stranger),
        )
        assert [(one.status_code, one.json()["code"]) for one in tries] == [(404, "key_not_found")] * 2


async def test_two_kinds_of_credentials_at_once_are_refused(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_staff(runtime, shop)
    key = (await made_key(client, owner))["key"]
    answer = await client.get(PRODUCTS, headers=owner | {"x-api-key": key})
    assert (answer.status_code, answer.json()["code"]) == (400, "credentials_repeated")


async def test_what_keys_do_is_repeated_by_key(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    """Two keys that send one Idempotency-Key are two callers."""
    owner = await make_staff(runtime, shop)
    first, second = [(await made_key(client, owner, "catalog:write"))["key"] for _ in range(2)]
    answers = [
        await client.post(
            PRODUCTS, json={"title": "Cup"}, headers={"x-api-key": key, "idempotency-key": "same"}
        )
        for key in (first, second, first)
    ]
    assert [one.status_code for one in answers] == [201, 201, 201]
    ids = [one.json()["id"] for one in answers]
    assert ids[0] == ids[2] != ids[1]


@pytest.mark.parametrize(
    "more",
    [
        {"expiresAt": "2020-01-01T00:00:00Z"},
        {"expiresAt": "2999-01-01T00:00:00"},
        {"expiresAt": "soon"},
        {"scopes": "catalog:read"},
        {"name": ""},
        {"role": "owner"},
        {"prefix": "pasar_00000000"},
    ],
)
async def test_what_cannot_be_is_refused(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, more: dict[str, Any]
) -> None:
    body = {"name": "Robot", "scopes": ["catalog:read"]} | more
    answer = await client.post(KEYS, json=body, headers=await make_staff(runtime, shop))
    assert answer.status_code in {400, 422}, answer.text


@pytest.mark.parametrize("hours", [-1, 169, 1.5, "24"])
async def test_the_old_key_stays_a_week_at_most(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop, hours: object
) -> None:
    owner = await make_staff(runtime, shop)
    path = f"{KEYS}/{(await made_key(client, owner))['id']}/rotate"
    assert (await client.post(path, json={"oldKeyHours": hours}, headers=owner)).status_code == 400


async def test_changing_keys_asks_again_who_it_is(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    owner = await make_colleague(runtime, shop)
    made = await made_key(client, owner.headers)
    await let_lapse(runtime, owner)
    tries = (
        await client.post(KEYS, json={"name": "x", "scopes": ["catalog:read"]}, headers=owner.headers),
        await client.post(f"{KEYS}/{made['id']}/rotate", json={}, headers=owner.headers),
        await client.delete(f"{KEYS}/{made['id']}", headers=owner.headers),
    )
    assert [(one.status_code, one.json()["code"]) for one in tries] == [(403, "step_up_required")] * 3


async def test_admitted_networks_bind_keys_too(
    client: httpx.AsyncClient, runtime: Runtime, shop: Shop
) -> None:
    key = (await made_key(client, await make_staff(runtime, shop)))["key"]
    await runtime.database.rows(
        "UPDATE companies SET admitted_from = '{203.0.113.0/24}' WHERE id = $1", shop.company_id
    )
    answer = await client.get(PRODUCTS, headers={"x-api-key": key})
    assert (answer.status_code, answer.json()["code"]) == (403, "address_not_admitted")
