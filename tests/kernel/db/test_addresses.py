"""Database addresses as the deployment documents write them, row by row, and as PostgreSQL takes them."""

from __future__ import annotations

import asyncpg
import pytest

from pasar.kernel.db.addresses import (
    DatabaseAddress,
    DatabaseAddressError,
    address_from_environment,
    parse_address,
)
from pasar.kernel.db.migrating import ensure_database
from support.databases import drop_database, template_address

# source, what it says, what is understood
EXAMPLES: list[tuple[str, dict[str, str], DatabaseAddress]] = [
    (
        "trackdesk-affiliate-program.md:39",
        {
            "DATABASE_URL": '"postgresql://prod_user:STRONG_PASSWORD@your-db-host:5432/trackdesk_prod'
            '?schema=public&sslmode=require"'
        },
        DatabaseAddress(
            "your-db-host",
            5432,
            "prod_user",
            "trackdesk_prod",
            "STRONG_PASSWORD",
            tls="require",
            schema="public",
        ),
    ),
    (
        "trackdesk-affiliate-program.md:235, its database in its compose file",
        {
            "POSTGRES_HOST": "postgres",
            "POSTGRES_DB": "trackdesk_prod",
            "POSTGRES_USER": "prod_user",
            "POSTGRES_PASSWORD": "STRONG_PASSWORD",
        },
        DatabaseAddress("postgres", 5432, "prod_user", "trackdesk_prod", "STRONG_PASSWORD"),
    ),
    (
        "mykadoo-affiliate-publisher.md:67",
        {"DATABASE_URL": "postgresql://user:password@host:5432/mykadoo?schema=public"},
        DatabaseAddress("host", 5432, "user", "mykadoo", "password", schema="public"),
    ),
    (
        "group-buying.md:76",
        {"DATABASE_URL": "postgresql://user:password@localhost:5432/ecommerce?schema=public"},
        DatabaseAddress("localhost", 5432, "user", "ecommerce", "password", schema="public"),
    ),
    (
        "group-buying.md:82 and sixteen more",
        {"DATABASE_URL": "postgresql://user:password@localhost:5432/ecommerce"},
        DatabaseAddress("localhost", 5432, "user", "ecommerce", "password"),
    ),
    (
        "group-buying.md:462, its compose file",
        {
            "POSTGRES_HOST": "postgres",
            "POSTGRES_DB": "ecommerce",
            "POSTGRES_USER": "ecommerce_user",
            "POSTGRES_PASSWORD": "your-password",
        },
        DatabaseAddress("postgres", 5432, "ecommerce_user", "ecommerce", "your-password"),
    ),
    (
        "ecommerce-platform.md:192",
        {
            "POSTGRES_HOST": "your-rds-endpoint.amazonaws.com",
            "POSTGRES_PORT": "5432",
            "POSTGRES_USER": "ecommerce",
            "POSTGRES_PASSWORD": "<secure-password>",
        },
        DatabaseAddress("your-rds-endpoint.amazonaws.com", 5432, "ecommerce", "pasar", "<secure-password>"),
    ),
    (
        "ecommerce-modules.md:436, with a host in place of its dots",
        {"DATABASE_URL": '"postgresql://u:p@db/shop?connection_limit=50&pool_timeout=30"'},
        DatabaseAddress("db", 5432, "u", "shop", "p", pool_size=50, pool_timeout=30.0),
    ),
    (
        "ecommerce-modules.md:443, with all the options of the others",
        {
            "DATABASE_URL": "postgresql://u:p@db:6432/shop"
            "?schema=public&sslmode=require&connection_limit=75&pool_timeout=30"
        },
        DatabaseAddress(
            "db", 6432, "u", "shop", "p", tls="require", schema="public", pool_size=75, pool_timeout=30.0
        ),
    ),
    (
        "signs in a password, escaped as addresses demand",
        {"DATABASE_URL": "postgres://u:p%40ss%2Fw%3Ard@db/shop"},
        DatabaseAddress("db", 5432, "u", "shop", "p@ss/w:rd"),
    ),
    (
        "a socket's folder",
        {"DATABASE_URL": "postgresql://u@localhost/shop?host=%2Frun%2Fpostgresql&sslmode=disable"},
        DatabaseAddress("/run/postgresql", 5432, "u", "shop", tls="disable"),
    ),
    (
        "an IPv6 address, and options of other clients",
        {"DATABASE_URL": "postgresql://u:p@[::1]:5433/shop?pgbouncer=true&connect_timeout=10"},
        DatabaseAddress("::1", 5433, "u", "shop", "p"),
    ),
]


@pytest.mark.parametrize(
    ("environ", "understood"), [row[1:] for row in EXAMPLES], ids=[row[0] for row in EXAMPLES]
)
def test_addresses_of_the_documents(environ: dict[str, str], understood: DatabaseAddress) -> None:
    assert address_from_environment(environ) == understood


@pytest.mark.parametrize("environ", [{}, {"DATABASE_URL": ""}, {"POSTGRES_USER": "x"}])
def test_no_address_means_the_embedded_one(environ: dict[str, str]) -> None:
    assert address_from_environment(environ) is None


REFUSED = [
    ("postgresql://...?connection_limit=50&pool_timeout=30", "names no database"),  # ecommerce-modules.md:436
    ("${DATABASE_URL}", "must begin with postgresql://"),  # trackdesk-affiliate-program.md:220
    ("mysql://u:p@db/shop", "must begin with postgresql://"),
    ("postgresql://u:p@db:port/shop", "the port is not a number"),
    ("postgresql://u:p@db:99999/shop", "the port is not a number"),
    ("postgresql://u:p@[::1/shop", "cannot be read"),
    ("postgresql://u:p@db/shop?sslmode=perhaps", "sslmode=perhaps is not known"),
    ("postgresql://u:p@db/shop?connection_limit=0", "connection_limit=0 must be a whole number"),
    ("postgresql://u:p@db/shop?pool_timeout=soon", "pool_timeout=soon must be a whole number"),
]


@pytest.mark.parametrize(("url", "told"), REFUSED)
def test_addresses_that_cannot_be_understood(url: str, told: str) -> None:
    with pytest.raises(DatabaseAddressError, match=told.replace("?", r"\?")):
        parse_address(url)


@pytest.mark.parametrize("port", ["0", "65536", "²", "54 32"])
def test_a_port_that_is_none(port: str) -> None:
    with pytest.raises(DatabaseAddressError, match="POSTGRES_PORT"):
        address_from_environment({"POSTGRES_HOST": "db", "POSTGRES_PORT": port})


def test_a_password_is_never_printed() -> None:
    assert "hunter2" not in repr(parse_address("postgresql://u:hunter2@db/shop"))


async def test_a_schema_is_taken_by_its_exact_name() -> None:
    template = template_address()
    address = parse_address(
        f"postgresql://{template.user}:{template.password or ''}@localhost:{template.port}/pasar_mixed_names"
        f"?host={template.host}&sslmode={template.tls}&schema=Shop-One"
    )
    await ensure_database(address)
    try:
        connection = await asyncpg.connect(**address.connect_arguments())
        await connection.execute("CREATE TABLE here (id int)")
        schema = await connection.fetchval("SELECT schemaname FROM pg_tables WHERE tablename = 'here'")
        await connection.close()
    finally:
        await drop_database(address)

    assert schema == "Shop-One"
