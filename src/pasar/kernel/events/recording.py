"""How a fact is recorded: with the writer's change, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.events.facts import Fact, Subscriber
from pasar.kernel.ids import new_id

# The position's row lock is held until the writer commits: so positions of a key follow the
# order of commits, which a bare sequence would not.
RECORD = """
WITH place AS (
    INSERT INTO event_positions AS p (company_id, key, position) VALUES ($1, $2, 1)
    ON CONFLICT (company_id, key) DO UPDATE SET position = p.position + 1
    RETURNING position
), fact AS (
    INSERT INTO events (company_id, id, type, topic, key, position, occurred_at, data, traceparent)
    SELECT $1, $3, $4, $5, $2, position, $6, $7::text::jsonb, $8 FROM place
)
INSERT INTO event_deliveries (company_id, event_id, subscriber, key, position)
SELECT $1, $3, subscriber, $2, position FROM place, unnest($9::text[]) AS subscriber
"""

_subscribers: dict[str, list[str]] = {}


def register_subscribers(subscribers: Iterable[Subscriber]) -> None:
    """Tell recording who listens to what: the static registry, whatever this process serves."""
    _subscribers.clear()
    for subscriber in subscribers:
        for kind in subscriber.types:
            _subscribers.setdefault(kind, []).append(subscriber.name)


def subscribers_of(kind: str) -> Sequence[str]:
    """The names of those who listen to facts of `kind`."""
    return _subscribers.get(kind, ())


async def record(
    session: AsyncSession, company_id: UUID, fact: Fact, *, at: datetime, traceparent: str | None = None
) -> UUID:
    """Record `fact` in the writer's transaction and answer its id. One statement."""
    event_id = new_id()
    data = msgspec.json.encode(fact).decode()
    await fetch(
        session,
        RECORD,
        (
            company_id,
            fact.key(),
            event_id,
            fact.type,
            fact.topic,
            at,
            data,
            traceparent,
            list(subscribers_of(fact.type)),
        ),
    )
    return event_id
