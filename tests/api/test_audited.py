"""Every change that staff make over the API is in the audit log: who, which call, which object.

A witness of its own, without any of the log's conditions, sees each changed row of a watched table.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from api.bodies import BODIES, filled
from api.operations import TYPED
from api.world import CSV, World
from pasar.kernel.acting import Acting, act_as
from pasar.kernel.db.database import Database
from pasar.kernel.runtime import Runtime
from pasar.people.access.public import add_member
from pasar.people.audit.audited import AUDITED
from pasar.people.users.public import add_user
from support.audited_writes import UnheardWrite, refuse_unheard
from support.office import staff_office
from support.people import CHEAP_HASH, new_email
from support.pictures import picture_bytes
from support.selling import place

WITNESS = """
CREATE TABLE witnessed (n bigint GENERATED ALWAYS AS IDENTITY, noun text, known jsonb, ignored text[]);
CREATE FUNCTION witness() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR to_jsonb(OLD) - string_to_array(TG_ARGV[1], ',')
                            IS DISTINCT FROM to_jsonb(NEW) - string_to_array(TG_ARGV[1], ',') THEN
        INSERT INTO witnessed (noun, known) VALUES (TG_ARGV[0], coalesce(to_jsonb(NEW), to_jsonb(OLD)));
    END IF;
    RETURN NULL;
END $$;
"""
UNHEARD = """
SELECT w.noun, w.known FROM witnessed w
 WHERE NOT EXISTS (
    SELECT FROM audit_entries e
     WHERE e.object_type = w.noun AND e.request_id = $1 AND e.actor_id = $2 AND e.actor_kind = 'staff'
       AND position(split_part(e.object_id, '/', 1) IN w.known::text) > 0
       AND e.company_id = coalesce((w.known->>'company_id')::uuid, $3))
"""
WHO = "SELECT user_id FROM memberships WHERE company_id = $1 AND role = 'owner' ORDER BY created_at DESC"
# Bodies that change something, where those of `BODIES` leave the walk's rows as they are.
OWN_BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("PATCH", "/api/admin/company"): {"name": "Kedai Ana"},
    ("PATCH", "/api/admin/company/security"): {"verifyFirst": True},
    ("POST", "/api/admin/roles"): {"name": "Parcel room", "permissions": ["orders:read"]},
    ("PATCH", "/api/admin/roles/{role_id}"): {"name": "Mail room"},
    ("POST", "/api/admin/api-keys"): {"name": "Till", "scopes": ["orders:read"]},
    ("POST", "/api/admin/api-keys/{key_id}/rotate"): {"oldKeyHours": 1},
    ("POST", "/api/admin/invitations"): {"email": "new-colleague@example.com", "role": "orders"},
    ("PATCH", "/api/admin/staff/{user_id}"): {"role": "viewer"},
    ("POST", "/api/admin/sites"): {"name": "Second window", "currency": "USD"},
    ("PATCH", "/api/admin/sites/{site_id}"): {"name": "Another window"},
    ("PUT", "/api/admin/products/{product_id}"): {"title": "Deep bowl"},
    ("PUT", "/api/admin/products/{product_id}/variants/{variant_id}"): {"weightGrams": 6},
    ("PUT", "/api/admin/categories/{category_id}"): {"title": "Deep bowls"},
    ("PUT", "/api/admin/products/{product_id}/media/order"): {"mediaIds": ["{other_media_id}", "{media_id}"]},
}
# What these make is what the later calls of the walk change.
MAKERS = {
    "/api/admin/roles": "role_id",
    "/api/admin/api-keys": "key_id",
    "/api/admin/invitations": "invitation_id",
    "/api/admin/sites": "site_id",
    "/api/admin/locations": "new_location_id",
    "/api/admin/products/{product_id}/media": "other_media_id",
}
NOT_WALKED: dict[str, str] = {
    "POST /api/admin/products/{product_id}/variants": "its product has no options, so it has one variant",
    "POST /api/admin/customers/guests": "looks guests up; changes nothing",
    "POST /api/admin/customers/{customer_id}/export": "changes no watched row; an entry of its own says it",
    "POST /api/admin/customers/{customer_id}/erase": "the walk's customer has an account, which is theirs",
    "DELETE /api/admin/staff/{user_id}/sessions": "changes no watched row; an entry of its own says it",
    "POST /api/platform/companies": "for the company that runs the installation; writes as company creation",
}
WRITES = {"POST", "PUT", "PATCH", "DELETE"}
# One order goes through them in turn, before anything that it needs is removed.
LATER = ("/confirm", "/process", "/ship", "/deliver", "/cancel")


@pytest.fixture
async def witness(database: Database) -> AsyncIterator[Database]:
    """The worker's database with a witness on each watched table."""
    async with database.pool.acquire() as connection:
        await connection.execute(WITNESS)
        for table, audited in AUDITED.items():
            await connection.execute(
                f"CREATE TRIGGER witness AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW "
                f"EXECUTE FUNCTION witness('{audited.noun}', '{','.join(audited.ignored)}')"
            )
    yield database
    async with database.pool.acquire() as connection:
        await connection.execute("DROP FUNCTION witness CASCADE; DROP TABLE witnessed")


def staff_writes(app: Litestar, kind: str) -> list[tuple[str, str]]:
    """Method and path of each route that changes something and is for staff (`staff` or `staff_page`)."""
    found = []
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        path = TYPED.sub(r"{\1}", route.path_format)
        for handler in route.route_handlers:
            guards = [getattr(guard, "__name__", "") for guard in handler.resolve_guards()]
            if any(name.startswith(f"{kind}[") for name in guards):
                found += [(str(method), path) for method in set(handler.http_methods) & WRITES]
    return sorted(found, key=in_turn)


def in_turn(call: tuple[str, str]) -> tuple[bool, int, int, str, str]:
    """Makers first, one order's steps in their turn, removals at the end, parts before wholes."""
    method, path = call
    step = next((place for place, end in enumerate(LATER) if path.endswith(end)), -1)
    return (method == "DELETE", step, -path.count("/") if method == "DELETE" else 0, path, method)


async def unheard(witness: Database, request_id: str, actor: UUID, company_id: UUID) -> tuple[int, list[Any]]:
    """How many rows the witness saw change, and those that the log does not have; then it forgets."""
    rows = await witness.rows(UNHEARD, request_id, actor, company_id)
    seen = int(await witness.value("SELECT count(*) FROM witnessed"))
    await witness.rows("DELETE FROM witnessed")
    return seen, [(row[0], row[1][:200]) for row in rows]


async def test_each_change_over_the_api_is_in_the_log(
    app: Litestar, client: httpx.AsyncClient, runtime: Runtime, world: World, witness: Database
) -> None:
    owner = world.callers["owner"]
    company = world.shop.company_id
    actor = await witness.value(WHO, company)
    await witness.rows("UPDATE sign_ins SET confirmed_at = now() WHERE user_id = $1", actor)
    ids = world.ids | {"user_id": str(await new_colleague(runtime, world))}
    cancelled = await place(client, world.shop, world.goods)
    walked: dict[str, int] = {}
    refused: dict[str, str] = {}
    await witness.rows("DELETE FROM witnessed")
    for method, path in staff_writes(app, "staff"):
        if path.endswith("/cancel"):
            ids |= {"order_id": cancelled["id"]}
        if (method, path) == ("DELETE", "/api/admin/locations/{location_id}"):
            ids |= {"location_id": ids["new_location_id"]}  # nothing ever lay there
        answer = await client.request(method, filled(path, ids), headers=owner, **sent(method, path, ids))
        seen, lost = await unheard(witness, answer.headers["x-request-id"], actor, company)
        assert lost == [], f"{method} {path} changed rows of which the log does not know"
        if answer.is_success and seen:
            walked[f"{method} {path}"] = seen
            if method == "POST" and path in MAKERS:
                ids[MAKERS[path]] = id_in(answer.json())
        else:
            refused[f"{method} {path}"] = f"{answer.status_code} {answer.text[:200]}"

    assert len(walked) >= 40
    assert refused.keys() - NOT_WALKED.keys() == set(), refused
    assert NOT_WALKED.keys() - refused.keys() == set(), "walked now: take it out"


def sent(method: str, path: str, ids: dict[str, str]) -> dict[str, Any]:
    """What a call of the walk sends."""
    if path == "/api/admin/imports":
        return {"files": {"file": ("more.csv", CSV, "text/csv")}, "data": {"currency": "USD"}}
    if path.endswith("/logo") and method == "PUT":
        return {"files": {"file": ("logo.png", picture_bytes(size=(64, 64)), "image/png")}}
    if path.endswith("/media") and method == "POST":
        return {"files": {"file": ("cup.png", picture_bytes(size=(48, 32)), "image/png")}}
    body = OWN_BODIES.get((method, path), BODIES.get((method, path)))
    return {} if body is None or method == "DELETE" else {"json": filled(body, ids)}


def id_in(made: dict[str, Any]) -> str:
    """The id of what a call made, as its answer names it."""
    return str(made.get("id") or made["customRoleId"])


async def new_colleague(runtime: Runtime, world: World) -> UUID:
    """Somebody who works at the world's shop, too."""
    async with runtime.database.transaction() as session:
        user_id = await add_user(session, email=new_email(), name="Budi", password_hash=CHEAP_HASH)
        await add_member(session, world.shop.company_id, user_id, "orders")
    return user_id


async def test_forms_of_the_back_office_are_in_the_log(
    client: httpx.AsyncClient, runtime: Runtime, world: World, witness: Database
) -> None:
    office = await staff_office(client, runtime, world.shop)
    actor = await witness.value(WHO, world.shop.company_id)
    order = await place(client, world.shop, world.goods)
    rate = {"name": "PPN", "country": "ID", "percent": "11", "priority": "1"}
    forms: list[tuple[str, dict[str, str]]] = [
        ("/admin/categories/new", {"title": "Plates"}),
        ("/admin/tax/new", rate),
        (f"/admin/tax/{world.ids['rate_id']}", rate),
        (f"/admin/stock/{world.ids['variant_id']}/rules", {"reorder_level": "4"}),
        ("/admin/stock/locations", {"name": "Attic", "priority": "3"}),
        (f"/admin/orders/{order['id']}/confirm", {}),
        (f"/admin/orders/{order['id']}/process", {}),
        (f"/admin/products/{world.ids['product_id']}/archive", {}),
        (f"/admin/tax/{world.ids['rate_id']}/remove", {}),
    ]
    await witness.rows("DELETE FROM witnessed")
    for path, fields in forms:
        answer = await office.send(path, fields)
        assert answer.status_code == 303, (path, answer.status_code, answer.text[:2000])
        seen, lost = await unheard(witness, answer.headers["x-request-id"], actor, world.shop.company_id)
        assert seen > 0, path
        assert lost == [], f"{path} changed rows of which the log does not know"


def test_a_write_past_the_transaction_is_refused_in_tests(database: Database) -> None:
    statement = "UPDATE products SET title = 'x' WHERE false"
    refuse_unheard(statement)
    act_as(Acting(kind="job", name="test"))
    try:
        refuse_unheard("UPDATE carts SET status = 'x'")
        refuse_unheard("SELECT * FROM products FOR UPDATE")
        for unheard_one in (
            statement,
            "insert into\n  orders (id)",
            "WITH x AS (DELETE FROM prices) SELECT 1",
        ):
            with pytest.raises(UnheardWrite):
                refuse_unheard(unheard_one)
    finally:
        act_as(None)
