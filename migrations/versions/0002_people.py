"""People and companies: companies, sites, users, customers, memberships, sessions"""

from alembic import op

from pasar.kernel.db.migrating import run_sql

revision = "0002_people"
down_revision = "0001_kernel"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(op.get_bind(), TABLES)
    run_sql(op.get_bind(), BY_HAND)


TABLES = """
CREATE TABLE companies (
    id UUID NOT NULL,
    handle TEXT NOT NULL,
    name TEXT NOT NULL,
    time_zone TEXT DEFAULT 'UTC' NOT NULL,
    is_demo BOOLEAN DEFAULT false NOT NULL,
    low_stock_default INTEGER DEFAULT 5 NOT NULL,
    bank_transfer_days INTEGER DEFAULT 3 NOT NULL,
    bank_transfer_note TEXT DEFAULT '' NOT NULL,
    unique_skus BOOLEAN DEFAULT false NOT NULL,
    switches JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_companies PRIMARY KEY (id),
    CONSTRAINT ck_companies_low_stock CHECK (low_stock_default >= 0),
    CONSTRAINT uq_companies_handle UNIQUE (handle)
);
CREATE TABLE users (
    id UUID NOT NULL,
    email TEXT,
    phone TEXT,
    name TEXT NOT NULL,
    password_hash TEXT,
    is_active BOOLEAN DEFAULT true NOT NULL,
    email_verified_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT uq_users_email UNIQUE (email)
);
CREATE TABLE customers (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    user_id UUID,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    phone TEXT,
    locale TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_customers PRIMARY KEY (company_id, id),
    CONSTRAINT fk_customers_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE UNIQUE INDEX uq_customers_guest ON customers (company_id, email) WHERE user_id IS NULL;
CREATE UNIQUE INDEX uq_customers_user ON customers (company_id, user_id) WHERE user_id IS NOT NULL;
CREATE TABLE memberships (
    company_id UUID NOT NULL,
    user_id UUID NOT NULL,
    role TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_memberships PRIMARY KEY (company_id, user_id),
    CONSTRAINT ck_memberships_role CHECK (role IN ('owner', 'manager')),
    CONSTRAINT fk_memberships_company_id FOREIGN KEY(company_id) REFERENCES companies (id),
    CONSTRAINT fk_memberships_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE INDEX ix_memberships_user_id ON memberships (user_id);
CREATE TABLE page_sessions (
    token_hash BYTEA NOT NULL,
    user_id UUID NOT NULL,
    company_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_page_sessions PRIMARY KEY (token_hash),
    CONSTRAINT fk_page_sessions_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE INDEX ix_page_sessions_expires_at ON page_sessions (expires_at);
CREATE INDEX ix_page_sessions_user_id ON page_sessions (user_id);
CREATE TABLE refresh_tokens (
    id UUID NOT NULL,
    family UUID NOT NULL,
    token_hash BYTEA NOT NULL,
    user_id UUID NOT NULL,
    company_id UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_refresh_tokens PRIMARY KEY (id),
    CONSTRAINT uq_refresh_tokens_token_hash UNIQUE (token_hash),
    CONSTRAINT fk_refresh_tokens_user_id FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE INDEX ix_refresh_tokens_family ON refresh_tokens (family);
CREATE INDEX ix_refresh_tokens_user_id ON refresh_tokens (user_id);
CREATE TABLE sites (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    host TEXT,
    is_default BOOLEAN DEFAULT false NOT NULL,
    currency TEXT NOT NULL,
    currencies TEXT[] NOT NULL,
    locale TEXT DEFAULT 'en' NOT NULL,
    locales TEXT[] DEFAULT '{en,id}' NOT NULL,
    features JSONB DEFAULT '{}' NOT NULL,
    tax_included JSONB DEFAULT '{}' NOT NULL,
    theme JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_sites PRIMARY KEY (company_id, id),
    CONSTRAINT ck_sites_currency_listed CHECK (currency = ANY (currencies)),
    CONSTRAINT ck_sites_locale_listed CHECK (locale = ANY (locales)),
    CONSTRAINT fk_sites_company_id FOREIGN KEY(company_id) REFERENCES companies (id)
);
CREATE UNIQUE INDEX uq_sites_default ON sites (company_id) WHERE is_default;
CREATE UNIQUE INDEX uq_sites_host ON sites (lower(host));
"""

# Written by hand: the doors that the session check reads through, one per owner.
BY_HAND = """
CREATE VIEW user_accounts AS SELECT id AS user_id, email, phone, name, is_active FROM users;
CREATE VIEW company_roles AS SELECT company_id, user_id, role FROM memberships;
CREATE VIEW customer_accounts AS
SELECT company_id, id AS customer_id, user_id FROM customers WHERE user_id IS NOT NULL;
"""
