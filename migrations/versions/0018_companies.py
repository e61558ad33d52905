"""Address books; a site's logo and the zone in which it shows times; two switches under their own names"""

from alembic import op

from pasar.kernel.db.migrating import run_sql

revision = "0018_companies"
down_revision = "0017_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(op.get_bind(), SQL)


SQL = """
CREATE TABLE addresses (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    customer_id UUID NOT NULL,
    label TEXT DEFAULT '' NOT NULL,
    name TEXT NOT NULL,
    line1 TEXT NOT NULL,
    line2 TEXT DEFAULT '' NOT NULL,
    city TEXT DEFAULT '' NOT NULL,
    region TEXT DEFAULT '' NOT NULL,
    postal_code TEXT DEFAULT '' NOT NULL,
    country TEXT NOT NULL,
    phone TEXT DEFAULT '' NOT NULL,
    is_default BOOLEAN DEFAULT false NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_addresses PRIMARY KEY (company_id, id),
    CONSTRAINT ck_addresses_country CHECK (country ~ '^[A-Z]{2}$'),
    CONSTRAINT fk_addresses_company_id_customer_id
        FOREIGN KEY (company_id, customer_id) REFERENCES customers (company_id, id)
);
CREATE INDEX ix_addresses_customer ON addresses (company_id, customer_id, id);
CREATE UNIQUE INDEX uq_addresses_default ON addresses (company_id, customer_id) WHERE is_default;

ALTER TABLE sites ADD COLUMN logo TEXT, ADD COLUMN time_zone TEXT;

UPDATE sites SET features = (features - 'cartMaxLines' - 'cartMaxQuantity')
    || CASE WHEN features ? 'cartMaxLines'
            THEN jsonb_build_object('maxCartLines', features -> 'cartMaxLines') ELSE '{}' END
    || CASE WHEN features ? 'cartMaxQuantity'
            THEN jsonb_build_object('maxLineQuantity', features -> 'cartMaxQuantity') ELSE '{}' END
 WHERE features ?| ARRAY['cartMaxLines', 'cartMaxQuantity'];

SELECT audit_attach('addresses', 'address', '{created_at}',
                    '{label,name,line1,line2,city,region,postal_code,country,phone}');
"""
