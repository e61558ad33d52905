"""`pasar events`: a held fact is shown, and released with everything that waits behind it."""

from __future__ import annotations

import dataclasses
import io

from rich.console import Console

from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database
from pasar.kernel.ids import new_id
from pasar.roles.events_command import run_events

FILL = """
WITH facts AS (
    INSERT INTO events (company_id, id, type, topic, key, position, occurred_at, data)
    SELECT $1, gen_random_uuid(), 'test.counted', 'test-events', $2, n, now(), '{}'
      FROM generate_series(1, $3) AS n
    RETURNING *
)
INSERT INTO event_deliveries
    (company_id, event_id, subscriber, key, position, held, attempts, last_error, next_attempt_at)
SELECT company_id, id, 'steady', key, position, position = 1, 8, 'ValueError: [bad] news',
       now() + interval '15 minutes'
  FROM facts
"""
DUE = """
SELECT count(*) FROM event_deliveries
 WHERE key = $1 AND NOT held AND attempts = 0 AND next_attempt_at <= now()
"""


async def test_held_facts_are_shown_and_released_with_their_key(
    fresh_database: Database, settings: Settings
) -> None:
    here = dataclasses.replace(settings, database=fresh_database.address)
    company = new_id()
    await fresh_database.rows(FILL, company, "order:held", 3)
    await fresh_database.rows(FILL, new_id(), "order:other", 1)
    await fresh_database.rows("UPDATE event_deliveries SET held = false WHERE key = 'order:other'")

    said = io.StringIO()
    assert await run_events(here, Console(file=said, width=160), release=False, subscriber=None)
    assert "order:held" in said.getvalue()
    assert "[bad] news" in said.getvalue()
    assert "order:other" not in said.getvalue()

    assert await run_events(here, Console(file=io.StringIO()), release=True, subscriber="nobody")
    assert not await run_events(here, Console(file=io.StringIO()), release=True, subscriber="steady")
    assert await fresh_database.value(DUE, "order:held") == 3
    assert await fresh_database.value(DUE, "order:other") == 0
