"""Keys of persons, exports, erasures, consents"""

from alembic import op

from pasar.kernel.db.migrating import run_sql

revision = "0019_privacy"
down_revision = "0018_companies"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(op.get_bind(), SQL)


SQL = """
CREATE TABLE person_keys (
    user_id UUID NOT NULL,
    wrapped BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_person_keys PRIMARY KEY (user_id)
);

CREATE TABLE personal_exports (
    id UUID NOT NULL,
    user_id UUID,
    company_id UUID,
    customer_id UUID,
    state TEXT DEFAULT 'queued' NOT NULL,
    done INTEGER DEFAULT 0 NOT NULL,
    total INTEGER NOT NULL,
    file_key TEXT,
    size BIGINT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_personal_exports PRIMARY KEY (id),
    CONSTRAINT ck_personal_exports_state CHECK (state IN ('queued', 'ready', 'failed')),
    CONSTRAINT ck_personal_exports_file CHECK ((state = 'ready') = (file_key IS NOT NULL)),
    CONSTRAINT ck_personal_exports_customer CHECK ((company_id IS NULL) = (customer_id IS NULL)),
    CONSTRAINT ck_personal_exports_subject CHECK ((user_id IS NULL) <> (customer_id IS NULL))
);
CREATE UNIQUE INDEX uq_personal_exports_user ON personal_exports (user_id)
    WHERE state = 'queued' AND user_id IS NOT NULL;
CREATE UNIQUE INDEX uq_personal_exports_customer ON personal_exports (company_id, customer_id)
    WHERE state = 'queued' AND customer_id IS NOT NULL;
CREATE INDEX ix_personal_exports_user_id ON personal_exports (user_id, created_at);
CREATE INDEX ix_personal_exports_expires_at ON personal_exports (expires_at);

CREATE TABLE erasures (
    id UUID NOT NULL,
    user_id UUID,
    company_id UUID,
    customer_id UUID,
    companies UUID[] NOT NULL,
    customers UUID[] NOT NULL,
    waiting BYTEA,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_erasures PRIMARY KEY (id),
    CONSTRAINT ck_erasures_subject CHECK ((user_id IS NULL) <> (customer_id IS NULL)),
    CONSTRAINT ck_erasures_customer CHECK ((company_id IS NULL) = (customer_id IS NULL)),
    CONSTRAINT ck_erasures_waiting CHECK ((waiting IS NULL) = (finished_at IS NOT NULL))
);
CREATE UNIQUE INDEX uq_erasures_user_id ON erasures (user_id) WHERE user_id IS NOT NULL;
CREATE UNIQUE INDEX uq_erasures_customer ON erasures (company_id, customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX ix_erasures_unfinished ON erasures (at) WHERE finished_at IS NULL;

CREATE TABLE consents (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    purpose TEXT NOT NULL,
    wording INTEGER NOT NULL,
    given BOOLEAN NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    address TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_consents PRIMARY KEY (company_id, id),
    CONSTRAINT fk_consents_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE INDEX ix_consents_latest ON consents (company_id, user_id, purpose, id);
"""
