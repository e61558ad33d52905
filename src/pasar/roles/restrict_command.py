"""`pasar db restrict`: a second role for the application, which may do its work and not touch the audit log.

Migrations run as the owner of the tables; `serve` and `worker` as the restricted role. The log's triggers
refuse a change to everybody; this takes the right away as well.
"""

from __future__ import annotations

from typing import Final

import asyncpg
from rich.console import Console

from pasar.kernel.config import Settings
from pasar.roles.attaching import database_of
from pasar.roles.commands import CommandFailed

APPEND_ONLY: Final = ("audit_entries", "audit_links")
"""Tables whose rows are only ever added; a module with another one adds it here."""

# `format` quotes the names; the role and the tables are the statement's arguments.
STATEMENTS: Final = """
SELECT format(pattern, $1::text, current_schema(), listed) FROM (VALUES
    (1, 'GRANT USAGE ON SCHEMA %2$I TO %1$I', NULL),
    (2, 'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA %2$I TO %1$I', NULL),
    (3, 'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA %2$I TO %1$I', NULL),
    (4, 'ALTER DEFAULT PRIVILEGES IN SCHEMA %2$I '
        'GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO %1$I', NULL),
    (5, 'ALTER DEFAULT PRIVILEGES IN SCHEMA %2$I GRANT USAGE, SELECT ON SEQUENCES TO %1$I', NULL),
    (6, 'REVOKE UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON TABLE %3$s FROM PUBLIC, %1$I',
        (SELECT string_agg(quote_ident(name), ', ') FROM unnest($2::text[]) AS name))
) AS statements (place, pattern, listed) ORDER BY place
"""
ROLE: Final = "SELECT rolsuper FROM pg_roles WHERE rolname = $1"
OWNS: Final = """
SELECT pg_has_role($1, c.relowner, 'USAGE') FROM pg_class c
 WHERE c.relname = 'audit_entries' AND c.relnamespace = current_schema()::regnamespace
"""


async def run_restrict(settings: Settings, console: Console, *, role: str, only_print: bool) -> None:
    """Give `role` what Pasar needs at work and take the rest away, or print the statements that would.

    Raises `CommandFailed` for a role that is not there, or that could give itself the right back.
    """
    async with database_of(settings) as address:
        connection = await asyncpg.connect(**address.connect_arguments(), timeout=10)
        try:
            await _refuse_unfit(connection, role)
            rows = await connection.fetch(STATEMENTS, role, list(APPEND_ONLY))
            statements = [row[0] for row in rows]
            if not only_print:
                async with connection.transaction():
                    for statement in statements:
                        await connection.execute(statement)
        except asyncpg.InsufficientPrivilegeError as problem:
            raise CommandFailed(
                f"{problem}. Run this as the owner of the tables, or print with --print."
            ) from None
        finally:
            await connection.close()
    for statement in statements:
        console.print(f"{statement};", markup=False, soft_wrap=True)
    if not only_print:
        console.print(f"{role} is restricted. Run this again after it was given other rights.", markup=False)


async def _refuse_unfit(connection: asyncpg.Connection[asyncpg.Record], role: str) -> None:
    is_super = await connection.fetchval(ROLE, role)
    if is_super is None:
        raise CommandFailed(f"There is no role {role}. Make it first: CREATE ROLE … LOGIN PASSWORD '…'")
    if await connection.fetchval(OWNS, role) is None:
        raise CommandFailed("The audit log is not there yet. Run first: pasar migrate")
    if is_super or await connection.fetchval(OWNS, role):
        raise CommandFailed(
            f"{role} owns the tables or is a superuser: rights taken away could be taken back."
        )
