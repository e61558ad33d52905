"""A dump of the database tells no secret: each sealed column is planted, dumped and searched.

The columns are those of the registry. A new one without a planter fails, and so does a column whose name says
that it holds a bank account, a tax or identity number or a credential and which is neither sealed nor hashed.
"""

from __future__ import annotations

import base64
import os
import re
import subprocess
from pathlib import Path

import pytest

from pasar.kernel.clock import SystemClock
from pasar.kernel.config import Settings
from pasar.kernel.crypto import context_of, sealed_columns
from pasar.kernel.db.addresses import DatabaseAddress
from pasar.kernel.db.database import Database
from pasar.kernel.db.embedded import wheel_binaries
from pasar.kernel.db.tables import Base
from pasar.kernel.runtime import Runtime
from pasar.roles import registry
from pasar.roles.assembling import open_runtime
from support.planting import PLANTERS, plant_all
from support.shops import make_shop

SECRETIVE = re.compile(
    r"secret|credential|private_key|client_key|iban|bank_account|account_number|tax_(id|number)|npwp|nik|"
    r"identity_number|ssn|passport|pin(_|$)"
)
# What only looks like one.
HARMLESS = {
    "passkeys.credential_id": "the public name of a public key",
    "api_key_secrets.prefix": "shown to people, so that they know their key",
}


def dump_of(address: DatabaseAddress) -> str:
    """Everything in the database, as SQL."""
    program = Path(wheel_binaries()) / "pg_dump"
    environment = {
        "PATH": os.environ["PATH"],
        "PGHOST": address.host,
        "PGPORT": str(address.port),
        "PGUSER": address.user,
        "PGDATABASE": address.database,
    }
    if address.password:
        environment["PGPASSWORD"] = address.password
    done = subprocess.run([program, "--inserts"], env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def forms_of(secret: bytes) -> set[str]:
    """How a secret may be written down."""
    forms = {
        secret.hex(),
        secret.hex().upper(),
        base64.b64encode(secret).decode().rstrip("="),
        base64.urlsafe_b64encode(secret).decode().rstrip("="),
        base64.b32encode(secret).decode().rstrip("="),
    }
    return forms | ({secret.decode()} if secret.isascii() else set())


async def planted_in(runtime: Runtime, table: str, column: str) -> list[bytes]:
    """What a sealed column holds, opened by the registry's own words alone."""
    entry = next(one for one in sealed_columns() if (one.table, one.column) == (table, column))
    names = ", ".join((*entry.context, column))
    rows = await runtime.database.rows(f"SELECT {names} FROM {table} WHERE {column} IS NOT NULL")
    return [
        await runtime.secrets.open(entry.purpose, row[column], context=context_of(*row[: len(entry.context)]))
        for row in rows
    ]


async def test_a_dump_holds_no_secret(fresh_database: Database, settings: Settings) -> None:
    runtime = open_runtime(settings, fresh_database, SystemClock())
    shop = await make_shop(runtime)
    await plant_all(runtime, shop)
    secrets = {
        (one.table, one.column): await planted_in(runtime, one.table, one.column) for one in sealed_columns()
    }
    for place, values in secrets.items():
        assert values, f"{place}: nothing is planted there; add a planter to tests/support/planting.py"
    ring = await runtime.secrets.reload()
    keys = [key.key for key in ring.keys if key.key is not None]
    await runtime.http.aclose()

    dump = dump_of(fresh_database.address)

    assert str(shop.company_id) in dump, "the search finds what is there in clear"
    (marker,) = [row[0] for row in await fresh_database.rows("SELECT wrapped FROM secret_keys")]
    assert marker.hex() in dump, "and bytes, by their hexadecimal form"
    assert keys
    for place, values in [*secrets.items(), (("secret_keys", "wrapped"), keys)]:
        for secret in values:
            assert not [form for form in forms_of(secret) if form in dump], place
    for root in settings.data_keys:
        assert not [form for form in forms_of(root.key) if form in dump]
    assert settings.secret not in dump


def test_every_sealed_column_has_a_planter() -> None:
    assert registry.MODULES, "importing the registry imports every table"

    assert {(one.table, one.column) for one in sealed_columns()} == PLANTERS.keys()


def test_sealed_columns_are_as_their_tables_say() -> None:
    for one in sealed_columns():
        table = Base.metadata.tables[one.table]
        assert {str(table.c[one.column].type), "BLOB"} == {"BLOB"}, one
        assert [column.name for column in table.primary_key.columns] == list(one.key), one
        assert all(name in table.c for name in one.context), one


@pytest.mark.parametrize("table", Base.metadata.tables.values(), ids=lambda table: table.name)
def test_what_is_called_a_secret_is_sealed_or_hashed(table: object) -> None:
    sealed = {(one.table, one.column) for one in sealed_columns()}
    for column in table.columns:  # type: ignore[attr-defined]  parametrised over tables
        name = f"{column.table.name}.{column.name}"
        if not SECRETIVE.search(column.name) or column.name.endswith("_hash") or name in HARMLESS:
            continue
        if column.name.endswith(("_id", "_at")):
            continue  # a reference or a time
        assert (column.table.name, column.name) in sealed, f"{name}: seal it, hash it, or say why not"
