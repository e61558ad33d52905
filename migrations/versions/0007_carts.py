"""Carts and their lines"""

from alembic import op

from pasar.kernel.db.migrating import run_sql

revision = "0007_carts"
down_revision = "0006_shipping"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(op.get_bind(), TABLES)


TABLES = """
CREATE TABLE carts (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    site_id UUID NOT NULL,
    customer_id UUID,
    token_hash BYTEA,
    currency TEXT NOT NULL,
    status TEXT DEFAULT 'active' NOT NULL,
    generation INTEGER DEFAULT 1 NOT NULL,
    email TEXT,
    merged_into_id UUID,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    last_activity_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_carts PRIMARY KEY (company_id, id),
    CONSTRAINT ck_carts_status CHECK (status IN ('active', 'converted', 'abandoned', 'merged', 'expired')),
    CONSTRAINT ck_carts_owner CHECK (token_hash IS NOT NULL OR customer_id IS NOT NULL)
) WITH (fillfactor = 80);
CREATE INDEX ix_carts_company_id_status_created_at ON carts (company_id, status, created_at);
CREATE INDEX ix_carts_token_past ON carts (company_id, token_hash) WHERE status IN ('converted', 'merged');
CREATE UNIQUE INDEX uq_carts_customer ON carts (company_id, customer_id, site_id) WHERE status = 'active' AND customer_id IS NOT NULL;
CREATE UNIQUE INDEX uq_carts_token ON carts (company_id, token_hash) WHERE status = 'active' AND token_hash IS NOT NULL;
CREATE TABLE cart_lines (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    cart_id UUID NOT NULL,
    line_key UUID NOT NULL,
    product_id UUID NOT NULL,
    variant_id UUID NOT NULL,
    title TEXT DEFAULT '' NOT NULL,
    quantity INTEGER NOT NULL,
    custom_fields JSONB,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_cart_lines PRIMARY KEY (company_id, id),
    CONSTRAINT uq_cart_lines_company_id_cart_id_line_key UNIQUE (company_id, cart_id, line_key),
    CONSTRAINT fk_cart_lines_company_id_cart_id FOREIGN KEY(company_id, cart_id) REFERENCES carts (company_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_cart_lines_quantity CHECK (quantity >= 1)
);
"""
