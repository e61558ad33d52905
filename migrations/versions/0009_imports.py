"""Imports of catalogues over HTTP"""

from alembic import op

from pasar.kernel.db.migrating import run_sql

revision = "0009_imports"
down_revision = "0008_orders"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(op.get_bind(), TABLES)


TABLES = """
CREATE TABLE catalog_imports (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    status TEXT DEFAULT 'waiting' NOT NULL,
    file_key TEXT NOT NULL,
    file_name TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    currency TEXT NOT NULL,
    strict BOOLEAN NOT NULL,
    update_stock BOOLEAN NOT NULL,
    rows INTEGER DEFAULT 0 NOT NULL,
    products INTEGER DEFAULT 0 NOT NULL,
    variants INTEGER DEFAULT 0 NOT NULL,
    created INTEGER DEFAULT 0 NOT NULL,
    updated INTEGER DEFAULT 0 NOT NULL,
    unchanged INTEGER DEFAULT 0 NOT NULL,
    errors INTEGER DEFAULT 0 NOT NULL,
    warnings INTEGER DEFAULT 0 NOT NULL,
    problems JSONB DEFAULT '[]' NOT NULL,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_catalog_imports PRIMARY KEY (company_id, id),
    CONSTRAINT ck_catalog_imports_status CHECK (status IN ('waiting', 'running', 'done', 'undone', 'failed')),
    CONSTRAINT ck_catalog_imports_finished CHECK ((status IN ('done', 'undone', 'failed')) = (finished_at IS NOT NULL))
);
CREATE INDEX ix_catalog_imports_company_id_created_at ON catalog_imports (company_id, created_at);
"""
