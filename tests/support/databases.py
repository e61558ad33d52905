"""Databases for tests: copies of one migrated template."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

import asyncpg

from pasar.kernel.db.addresses import DatabaseAddress, parse_address

TEMPLATE = "pasar_template"


def address_text(address: DatabaseAddress) -> str:
    """The address as DATABASE_URL would write it."""
    password = f":{quote(address.password)}" if address.password else ""
    return (
        f"postgresql://{quote(address.user)}{password}@localhost:{address.port}/{address.database}"
        f"?host={quote(address.host, safe='')}&sslmode={address.tls}&connection_limit={address.pool_size}"
    )


def template_address() -> DatabaseAddress:
    """The migrated template of this run."""
    return parse_address(os.environ["PASAR_TEST_TEMPLATE"])


@asynccontextmanager
async def copied_database() -> AsyncIterator[DatabaseAddress]:
    """A database of one's own, copied from the template, dropped at the end."""
    template = template_address()
    address = template.named(f"pasar_test_{secrets.token_hex(6)}")
    admin = await asyncpg.connect(**template.named("postgres").connect_arguments())
    try:
        await admin.execute(f'CREATE DATABASE "{address.database}" TEMPLATE "{template.database}"')
        yield address
    finally:
        await admin.close()
        await drop_database(address)


async def drop_database(address: DatabaseAddress) -> None:
    """Drop it, whoever is still connected."""
    admin = await asyncpg.connect(**address.named("postgres").connect_arguments())
    try:
        await admin.execute(f'DROP DATABASE IF EXISTS "{address.database}" WITH (FORCE)')
    finally:
        await admin.close()
