"""Sign-ins as things of their own; every role; what a company demands of its staff"""

from alembic import op

from pasar.kernel.db.migrating import run_sql

revision = "0011_people_grow"
down_revision = "0010_notifications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(op.get_bind(), SQL)


SQL = """
CREATE TABLE sign_ins (
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    company_id UUID,
    kind TEXT NOT NULL,
    agent TEXT DEFAULT '' NOT NULL,
    address TEXT DEFAULT '' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    last_seen_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    second_factor_at TIMESTAMP WITH TIME ZONE,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    revoked_for TEXT,
    CONSTRAINT pk_sign_ins PRIMARY KEY (id),
    CONSTRAINT ck_sign_ins_kind CHECK (kind IN ('tokens', 'pages')),
    CONSTRAINT ck_sign_ins_revoked CHECK ((revoked_at IS NULL) = (revoked_for IS NULL)),
    CONSTRAINT fk_sign_ins_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE INDEX ix_sign_ins_user_id ON sign_ins (user_id, created_at);
CREATE INDEX ix_sign_ins_revoked_at ON sign_ins (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX ix_sign_ins_last_seen_at ON sign_ins (last_seen_at);

-- Families of tokens become sign-ins; one that was revoked in part is revoked.
INSERT INTO sign_ins (id, user_id, company_id, kind, created_at, last_seen_at, revoked_at, revoked_for)
SELECT family, min(user_id::text)::uuid, min(company_id::text)::uuid, 'tokens', min(created_at),
       max(created_at), max(revoked_at), CASE WHEN max(revoked_at) IS NOT NULL THEN 'revoked' END
  FROM refresh_tokens GROUP BY family;
ALTER TABLE refresh_tokens DROP COLUMN revoked_at;
ALTER TABLE refresh_tokens ADD CONSTRAINT fk_refresh_tokens_family
    FOREIGN KEY (family) REFERENCES sign_ins (id) ON DELETE CASCADE;

ALTER TABLE page_sessions ADD COLUMN sign_in_id UUID;
UPDATE page_sessions SET sign_in_id = gen_random_uuid();
INSERT INTO sign_ins (id, user_id, company_id, kind, created_at, last_seen_at)
SELECT sign_in_id, user_id, company_id, 'pages', created_at, created_at FROM page_sessions;
ALTER TABLE page_sessions ALTER COLUMN sign_in_id SET NOT NULL;
ALTER TABLE page_sessions ADD CONSTRAINT fk_page_sessions_sign_in_id
    FOREIGN KEY (sign_in_id) REFERENCES sign_ins (id) ON DELETE CASCADE;
CREATE INDEX ix_page_sessions_sign_in_id ON page_sessions (sign_in_id);

ALTER TABLE users
    ADD COLUMN phone_verified_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN erased_at TIMESTAMP WITH TIME ZONE,
    ADD COLUMN locale TEXT,
    ADD COLUMN photo TEXT;
CREATE UNIQUE INDEX uq_users_phone ON users (phone) WHERE phone_verified_at IS NOT NULL;

ALTER TABLE companies
    ADD COLUMN require_second_factor BOOLEAN DEFAULT false NOT NULL,
    ADD COLUMN admitted_from TEXT[] DEFAULT '{}' NOT NULL,
    ADD COLUMN verify_first BOOLEAN DEFAULT false NOT NULL,
    ADD COLUMN is_platform BOOLEAN DEFAULT false NOT NULL;
UPDATE companies SET is_platform = true WHERE id = (SELECT id FROM companies ORDER BY created_at, id LIMIT 1);
CREATE UNIQUE INDEX uq_companies_platform ON companies (is_platform) WHERE is_platform;

CREATE TABLE custom_roles (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    permissions TEXT[] NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_custom_roles PRIMARY KEY (company_id, id),
    CONSTRAINT uq_custom_roles_company_id_name UNIQUE (company_id, name),
    CONSTRAINT fk_custom_roles_company_id FOREIGN KEY(company_id) REFERENCES companies (id)
);
ALTER TABLE memberships ADD COLUMN custom_role_id UUID;
ALTER TABLE memberships DROP CONSTRAINT ck_memberships_role;
ALTER TABLE memberships ADD CONSTRAINT ck_memberships_role CHECK (role IN (
    'owner', 'admin', 'manager', 'catalogue', 'orders', 'finance', 'support', 'viewer',
    'supplier', 'office', 'partner', 'platform', 'custom'));
ALTER TABLE memberships ADD CONSTRAINT ck_memberships_custom_role
    CHECK ((role = 'custom') = (custom_role_id IS NOT NULL));
ALTER TABLE memberships ADD CONSTRAINT fk_memberships_company_id_custom_role_id
    FOREIGN KEY (company_id, custom_role_id) REFERENCES custom_roles (company_id, id);
CREATE INDEX ix_memberships_custom_role ON memberships (company_id, custom_role_id);

-- Doors: one view per owner, for the session check. `permissions` is there for a company's own roles.
CREATE OR REPLACE VIEW user_accounts AS
SELECT id AS user_id, email, phone, name, is_active, email_verified_at, phone_verified_at, locale FROM users;
CREATE OR REPLACE VIEW company_roles AS
SELECT m.company_id, m.user_id, coalesce(r.name, m.role) AS role, r.permissions
  FROM memberships m LEFT JOIN custom_roles r ON r.company_id = m.company_id AND r.id = m.custom_role_id;
CREATE VIEW company_demands AS
SELECT id AS company_id, require_second_factor, admitted_from, verify_first FROM companies;
"""
