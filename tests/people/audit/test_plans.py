"""With a hundred thousand entries in one company, and more in others, every look-up stays on an index."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from pasar.kernel.db.database import Database, fetch
from pasar.kernel.ids import new_id
from pasar.people.audit.entries import Sought
from pasar.people.audit.queries import PAGE, PLAN_ANEW, arguments_of, entries_page

ENTRIES = 100_000
SOMEBODY, RARE = UUID(int=7), UUID(int=8)
# Measured 1 to 25 ms on two busy cores; fivefold slack and more.
DEADLINE_SECONDS = 0.2

# One in 200 by RARE, one in ten of type `order`; words: a number of its own, and `common` in each.
FILL = """
INSERT INTO audit_entries (company_id, id, at, actor_kind, actor_id, action, object_type, object_id, after)
SELECT $1, encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
           PLACING substring(int8send((extract(epoch FROM at) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
           52, 1), 53, 1), 'hex')::uuid,
       at, 'staff', CASE WHEN n % 200 = 0 THEN $3::uuid ELSE $2::uuid END,
       CASE WHEN n % 10 = 0 THEN 'order.changed' ELSE 'product.changed' END,
       CASE WHEN n % 10 = 0 THEN 'order' ELSE 'product' END, 'thing-' || n,
       jsonb_build_object('title', 'common word' || n)
  FROM (SELECT n, now() - (n * interval '1 minute') AS at FROM generate_series(1, $4::int) n) AS moments
"""

WANTED = {
    "all": Sought(),
    "actor": Sought(actor=RARE),
    "action": Sought(action="order.changed"),
    "an action that never was": Sought(action="nothing.changed"),
    "type": Sought(object_type="order"),
    "a type that never was": Sought(object_type="nothing"),
    "object": Sought(object_type="order", object_id="thing-50000"),
    "period": Sought(
        since=datetime.now(UTC) - timedelta(days=31), until=datetime.now(UTC) - timedelta(days=30)
    ),
    "old period and type": Sought(until=datetime.now(UTC) - timedelta(days=60), object_type="order"),
    "rare word": Sought(text="word77777"),
    "common word": Sought(text="common"),
    "word that never was": Sought(text="nowhere"),
    "beginning": Sought(text="word7777"),
    "rare word and actor": Sought(text="word77777", actor=SOMEBODY),
}


async def plan_of(database: Database, company_id: UUID, sought: Sought) -> str:
    async with database.transaction() as session:
        await fetch(session, PLAN_ANEW)
        rows: list[Any] = await fetch(session, f"EXPLAIN {PAGE}", arguments_of(company_id, sought, limit=51))
    return "\n".join(row[0] for row in rows)


@pytest.mark.slow
async def test_lists_and_search_stay_on_indexes(fresh_database: Database) -> None:
    company, other = new_id(), new_id()
    await fresh_database.rows(FILL, company, SOMEBODY, RARE, ENTRIES)
    await fresh_database.rows(FILL, other, SOMEBODY, RARE, ENTRIES // 5)
    await fresh_database.rows("ANALYZE audit_entries")

    for name, sought in WANTED.items():
        plan = await plan_of(fresh_database, company, sought)
        assert "Seq Scan" not in plan, f"{name}:\n{plan}"
        assert "Index" in plan, f"{name}:\n{plan}"
        best = 9.0
        for _ in range(3):
            started = time.perf_counter()
            async with fresh_database.transaction() as session:
                found, _more = await entries_page(session, company, sought, limit=50)
            best = min(best, time.perf_counter() - started)
        assert (len(found) == 0) == ("never was" in name), name
        assert best < DEADLINE_SECONDS, f"{name}: {best:.3f} s\n{plan}"
