"""Limits on failures: so many wrong passwords, codes or order numbers, then wait.

Counted in the database, so that every process and a restart see the same. Subjects (an e-mail,
an address) are stored as keyed hashes.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from pasar.kernel.db.database import fetch
from pasar.kernel.errors import TooMany
from pasar.kernel.ids import new_id
from pasar.kernel.network_addresses import network_of
from pasar.kernel.runtime import Runtime

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FailureLimit:
    """At most `most` failures of one subject in `window`.

    The subjects of a scope that ends in `.address` are network addresses. IPv6 counts by what one subscriber
    holds (`network_of`), as with calls: a new address of a /64 for each try would otherwise be a limit each.
    """

    scope: str
    most: int
    window: timedelta = timedelta(minutes=15)


COUNT = """
SELECT l.scope, count(f.id), min(f.at)
  FROM unnest($1::text[], $2::bytea[], $3::timestamptz[]) AS l(scope, subject, since)
  JOIN failed_attempts f ON f.scope = l.scope AND f.subject = l.subject AND f.at > l.since
 GROUP BY l.scope
"""
# The key is of the subject alone: an address takes its turns whatever it tries.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock($1)"
NOTE = """
INSERT INTO failed_attempts (id, scope, subject, at)
SELECT * FROM unnest($1::uuid[], $2::text[], $3::bytea[], $4::timestamptz[])
"""
FORGET = "DELETE FROM failed_attempts WHERE scope = $1 AND subject = $2"


def _subject(runtime: Runtime, limit: FailureLimit, text: str) -> bytes:
    if limit.scope.endswith(".address"):
        text = network_of(text)
    return hmac.new(runtime.key("limits"), text.strip().lower().encode(), hashlib.sha256).digest()


async def refuse_after_failures(runtime: Runtime, limits: Sequence[tuple[FailureLimit, str]]) -> None:
    """Raise `TooMany` with `Retry-After` when a subject has failed too often. One statement.

    Ask before the work, to spare it, and again before a success is told: others may have failed meanwhile.
    """
    now = runtime.clock.now()
    subjects = [_subject(runtime, limit, subject) for limit, subject in limits]
    _refuse(limits, await runtime.database.rows(COUNT, *_counting(limits, subjects, now)), now)


def _counting(
    limits: Sequence[tuple[FailureLimit, str]], subjects: list[bytes], now: datetime
) -> tuple[list[str], list[bytes], list[datetime]]:
    """The parameters of `COUNT`."""
    return [limit.scope for limit, _ in limits], subjects, [now - limit.window for limit, _ in limits]


def _refuse(limits: Sequence[tuple[FailureLimit, str]], rows: Sequence[Any], now: datetime) -> None:
    counted = {row[0]: (row[1], row[2]) for row in rows}
    for limit, _ in limits:
        failures, first = counted.get(limit.scope, (0, now))
        if failures >= limit.most:
            wait = max(1, int((first + limit.window - now).total_seconds()) + 1)
            minutes = -(-wait // 60)
            log.info("limit.reached", limit=limit.scope, seconds=wait)  # whose it is would be personal
            raise TooMany(
                "too_many_failures",
                f"Too many tries failed. Wait {minutes} minutes, then try again.",
                headers={"Retry-After": str(wait)},
            )


async def note_failure(
    runtime: Runtime, limits: Sequence[tuple[FailureLimit, str]]
) -> frozenset[FailureLimit]:
    """Count one failure for each subject, before it is told. Raises `TooMany` instead when others of one
    subject, tried at the same moment, have used up its limit meanwhile: so a hundred tries sent together
    learn no more than as many sent one after another. A transaction of its own, one at a time per subject.
    Answers the limits that this failure has used up.
    """
    now = runtime.clock.now()
    subjects = [_subject(runtime, limit, subject) for limit, subject in limits]
    # In one order for everybody, so that two of them never wait for each other.
    keys = sorted(int.from_bytes(subject[:8], signed=True) for subject in set(subjects))
    async with runtime.database.transaction() as session:
        for key in keys:
            await fetch(session, ONE_AT_A_TIME, (key,))
        counted = await fetch(session, COUNT, _counting(limits, subjects, now))
        _refuse(limits, counted, now)
        scopes = [limit.scope for limit, _ in limits]
        noted = ([new_id() for _ in limits], scopes, subjects, [now] * len(limits))
        await fetch(session, NOTE, noted)
    before = {row[0]: row[1] for row in counted}
    return frozenset(limit for limit, _ in limits if before.get(limit.scope, 0) + 1 >= limit.most)


async def forget_failures(runtime: Runtime, limit: FailureLimit, subject: str) -> None:
    """Forget the failures of a subject that has now succeeded."""
    await runtime.database.rows(FORGET, limit.scope, _subject(runtime, limit, subject))
