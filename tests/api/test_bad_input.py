"""Bad input, row by row: each gets a clear problem document, and nothing in the whole company changes."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest

from api.bad_calls import ITEM, JSON, Bad
from api.bad_carts import CART_ROWS
from api.bad_elsewhere import OTHER_ROWS
from api.bodies import filled
from api.world import World, make_world
from pasar.kernel.db.tables import Base
from pasar.kernel.ids import hash_token, new_id
from pasar.kernel.runtime import Runtime
from support.goods import make_product
from support.shops import make_shop


@pytest.fixture(scope="module")
async def spoilt(runtime: Runtime, world_to_read: World) -> dict[str, str]:
    """The ids of the worker's world, and of what nobody may buy."""
    shop = world_to_read.shop
    draft = await make_product(runtime, shop, status="draft")
    archived = await make_product(runtime, shop, status="archived")
    rupiah = await make_product(runtime, shop, currency="IDR")
    sizes = await make_product(runtime, shop, variants={"S": "5.00", "M": "6.00", "L": "7.00"})
    foreign, old = await make_shop(runtime), new_id()
    async with runtime.database.transaction() as session:
        connection = await session.connection()
        await connection.exec_driver_sql(
            "UPDATE variants SET is_active = false WHERE company_id = $1 AND id = $2",
            (shop.company_id, sizes.variant_ids[0]),
        )
        await connection.exec_driver_sql(
            "INSERT INTO carts (company_id, id, site_id, token_hash, currency, status, expires_at,"
            " last_activity_at) VALUES ($1, $2, $3, $4, 'USD', 'active', $5, $5)",
            (
                shop.company_id,
                old,
                shop.site_id,
                hash_token("an-old-token"),
                runtime.clock.now() - timedelta(seconds=1),
            ),
        )
    return world_to_read.ids | {
        "draft_id": str(draft.product_id),
        "draft_variant_id": str(draft.variant_ids[0]),
        "archived_id": str(archived.product_id),
        "rupiah_id": str(rupiah.product_id),
        "sizes_id": str(sizes.product_id),
        "inactive_id": str(sizes.variant_ids[0]),
        "foreign_cart_id": str(new_id()),
        "old_cart_id": str(old),
        "foreign_company_id": str(foreign.company_id),
    }


@pytest.mark.parametrize("bad", [*CART_ROWS, *OTHER_ROWS], ids=lambda bad: bad.told)
async def test_bad_input(
    client: httpx.AsyncClient, runtime: Runtime, world_to_read: World, spoilt: dict[str, str], bad: Bad
) -> None:
    path, body, extra = filled([bad.path, bad.body, bad.headers], spoilt)
    headers = [*(world_to_read.callers[bad.caller] | extra).items(), *bad.repeated]
    content = bad.content if bad.content is not None or body is None else json.dumps(body).encode()
    if bad.content is None and body is not None:
        headers += JSON.items()
    before = await rows_of(runtime, world_to_read)

    answer = await client.request(bad.method, path, content=content, files=bad.files, headers=headers)

    document = answer.json()
    assert (answer.status_code, document["code"]) == (bad.status, bad.code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in document.get("errors", ())] == list(bad.fields), answer.text
    assert document["title"]
    assert len(document["detail"]) > 10
    assert all(error["code"] and error["message"] for error in document.get("errors", ()))
    assert await rows_of(runtime, world_to_read) == before


async def rows_of(runtime: Runtime, world: World) -> dict[str, tuple[int, int]]:
    """For every table of the company: how many rows, and a sum over all that they say."""
    counts = [
        f"SELECT '{name}', count(*), coalesce(sum(hashtext(t::text)), 0) FROM {name} t WHERE company_id = $1"
        for name, table in sorted(Base.metadata.tables.items())
        if "company_id" in table.columns
    ]
    found = await runtime.database.rows(" UNION ALL ".join(counts), world.shop.company_id)
    return {row[0]: (row[1], row[2]) for row in found}


async def test_rows_are_counted_at_all(
    client: httpx.AsyncClient, runtime: Runtime, world_to_read: World
) -> None:
    """Else the comparisons above would prove nothing."""
    world = await make_world(runtime, client)
    before = await rows_of(runtime, world)
    headers = world.callers["guest"]
    answer = await client.patch(filled(ITEM, world.ids), json={"quantity": 2}, headers=headers)
    assert answer.status_code == 200, answer.text

    after = await rows_of(runtime, world)
    assert {name for name in after if after[name] != before[name]} == {"cart_lines", "carts"}
    assert {name for name, (count, _) in after.items() if count} >= {"products", "orders", "cart_lines"}
