"""Where the database is, as operators write it.

The deployment documents write addresses in the manner of Prisma
(`?schema=public&sslmode=require&connection_limit=75&pool_timeout=30`), which no PostgreSQL
driver takes as it stands. Here they are taken apart, and each part is honoured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

TLS_MODES = frozenset({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})
SCHEMES = frozenset({"postgres", "postgresql", "postgresql+asyncpg", "postgresql+psycopg"})


class DatabaseAddressError(ValueError):
    """An address that cannot be understood; its text names the variable and the mistake."""


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """A PostgreSQL to connect to. `host` is a name, or the folder of a Unix socket."""

    host: str
    port: int
    user: str
    database: str
    password: str | None = field(default=None, repr=False)
    tls: str = "prefer"
    schema: str | None = None
    pool_size: int = 20
    pool_timeout: float = 30.0

    def named(self, database: str) -> DatabaseAddress:
        """The same server, another database."""
        return replace(self, database=database)

    @property
    def server_settings(self) -> dict[str, str]:
        """What every connection asks the server for."""
        settings = {"application_name": "pasar", "timezone": "UTC", "jit": "off"}
        if self.schema:
            name = self.schema.replace('"', '""')  # unquoted, the server would fold MySchema to myschema
            settings["search_path"] = f'"{name}"'
        return settings

    def connect_arguments(self) -> dict[str, Any]:
        """Keyword arguments for `asyncpg.connect`."""
        local = self.host.startswith("/")
        return {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "database": self.database,
            "password": self.password,
            "ssl": False if local or self.tls == "disable" else self.tls,
            "server_settings": self.server_settings,
        }


def address_from_environment(environ: Mapping[str, str]) -> DatabaseAddress | None:
    """The address in DATABASE_URL, else one built of POSTGRES_HOST and its fellows, else None.

    Raises `DatabaseAddressError`.
    """
    url = (environ.get("DATABASE_URL") or "").strip().strip('"')
    if url:
        return parse_address(url)
    host = environ.get("POSTGRES_HOST")
    if not host:
        return None
    port = environ.get("POSTGRES_PORT") or "5432"
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise DatabaseAddressError(f"POSTGRES_PORT={port}: must be a number such as 5432.")
    return DatabaseAddress(
        host=host,
        port=int(port),
        user=environ.get("POSTGRES_USER") or "postgres",
        database=environ.get("POSTGRES_DB") or "pasar",
        password=environ.get("POSTGRES_PASSWORD"),
    )


def parse_address(url: str) -> DatabaseAddress:
    """Take `postgresql://user:password@host:port/database?options` apart.

    Known options: schema, sslmode, connection_limit, pool_timeout (seconds), host (a socket's
    folder). Others that clients write (`pgbouncer`, `connect_timeout` …) are let be.
    Raises `DatabaseAddressError`.
    """
    try:
        parts = urlsplit(url)
    except ValueError as problem:
        raise DatabaseAddressError(f"DATABASE_URL cannot be read ({problem}).") from problem
    if parts.scheme not in SCHEMES:
        raise DatabaseAddressError(
            "DATABASE_URL must begin with postgresql://, such as postgresql://user:password@host:5432/pasar"
        )
    options = dict(parse_qsl(parts.query))
    try:
        port = parts.port or 5432
    except ValueError as problem:
        raise DatabaseAddressError(f"DATABASE_URL: the port is not a number ({problem}).") from problem
    database = unquote(parts.path.lstrip("/"))
    if not database:
        raise DatabaseAddressError("DATABASE_URL names no database: add it at the end, as in …:5432/pasar")
    tls = options.get("sslmode", "prefer")
    if tls not in TLS_MODES:
        raise DatabaseAddressError(
            f"DATABASE_URL: sslmode={tls} is not known; use one of {', '.join(sorted(TLS_MODES))}."
        )
    return DatabaseAddress(
        host=options.get("host") or unquote(parts.hostname or "localhost"),
        port=port,
        user=unquote(parts.username or "postgres"),
        database=database,
        password=unquote(parts.password) if parts.password is not None else None,
        tls=tls,
        schema=options.get("schema") or None,
        pool_size=_positive(options, "connection_limit", 20),
        pool_timeout=float(_positive(options, "pool_timeout", 30)),
    )


def _positive(options: Mapping[str, str], name: str, default: int) -> int:
    text = options.get(name)
    if text is None:
        return default
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise DatabaseAddressError(f"DATABASE_URL: {name}={text} must be a whole number above 0.")
    return int(text)
