"""Second factors: authenticator apps, passkeys, recovery codes, and the challenges that ask for them"""

from alembic import op

from pasar.kernel.db.migrating import run_sql

revision = "0015_second_factor"
down_revision = "0014_proofs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(op.get_bind(), SQL)


SQL = """
CREATE TABLE totp_secrets (
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    secret BYTEA NOT NULL,
    last_step BIGINT DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_totp_secrets PRIMARY KEY (id),
    CONSTRAINT fk_totp_secrets_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE UNIQUE INDEX uq_totp_secrets_confirmed ON totp_secrets (user_id) WHERE confirmed_at IS NOT NULL;
CREATE UNIQUE INDEX uq_totp_secrets_pending ON totp_secrets (user_id) WHERE confirmed_at IS NULL;

CREATE TABLE passkeys (
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    rp_id TEXT NOT NULL,
    credential_id BYTEA NOT NULL,
    public_key BYTEA NOT NULL,
    sign_count BIGINT NOT NULL,
    name TEXT NOT NULL,
    transports TEXT[] NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    last_used_at TIMESTAMP WITH TIME ZONE,
    regressed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_passkeys PRIMARY KEY (id),
    CONSTRAINT uq_passkeys_credential_id UNIQUE (credential_id),
    CONSTRAINT fk_passkeys_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE INDEX ix_passkeys_user_id ON passkeys (user_id);

CREATE TABLE recovery_codes (
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    code_hash BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_recovery_codes PRIMARY KEY (id),
    CONSTRAINT uq_recovery_codes_user_id_code_hash UNIQUE (user_id, code_hash),
    CONSTRAINT fk_recovery_codes_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);

CREATE TABLE factor_challenges (
    token_hash BYTEA NOT NULL,
    user_id UUID NOT NULL,
    company_id UUID NOT NULL,
    guest_token_hash BYTEA,
    tries INTEGER DEFAULT 0 NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_factor_challenges PRIMARY KEY (token_hash)
);
CREATE INDEX ix_factor_challenges_user_id ON factor_challenges (user_id);
CREATE INDEX ix_factor_challenges_expires_at ON factor_challenges (expires_at);

CREATE TABLE passkey_challenges (
    challenge_hash BYTEA NOT NULL,
    purpose TEXT NOT NULL,
    rp_id TEXT NOT NULL,
    bound_to BYTEA NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_passkey_challenges PRIMARY KEY (challenge_hash),
    CONSTRAINT ck_passkey_challenges_purpose
        CHECK (purpose IN ('register', 'sign_in', 'second_factor', 'step_up'))
);
CREATE INDEX ix_passkey_challenges_expires_at ON passkey_challenges (expires_at);
"""
