"""The tables: what the models say is what the migrations make, and tenancy leads every key."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Table, UniqueConstraint

from pasar.kernel.db.database import Database
from pasar.kernel.db.tables import Base
from pasar.roles import registry

pytestmark = pytest.mark.migrations

# Not owned by one company: installations have people, queues and limits of their own.
SHARED_TABLES = {
    "companies",
    "users",
    "sign_ins",
    "ended_sign_ins",
    "identities",
    "openid_attempts",
    "refresh_tokens",
    "page_sessions",
    "proofs",
    "failed_attempts",
    "schedule_runs",
    "totp_secrets",
    "passkeys",
    "recovery_codes",
    "factor_challenges",
    "passkey_challenges",
    "secret_keys",
    "person_keys",
    "personal_exports",
    "erasures",
}
# Foreign keys that may leave their module: identity and company keys.
OUTSIDE_KEYS = {"companies", "users"}
# What settles the company belongs to one company in the world: a host, and secrets of 32 random bytes.
WORLDWIDE = {"uq_sites_host", "uq_api_key_secrets_key_hash", "uq_invitations_token_hash"}
NOT_OURS = ("pgqueuer", "alembic_version")


def tables() -> list[Table]:
    assert registry.MODULES, "importing the registry imports every table"
    return list(Base.metadata.tables.values())


async def test_models_and_migrations_say_the_same(fresh_database: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, kind, _: not (kind == "table" and name.startswith(NOT_OURS))},
        )
        return list(compare_metadata(context, Base.metadata))

    async with fresh_database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_keys_lead_with_the_company(table: Table) -> None:
    if table.name in SHARED_TABLES:
        return
    primary = [column.name for column in table.primary_key.columns]
    assert primary[0] == "company_id", f"{table.name}: the primary key must lead with company_id"
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            assert next(iter(constraint.columns)).name == "company_id", f"{table.name}: {constraint.name}"
    for index in table.indexes:
        if index.unique and index.name not in WORLDWIDE:
            assert getattr(index.expressions[0], "name", "") == "company_id", f"{table.name}: {index.name}"


@pytest.mark.parametrize("table", tables(), ids=lambda table: table.name)
def test_no_foreign_key_leaves_its_module(table: Table) -> None:
    module_of = {mapper.local_table.name: mapper.class_.__module__ for mapper in Base.registry.mappers}
    for key in table.foreign_key_constraints:
        other = key.referred_table.name
        assert module_of[other] == module_of[table.name] or other in OUTSIDE_KEYS, f"{table.name} → {other}"
        if other not in OUTSIDE_KEYS | SHARED_TABLES:
            assert next(column.name for column in key.columns) == "company_id"
