"""The relay: carries recorded facts to their subscribers.

A delivery is claimed with SKIP LOCKED, only when no earlier one of the same subscriber and key
is still waiting, and is marked in the subscriber's own transaction. So any number of relays may
run, a killed one loses nothing, and a fact that keeps failing stops its own key only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import msgspec
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from pasar.kernel.db.database import fetch
from pasar.kernel.events.facts import Delivered, Subscriber
from pasar.kernel.runtime import Runtime

log = structlog.get_logger(__name__)

IDLE_SECONDS = 0.15
OUTAGE_SECONDS = 1.0
MOST_ATTEMPTS = 8
PARK_EVERY = 100
LONGEST_WAIT = timedelta(minutes=15)

CLAIM = """
SELECT d.company_id, d.event_id, d.subscriber, d.key, d.position, e.type, e.occurred_at, e.data::text
  FROM event_deliveries d
  JOIN events e ON (e.company_id, e.id) = (d.company_id, d.event_id)
 WHERE d.delivered_at IS NULL AND NOT d.held AND d.next_attempt_at <= now() AND d.subscriber = ANY($1)
   AND NOT EXISTS (
       SELECT 1 FROM event_deliveries earlier
        WHERE earlier.company_id = d.company_id AND earlier.subscriber = d.subscriber AND earlier.key = d.key
          AND earlier.position < d.position AND earlier.delivered_at IS NULL)
 ORDER BY d.next_attempt_at, d.position
 LIMIT 1
   FOR UPDATE OF d SKIP LOCKED
"""
# What waits behind a failed delivery would be looked at by every claim (5,000 such: 40 ms each).
# So it is put off until its head is due again; behind one that is held, for a while.
PARK = """
WITH blocked AS MATERIALIZED (
    SELECT d.company_id, d.event_id, d.subscriber,
           CASE WHEN head.held THEN now() + $2::interval ELSE head.next_attempt_at END AS until
      FROM event_deliveries d
     CROSS JOIN LATERAL (
         SELECT first.held, first.next_attempt_at
           FROM event_deliveries first
          WHERE first.company_id = d.company_id AND first.subscriber = d.subscriber AND first.key = d.key
            AND first.position < d.position AND first.delivered_at IS NULL
          ORDER BY first.position LIMIT 1) AS head
     WHERE d.delivered_at IS NULL AND NOT d.held AND d.next_attempt_at <= now() AND d.subscriber = ANY($1)
       AND (head.held OR head.next_attempt_at > now())
       FOR UPDATE OF d SKIP LOCKED
)
UPDATE event_deliveries d SET next_attempt_at = blocked.until
  FROM blocked
 WHERE (d.company_id, d.event_id, d.subscriber) = (blocked.company_id, blocked.event_id, blocked.subscriber)
"""
MARK = """
UPDATE event_deliveries SET delivered_at = now(), last_error = NULL
 WHERE company_id = $1 AND event_id = $2 AND subscriber = $3
"""
FAILED = """
UPDATE event_deliveries
   SET attempts = attempts + 1, last_error = $4, held = attempts + 1 >= $5,
       next_attempt_at = now() + least($6::interval, $7::interval * (2 ^ attempts))
 WHERE company_id = $1 AND event_id = $2 AND subscriber = $3 AND delivered_at IS NULL
RETURNING attempts, held
"""


class Relay:
    """Delivers to the subscribers that it is given.

    A failed delivery waits `first_wait`, then twice that …, and is held after `MOST_ATTEMPTS`.
    """

    def __init__(
        self,
        runtime: Runtime,
        subscribers: Iterable[Subscriber],
        *,
        hands: int = 4,
        first_wait: timedelta = timedelta(seconds=1),
    ) -> None:
        self.runtime = runtime
        self.first_wait = first_wait
        self.subscribers = {subscriber.name: subscriber for subscriber in subscribers}
        self.hands = hands

    async def run(self) -> None:
        """Deliver until the runtime closes."""
        await asyncio.gather(*(self._work() for _ in range(self.hands)))

    async def drain(self) -> int:
        """Deliver everything that is due now, and answer how many deliveries were tried."""
        tried = 0
        while await self.deliver_one():
            tried += 1
        return tried

    async def deliver_one(self) -> bool:
        """Claim one delivery and hand it over; False when none is due. Never raises for a handler."""
        claimed: tuple[Any, ...] | None = None
        try:
            async with self.runtime.database.transaction() as session:
                rows = await fetch(session, CLAIM, (list(self.subscribers),))
                if not rows:
                    return False
                claimed = tuple(rows[0])
                await self._deliver(session, claimed)
        except Exception as problem:
            if claimed is None:
                raise
            # The connection broke, or the commit was refused. When the database is away, this raises too.
            async with self.runtime.database.transaction() as session:
                await self._note_failure(session, claimed, problem)
        return True

    async def _deliver(self, session: AsyncSession, claimed: tuple[Any, ...]) -> None:
        """Hand over within a savepoint, so that a failure is noted before the claim is given up: else
        the other hands would try it again at once, and its tries be spent within a moment.

        Every failure counts: a handler's own time-out or missing file looks like an outage and is none.
        """
        try:
            async with session.begin_nested():
                await self._hand_over(session, claimed)
        except Exception as problem:
            await self._note_failure(session, claimed, problem)

    async def _hand_over(self, session: AsyncSession, claimed: tuple[Any, ...]) -> None:
        company_id, event_id, subscriber, key, position, kind, occurred_at, data = claimed
        fact = Delivered(event_id, kind, company_id, key, position, occurred_at, msgspec.json.decode(data))
        await self.subscribers[subscriber].handle(self.runtime, session, fact)
        await fetch(session, MARK, (company_id, event_id, subscriber))

    async def _note_failure(
        self, session: AsyncSession, claimed: tuple[Any, ...], problem: Exception
    ) -> None:
        company_id, event_id, subscriber, key = claimed[:4]
        told = f"{type(problem).__name__}: {problem}"[:500]
        limits = (MOST_ATTEMPTS, LONGEST_WAIT, self.first_wait)
        rows = await fetch(session, FAILED, (company_id, event_id, subscriber, told, *limits))
        held = bool(rows and rows[0][1])
        log.warning(
            "event.failed", subscriber=subscriber, key=key, eventId=str(event_id), held=held, exc_info=problem
        )

    async def park(self) -> None:
        """Put off what waits behind a delivery that failed, so that claims need not look at it."""
        await self.runtime.database.rows(PARK, list(self.subscribers), LONGEST_WAIT)

    async def _work(self) -> None:
        closing = self.runtime.closing
        delivered = 0
        while not closing.is_set():
            try:
                busy = await self.deliver_one()
                delivered += 1
                if not busy or delivered % PARK_EVERY == 0:
                    await self.park()
            except Exception as problem:
                if self.runtime.database.up:  # an outage is told once, by the database
                    log.warning("relay.waiting", reason=type(problem).__name__)
                busy = False
                await _pause(closing, OUTAGE_SECONDS)
            if not busy:
                await _pause(closing, IDLE_SECONDS)


async def _pause(closing: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(closing.wait(), seconds)
    except TimeoutError:
        return
