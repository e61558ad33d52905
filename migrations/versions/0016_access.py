"""Invitations and API keys"""

from alembic import op

from pasar.kernel.db.migrating import run_sql

revision = "0016_access"
down_revision = "0015_second_factor"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(op.get_bind(), SQL)


SQL = r"""
ALTER TABLE custom_roles ADD CONSTRAINT ck_custom_roles_permissions
    CHECK (array_to_string(permissions, ' ') !~ '(\*|platform:)');

CREATE TABLE invitations (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    email TEXT NOT NULL,
    role TEXT NOT NULL,
    custom_role_id UUID,
    locale TEXT NOT NULL,
    invited_by UUID,
    token_hash BYTEA,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    accepted_at TIMESTAMP WITH TIME ZONE,
    accepted_by UUID,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_invitations PRIMARY KEY (company_id, id),
    CONSTRAINT ck_invitations_role CHECK (role IN (
        'owner', 'admin', 'manager', 'catalogue', 'orders', 'finance', 'support', 'viewer',
        'supplier', 'office', 'partner', 'platform', 'custom')),
    CONSTRAINT ck_invitations_custom_role CHECK ((role = 'custom') = (custom_role_id IS NOT NULL)),
    CONSTRAINT ck_invitations_accepted CHECK ((accepted_at IS NULL) = (accepted_by IS NULL)),
    CONSTRAINT ck_invitations_ended_once CHECK (accepted_at IS NULL OR revoked_at IS NULL),
    CONSTRAINT fk_invitations_company_id FOREIGN KEY(company_id) REFERENCES companies (id),
    CONSTRAINT fk_invitations_invited_by FOREIGN KEY(invited_by) REFERENCES users (id),
    CONSTRAINT fk_invitations_accepted_by FOREIGN KEY(accepted_by) REFERENCES users (id),
    CONSTRAINT fk_invitations_company_id_custom_role_id FOREIGN KEY (company_id, custom_role_id)
        REFERENCES custom_roles (company_id, id)
);
CREATE UNIQUE INDEX uq_invitations_open ON invitations (company_id, email)
    WHERE accepted_at IS NULL AND revoked_at IS NULL;
CREATE UNIQUE INDEX uq_invitations_token_hash ON invitations (token_hash);
CREATE INDEX ix_invitations_custom_role ON invitations (company_id, custom_role_id);

CREATE TABLE api_keys (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT[] NOT NULL,
    made_by UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_api_keys PRIMARY KEY (company_id, id),
    CONSTRAINT ck_api_keys_scopes CHECK (array_to_string(scopes, ' ') !~ '(\*|platform:)'),
    CONSTRAINT ck_api_keys_some_scope CHECK (cardinality(scopes) > 0),
    CONSTRAINT fk_api_keys_company_id FOREIGN KEY(company_id) REFERENCES companies (id),
    CONSTRAINT fk_api_keys_made_by FOREIGN KEY(made_by) REFERENCES users (id)
);

-- A key settles the company, so that it is looked up in all of them at once.
CREATE TABLE api_key_secrets (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    key_id UUID NOT NULL,
    prefix TEXT NOT NULL,
    key_hash BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    good_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_api_key_secrets PRIMARY KEY (company_id, id),
    CONSTRAINT fk_api_key_secrets_company_id_key_id FOREIGN KEY (company_id, key_id)
        REFERENCES api_keys (company_id, id)
);
CREATE UNIQUE INDEX uq_api_key_secrets_key_hash ON api_key_secrets (key_hash);
CREATE INDEX ix_api_key_secrets_key_id ON api_key_secrets (company_id, key_id);

CREATE TABLE api_key_uses (
    company_id UUID NOT NULL,
    key_id UUID NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE NOT NULL,
    address TEXT NOT NULL,
    CONSTRAINT pk_api_key_uses PRIMARY KEY (company_id, key_id),
    CONSTRAINT fk_api_key_uses_company_id_key_id FOREIGN KEY (company_id, key_id)
        REFERENCES api_keys (company_id, id)
);

-- A door: which company runs the installation.
CREATE VIEW platform_companies AS SELECT id AS company_id FROM companies WHERE is_platform;
"""
