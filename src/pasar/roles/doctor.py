"""`pasar doctor`: looks at everything that Pasar needs, and says what to do about what is wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg
from rich.console import Console
from rich.table import Table

from pasar.delivery.notifications.public import failed_messages
from pasar.kernel.config import Settings
from pasar.kernel.config.data_keys import RootKey
from pasar.kernel.crypto.ring import unwrap
from pasar.kernel.db.addresses import DatabaseAddress
from pasar.kernel.db.database import Database, DatabaseTooOld
from pasar.kernel.db.embedded import EmbeddedPostgresError, places_for
from pasar.kernel.db.migrating import migration_state
from pasar.roles.assembling import files_for, limiter_for
from pasar.roles.attaching import NotReadyYet, database_of
from pasar.roles.registry import SCHEDULES

CLOCK_SECONDS = 2.0
DAY = 86400

STORED_KEYS = "SELECT id, purpose, root_id, wrapped FROM secret_keys ORDER BY id"
FAILED_JOBS = "SELECT entrypoint, count(*) FROM pgqueuer WHERE status = 'failed' GROUP BY 1 ORDER BY 1"
HELD_EVENTS = """
SELECT subscriber, count(*), min(last_error) FROM event_deliveries
 WHERE held AND delivered_at IS NULL GROUP BY 1 ORDER BY 1
"""
LATE_SCHEDULES = """
SELECT entrypoint, last_run, expression FROM pgqueuer_schedules
 WHERE next_run < now() - interval '10 minutes' ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it is well, and if not what to do."""

    subject: str
    well: bool
    told: str


async def examine(settings: Settings, console: Console) -> bool:
    """Look at everything, print a table, and answer whether all is well."""
    findings = [*look_at_settings(settings), *await look_at_stores(settings)]
    try:
        async with database_of(settings) as address:
            findings += await look_at_database(address, settings.data_keys)
    except asyncpg.InvalidCatalogNameError as problem:
        findings.append(Finding("Database", False, f"{problem}. Make it and its tables: pasar migrate"))
    except (EmbeddedPostgresError, DatabaseTooOld, NotReadyYet) as problem:
        findings.append(Finding("Database", False, str(problem)))
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as problem:
        findings.append(Finding("Database", False, f"Cannot be reached: {problem}. Check DATABASE_URL."))
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for finding in findings:
        table.add_row(
            "[green]✔[/]" if finding.well else "[red]✘[/]", f"[bold]{finding.subject}[/]", finding.told
        )
    console.print(table)
    return all(finding.well for finding in findings)


def look_at_settings(settings: Settings) -> list[Finding]:
    """The environment and the home folder."""
    findings = [
        Finding(
            "Settings", True, f"{settings.environment.value}, listening on {settings.host}:{settings.port}"
        )
    ]
    nearest = next(place for place in (settings.home, *settings.home.parents) if place.exists())
    writable = os.access(nearest, os.W_OK)
    told = str(settings.home) if writable else f"{settings.home} cannot be written: set PASAR_HOME elsewhere."
    findings.append(Finding("Home", writable, told))
    if settings.database is None:
        findings.append(Finding("Embedded database", True, f"Its data: {places_for(settings.home).data}"))
    if settings.access_token_seconds > DAY:
        findings.append(
            Finding(
                "Tokens",
                False,
                "Access tokens live longer than 24 h: set JWT_EXPIRES_IN=15m or leave it out.",
            )
        )
    findings.append(look_at_mail(settings))
    believed = ", ".join(map(str, settings.trusted_proxies))
    told = f"Believed: {believed}" if believed else "None is believed. Is one in front? Set TRUSTED_PROXIES."
    findings.append(Finding("Proxies", True, told))
    return findings


def look_at_mail(settings: Settings) -> Finding:
    """Where mail goes."""
    if settings.smtp is not None:
        return Finding("Mail", True, f"Leaves by {settings.smtp.host}:{settings.smtp.port}")
    if settings.production:
        return Finding("Mail", False, "No mail leaves, and each is held as failed: set SMTP_HOST.")
    return Finding("Mail", True, "Stays in the mailbox at /dev/mail: SMTP_HOST is not set.")


async def look_at_stores(settings: Settings) -> list[Finding]:
    """Redis and S3, where they are configured."""
    findings: list[Finding] = []
    if settings.redis is not None:
        counts = limiter_for(settings).store
        away = await counts.away()
        await counts.close()
        told = f"{away}: limits count for each process alone. Check REDIS_URL, or REDIS_HOST and its fellows."
        findings.append(
            Finding("Redis", away is None, told if away else f"Answers at {settings.redis.place}")
        )
    if settings.s3 is not None:
        away = await files_for(settings).away()
        told = f"{away}. Check S3_BUCKET and AWS_*."
        findings.append(Finding("Files", away is None, told if away else f"In {settings.s3.place}"))
    return findings


async def look_at_database(address: DatabaseAddress, roots: Sequence[RootKey] | None = None) -> list[Finding]:
    """Version, migrations, clock, jobs, schedules and events; with `roots`, whether they open the keys."""
    database = await Database.open(address)
    try:
        version = str(await database.value("SHOW server_version")).split()[0]
        findings = [Finding("Database", True, f"PostgreSQL {version}, database {address.database}")]
        state = await migration_state(address)
        pending = ", ".join(state.pending)
        findings.append(
            Finding(
                "Migrations", not pending, f"Run pasar migrate: {pending}" if pending else "All have run."
            )
        )
        findings.append(await look_at_clock(database))
        if not pending:
            if roots is not None:
                findings.append(await look_at_keys(database, roots))
            findings += await look_at_work(database)
        return findings
    finally:
        await database.close()


async def look_at_keys(database: Database, roots: Sequence[RootKey]) -> Finding:
    """Whether `PASAR_DATA_KEYS` opens each key that the database keeps, by trying."""
    shut: dict[str, int] = {}
    rows = await database.rows(STORED_KEYS)
    for key_id, purpose, root_id, wrapped in rows:
        if unwrap(roots, root_id, key_id, purpose, wrapped) is None:
            shut[root_id] = shut.get(root_id, 0) + 1
    if not shut:
        return Finding("Keys", True, f"PASAR_DATA_KEYS opens all {len(rows)}." if rows else "None yet.")
    named = {root.id for root in roots}
    told = [
        f"{count} of {len(rows)} stored keys were sealed by root key {root_id}, and "
        + ("PASAR_DATA_KEYS has another key by that name" if root_id in named else "PASAR_DATA_KEYS lacks it")
        for root_id, count in sorted(shut.items())
    ]
    return Finding(
        "Keys",
        False,
        f"{'; '.join(told)}. What they seal cannot be read: put the former key back into PASAR_DATA_KEYS "
        "under its name, with a new one in front of it under another name, then run pasar secrets rotate.",
    )


async def look_at_clock(database: Database) -> Finding:
    """Whether this machine and the database agree on the time."""
    there: datetime = await database.value("SELECT clock_timestamp()")
    apart = abs((datetime.now(UTC) - there).total_seconds())
    told = (
        "Agrees with the database's."
        if apart < CLOCK_SECONDS
        else f"{apart:.0f} s apart: set up NTP on both."
    )
    return Finding("Clock", apart < CLOCK_SECONDS, told)


async def look_at_work(database: Database) -> list[Finding]:
    """Jobs that failed for good, schedules that are late, facts that stop their key."""

    def lines(rows: list[asyncpg.Record], say: Callable[[asyncpg.Record], str]) -> str:
        return "; ".join(say(row) for row in rows)

    failed = await database.rows(FAILED_JOBS)
    held = await database.rows(HELD_EVENTS)
    late = await database.rows(LATE_SCHEDULES)
    unsent = await failed_messages(database)
    # A row of a cron that has since been changed stays behind, and nobody runs it any more.
    known = {(schedule.name, schedule.cron) for schedule in SCHEDULES}
    late = [row for row in late if (row["entrypoint"], row["expression"]) in known]
    return [
        Finding(
            "Jobs", not failed, lines(failed, lambda r: f"{r[1]} × {r[0]} failed for good") or "None failed."
        ),
        Finding(
            "Schedules",
            not late,
            lines(late, lambda r: f"{r[0]} is late: is a worker running?") or "None late.",
        ),
        Finding(
            "Events",
            not held,
            lines(held, lambda r: f"{r[1]} held for {r[0]}: {r[2]}") + ". See: pasar events"
            if held
            else "None held.",
        ),
        Finding(
            "Messages",
            not unsent,
            "; ".join(f"{one.count} failed for good: {one.reason}" for one in unsent) or "None failed.",
        ),
    ]
