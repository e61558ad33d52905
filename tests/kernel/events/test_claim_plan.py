"""Claiming stays cheap: a long history, a long queue, and a long queue behind a failure cost nothing."""

from __future__ import annotations

import json
import os
from typing import Any

from pasar.kernel.db.database import Database
from pasar.kernel.events.relay import CLAIM, LONGEST_WAIT, PARK
from support.relay_program import COMPANY

DELIVERED, WAITING = (100_000, 5_000) if os.environ.get("PASAR_TEST_LARGE") == "1" else (20_000, 2_000)
FILL = """
WITH facts AS (
    INSERT INTO events (company_id, id, type, topic, key, position, occurred_at, data)
    SELECT $1, gen_random_uuid(), 'test.counted', 'test-events', $2 || n % $4, n / $4 + 1, now(), '{}'
      FROM generate_series(0, $3 - 1) AS n
    RETURNING *
)
INSERT INTO event_deliveries (company_id, event_id, subscriber, key, position, delivered_at)
SELECT company_id, id, 'steady', key, position, CASE WHEN $5 THEN now() END FROM facts
"""
FAIL_HEADS = (
    "UPDATE event_deliveries SET attempts = 8, held = true WHERE delivered_at IS NULL AND position = 1"
)


async def plan_of_claim(database: Database) -> dict[str, Any]:
    async with database.pool.acquire() as connection:
        explained = await connection.fetchval(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {CLAIM}", ["steady"])
    plan: dict[str, Any] = json.loads(explained)[0]["Plan"]
    return plan


async def test_the_plan(fresh_database: Database) -> None:
    await fresh_database.rows(FILL, COMPANY, "old:", DELIVERED, 50, True)
    await fresh_database.rows(FILL, COMPANY, "new:", WAITING, 50, False)
    await fresh_database.rows("ANALYZE event_deliveries")

    plan = await plan_of_claim(fresh_database)

    text = json.dumps(plan)
    assert '"ix_event_deliveries_due"' in text
    assert '"ix_event_deliveries_waiting"' in text
    assert "Seq Scan" not in text
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] < 50


async def test_a_queue_behind_failures_is_passed_by(fresh_database: Database) -> None:
    await fresh_database.rows(FILL, COMPANY, "bad:", WAITING, 1, False)
    await fresh_database.rows(FAIL_HEADS)
    await fresh_database.rows("ANALYZE event_deliveries")
    before = await plan_of_claim(fresh_database)

    await fresh_database.rows(PARK, ["steady"], LONGEST_WAIT)
    await fresh_database.rows("VACUUM ANALYZE event_deliveries")
    after = await plan_of_claim(fresh_database)

    assert before["Actual Rows"] == after["Actual Rows"] == 0
    assert before["Shared Hit Blocks"] > WAITING, "or else there is nothing to put off"
    assert after["Shared Hit Blocks"] + after["Shared Read Blocks"] < 50
