"""`pasar events`: facts that failed too often and stop their key, and setting them free."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pasar.kernel.config import Settings
from pasar.kernel.db.database import Database
from pasar.roles.attaching import database_of

HELD = """
SELECT d.subscriber, e.type, d.key, d.attempts, d.last_error,
       (SELECT count(*) FROM event_deliveries later
         WHERE later.company_id = d.company_id AND later.subscriber = d.subscriber AND later.key = d.key
           AND later.position > d.position AND later.delivered_at IS NULL) AS waiting
  FROM event_deliveries d
  JOIN events e ON e.company_id = d.company_id AND e.id = d.event_id
 WHERE d.held AND d.delivered_at IS NULL
 ORDER BY d.subscriber, d.key LIMIT 100
"""
# The whole key: those that wait behind the held one were put off, too.
RELEASE = """
UPDATE event_deliveries d SET held = false, attempts = 0, next_attempt_at = now()
 WHERE d.delivered_at IS NULL AND ($1::text IS NULL OR d.subscriber = $1)
   AND EXISTS (
       SELECT 1 FROM event_deliveries held
        WHERE held.company_id = d.company_id AND held.subscriber = d.subscriber AND held.key = d.key
          AND held.held AND held.delivered_at IS NULL)
"""


async def run_events(settings: Settings, console: Console, *, release: bool, subscriber: str | None) -> bool:
    """Show held facts, or try them again; answer whether any is held still."""
    async with database_of(settings) as address:
        database = await Database.open(address)
        try:
            if release:
                tag = await database.pool.execute(RELEASE, subscriber)
                console.print(f"{tag.rsplit(' ', 1)[-1]} deliveries are tried again now.")
            rows = await database.rows(HELD)
        finally:
            await database.close()
    if not rows:
        console.print("No fact is held.")
        return False
    table = Table("subscriber", "fact", "key", "tries", "waiting behind", "last error")
    for row in rows:
        table.add_row(row[0], row[1], row[2], str(row[3]), str(row[5]), Text(row[4] or ""))
    console.print(table)
    console.print("Mend the cause, then run: pasar events --release")
    return True
