"""Sign-in by OpenID Connect"""

from alembic import op

from pasar.kernel.db.migrating import run_sql

revision = "0020_openid"
down_revision = "0019_privacy"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(op.get_bind(), SQL)


SQL = """
CREATE TABLE identities (
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    last_used_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_identities PRIMARY KEY (id),
    CONSTRAINT uq_identities_issuer_subject UNIQUE (issuer, subject),
    CONSTRAINT fk_identities_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE INDEX ix_identities_user_id ON identities (user_id);

CREATE TABLE openid_attempts (
    state_hash BYTEA NOT NULL,
    browser_hash BYTEA NOT NULL,
    provider TEXT NOT NULL,
    back TEXT NOT NULL,
    user_id UUID,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_openid_attempts PRIMARY KEY (state_hash),
    CONSTRAINT fk_openid_attempts_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE
);
CREATE INDEX ix_openid_attempts_expires_at ON openid_attempts (expires_at);

-- Whoever was erased is nobody's identity any more.
CREATE FUNCTION forget_identities() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM identities WHERE user_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER users_erased_identities AFTER UPDATE OF erased_at ON users
    FOR EACH ROW WHEN (OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL)
    EXECUTE FUNCTION forget_identities();
"""
