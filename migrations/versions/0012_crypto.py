"""Keys that rotate"""

from alembic import op

from pasar.kernel.db.migrating import run_sql

revision = "0012_crypto"
down_revision = "0011_people_grow"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(op.get_bind(), SQL)


SQL = """
CREATE TABLE secret_keys (
    id UUID NOT NULL,
    purpose TEXT NOT NULL,
    root_id TEXT NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    retired_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_secret_keys PRIMARY KEY (id),
    CONSTRAINT ck_secret_keys_purpose CHECK (purpose IN ('data', 'signing'))
);
-- One key per purpose is the present one, whoever makes the first at the same moment.
CREATE UNIQUE INDEX uq_secret_keys_present ON secret_keys (purpose) WHERE retired_at IS NULL;
"""
