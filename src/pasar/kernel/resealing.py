"""Bring every sealed value under the present data key: after a rotation, and each night for stragglers.

A value is replaced only while it still is what was read, so that nobody waits and a writer in between wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import structlog

from pasar.kernel.acting import Acting, acting_as
from pasar.kernel.crypto import SealBroken, SealedColumn, context_of, sealed_columns
from pasar.kernel.db.database import Database, fetch
from pasar.kernel.jobs import Job, Schedule
from pasar.kernel.runtime import Runtime

log = structlog.get_logger(__name__)

RESEAL_JOB: Final = "secrets.reseal"
BATCH: Final = 200
# The bytes of a sealed value that say which key sealed it (`kernel.crypto.sealing`).
KEY_IN = "substring({column} FROM 2 FOR 16)"


@dataclass(frozen=True, slots=True)
class Progress:
    """How many values a sealed column has, and how many of them are under the present key."""

    column: SealedColumn
    done: int
    total: int


async def progress(database: Database, present: UUID) -> list[Progress]:
    """Where each sealed column stands."""
    found = []
    for column in sealed_columns():
        row = await database.row(_count_sql(column), present.bytes)
        assert row is not None, "a count has a row"
        found.append(Progress(column, row[0], row[1]))
    return found


async def reseal(runtime: Runtime) -> int:
    """Seal anew whatever another key sealed; how many those were. What does not open is told and left."""
    ring = await runtime.secrets.reload()
    present = ring.present("data")
    if present is None:
        return 0  # nothing was ever sealed
    changed = 0
    with acting_as(Acting(kind="job", name=RESEAL_JOB)):
        for column in sealed_columns():
            changed += await _reseal_column(runtime, column, present.id)
    return changed


async def _reseal_column(runtime: Runtime, column: SealedColumn, present: UUID) -> int:
    changed, after = 0, None
    while rows := await runtime.database.rows(
        _batch_sql(column, first=after is None), present.bytes, *(after or ())
    ):
        for row in rows:
            changed += await _reseal_value(runtime, column, row)
        after = tuple(rows[-1][name] for name in column.key)
    return changed


async def _reseal_value(runtime: Runtime, column: SealedColumn, row: Any) -> bool:
    key, former = [row[name] for name in column.key], row[column.column]
    context = context_of(*(row[name] for name in column.context))
    try:
        plain = await runtime.secrets.open(column.purpose, former, context=context)
    except SealBroken as problem:
        log.error("secrets.broken", table=column.table, column=column.column, reason=str(problem))
        return False
    sealed = await runtime.secrets.seal(column.purpose, plain, context=context)
    async with runtime.database.transaction() as session:
        return bool(await fetch(session, _replace_sql(column), (sealed, former, *key)))


# Names of tables and columns come from the code's own registry, which admits nothing but [a-z0-9_].
def _count_sql(column: SealedColumn) -> str:
    key_in = KEY_IN.format(column=column.column)
    return (
        f"SELECT count(*) FILTER (WHERE {key_in} = $1), count(*) FROM {column.table} "  # noqa: S608  see above
        f"WHERE {column.column} IS NOT NULL"
    )


def _batch_sql(column: SealedColumn, *, first: bool) -> str:
    names = ", ".join(dict.fromkeys((*column.key, *column.context, column.column)))
    key = ", ".join(column.key)
    after = ", ".join(f"${number}" for number in range(2, 2 + len(column.key)))
    onward = "" if first else f" AND ({key}) > ({after})"
    return (
        f"SELECT {names} FROM {column.table} "  # noqa: S608  see above
        f"WHERE {KEY_IN.format(column=column.column)} <> $1{onward} ORDER BY {key} LIMIT {BATCH}"
    )


def _replace_sql(column: SealedColumn) -> str:
    where = " AND ".join(f"{name} = ${number}" for number, name in enumerate(column.key, start=3))
    return (
        f"UPDATE {column.table} SET {column.column} = $1 "  # noqa: S608  see above
        f"WHERE {column.column} = $2 AND {where} RETURNING 1"
    )


async def _work(runtime: Runtime, _: dict[str, Any]) -> None:
    log.info("secrets.resealed", values=await reseal(runtime))


async def _nightly(runtime: Runtime) -> None:
    await _work(runtime, {})


# Not noted in the audit log: the same values under another key.
RESEAL_JOBS = (Job(RESEAL_JOB, _work, noted=False),)
RESEAL_SCHEDULES = (Schedule("secrets.reseal_stragglers", "40 3 * * *", _nightly, noted=False),)
