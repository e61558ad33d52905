"""Limits on failures: so many wrong passwords, codes or order numbers, then wait.

Counted in the database, so that every process and a restart see the same. Subjects (an e-mail,
an address) are stored as keyed hashes.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from pasar.kernel.errors import TooMany
from pasar.kernel.ids import new_id
from pasar.kernel.runtime import Runtime


@dataclass(frozen=True, slots=True)
class FailureLimit:
    """At most `most` failures of one subject in `window`."""

    scope: str
    most: int
    window: timedelta = timedelta(minutes=15)


COUNT = """
SELECT l.scope, count(f.id), min(f.at)
  FROM unnest($1::text[], $2::bytea[], $3::timestamptz[]) AS l(scope, subject, since)
  JOIN failed_attempts f ON f.scope = l.scope AND f.subject = l.subject AND f.at > l.since
 GROUP BY l.scope
"""
NOTE = """
INSERT INTO failed_attempts (id, scope, subject, at)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::timestamptz[])
"""
FORGET = "DELETE FROM failed_attempts WHERE scope = $1 AND subject = $2"


def _subject(runtime: Runtime, text: str) -> bytes:
    return hmac.new(runtime.key("limits"), text.strip().lower().encode(), hashlib.sha256).digest()


async def refuse_after_failures(runtime: Runtime, limits: Sequence[tuple[FailureLimit, str]]) -> None:
    """Raise `TooMany` with `Retry-After` when a subject has failed too often. One statement."""
    now = runtime.clock.now()
    rows = await runtime.database.rows(
        COUNT,
        [limit.scope for limit, _ in limits],
        [_subject(runtime, subject) for _, subject in limits],
        [now - limit.window for limit, _ in limits],
    )
    counted = {row[0]: (row[1], row[2]) for row in rows}
    for limit, _ in limits:
        failures, first = counted.get(limit.scope, (0, now))
        if failures >= limit.most:
            wait = max(1, int((first + limit.window - now).total_seconds()) + 1)
            minutes = -(-wait // 60)
            raise TooMany(
                "too_many_failures",
                f"Too many tries failed. Wait {minutes} minutes, then try again.",
                headers={"Retry-After": str(wait)},
            )


async def note_failure(runtime: Runtime, limits: Sequence[tuple[FailureLimit, str]]) -> None:
    """Count one failure for each subject, by a transaction of its own."""
    now = runtime.clock.now()
    await runtime.database.rows(
        NOTE,
        [new_id() for _ in limits],
        [limit.scope for limit, _ in limits],
        [_subject(runtime, subject) for _, subject in limits],
        [now] * len(limits),
    )


async def forget_failures(runtime: Runtime, limit: FailureLimit, subject: str) -> None:
    """Forget the failures of a subject that has now succeeded."""
    await runtime.database.rows(FORGET, limit.scope, _subject(runtime, subject))
