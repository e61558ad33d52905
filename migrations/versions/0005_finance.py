"""Tax rates and payments"""

from alembic import op

from pasar.kernel.db.migrating import run_sql

revision = "0005_finance"
down_revision = "0004_inventory"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(op.get_bind(), TABLES)


TABLES = """
CREATE TABLE payments (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    order_id UUID NOT NULL,
    method TEXT NOT NULL,
    gateway TEXT NOT NULL,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    status TEXT DEFAULT 'pending' NOT NULL,
    instructions JSONB DEFAULT '{}' NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    settled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_payments PRIMARY KEY (company_id, id),
    CONSTRAINT ck_payments_status CHECK (status IN ('pending', 'authorised', 'paid', 'failed', 'expired', 'voided')),
    CONSTRAINT ck_payments_amount CHECK (amount >= 0)
);
CREATE INDEX ix_payments_company_id_order_id ON payments (company_id, order_id);
CREATE INDEX ix_payments_expiry ON payments (expires_at) WHERE status = 'pending';
CREATE TABLE tax_rates (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    region TEXT,
    postcode TEXT,
    rate_ppm INTEGER NOT NULL,
    priority INTEGER DEFAULT 1 NOT NULL,
    compound BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_tax_rates PRIMARY KEY (company_id, id),
    CONSTRAINT ck_tax_rates_rate CHECK (rate_ppm BETWEEN 0 AND 1000000)
);
CREATE INDEX ix_tax_rates_company_id_country ON tax_rates (company_id, country);
"""
