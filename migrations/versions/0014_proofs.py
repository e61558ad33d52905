"""Proofs of e-mail addresses and phone numbers; who wants no marketing"""

from alembic import op

from pasar.kernel.db.migrating import run_sql

revision = "0014_proofs"
down_revision = "0013_sessions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(op.get_bind(), SQL)


SQL = """
CREATE TABLE proofs (
    id UUID NOT NULL,
    user_id UUID,
    company_id UUID NOT NULL,
    site_id UUID NOT NULL,
    kind TEXT NOT NULL,
    recipient TEXT NOT NULL,
    locale TEXT NOT NULL,
    secret_hash BYTEA,
    tries INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_proofs PRIMARY KEY (id),
    CONSTRAINT ck_proofs_kind CHECK (kind IN ('verify_email', 'change_email', 'reset_password', 'phone_code',
        'email_taken', 'password_changed', 'email_changed')),
    CONSTRAINT ck_proofs_tries CHECK (tries >= 0),
    CONSTRAINT ck_proofs_expires CHECK (expires_at > created_at),
    CONSTRAINT fk_proofs_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE UNIQUE INDEX uq_proofs_secret_hash ON proofs (secret_hash);
CREATE INDEX ix_proofs_phone_code ON proofs (recipient, company_id, created_at) WHERE kind = 'phone_code';
CREATE INDEX ix_proofs_user_id ON proofs (user_id, kind);
CREATE INDEX ix_proofs_expires_at ON proofs (expires_at);

CREATE TABLE unsubscribes (
    company_id UUID NOT NULL,
    recipient_hash BYTEA NOT NULL,
    message_id UUID,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_unsubscribes PRIMARY KEY (company_id, recipient_hash)
);
"""
