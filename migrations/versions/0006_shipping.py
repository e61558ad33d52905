"""Shipping zones, methods and shipments"""

from alembic import op

from pasar.kernel.db.migrating import run_sql

revision = "0006_shipping"
down_revision = "0005_finance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(op.get_bind(), TABLES)


TABLES = """
CREATE TABLE shipments (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    order_id UUID NOT NULL,
    carrier TEXT NOT NULL,
    tracking_number TEXT NOT NULL,
    tracking_url TEXT,
    status TEXT DEFAULT 'shipped' NOT NULL,
    shipped_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    delivered_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_shipments PRIMARY KEY (company_id, id),
    CONSTRAINT ck_shipments_status CHECK (status IN ('shipped', 'delivered'))
);
CREATE INDEX ix_shipments_company_id_order_id ON shipments (company_id, order_id);
CREATE TABLE shipping_zones (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    countries TEXT[] NOT NULL,
    regions TEXT[] DEFAULT '{}' NOT NULL,
    postcodes TEXT[] DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_shipping_zones PRIMARY KEY (company_id, id)
);
CREATE TABLE shipment_lines (
    company_id UUID NOT NULL,
    shipment_id UUID NOT NULL,
    order_line_id UUID NOT NULL,
    quantity INTEGER NOT NULL,
    CONSTRAINT pk_shipment_lines PRIMARY KEY (company_id, shipment_id, order_line_id),
    CONSTRAINT fk_shipment_lines_company_id_shipment_id FOREIGN KEY(company_id, shipment_id) REFERENCES shipments (company_id, id),
    CONSTRAINT ck_shipment_lines_quantity CHECK (quantity >= 1)
);
CREATE TABLE shipping_methods (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    zone_id UUID NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    currency TEXT NOT NULL,
    price BIGINT NOT NULL,
    bands JSONB DEFAULT '[]' NOT NULL,
    free_from BIGINT,
    delivery_days TEXT DEFAULT '' NOT NULL,
    position INTEGER DEFAULT 0 NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    CONSTRAINT pk_shipping_methods PRIMARY KEY (company_id, id),
    CONSTRAINT fk_shipping_methods_company_id_zone_id FOREIGN KEY(company_id, zone_id) REFERENCES shipping_zones (company_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_shipping_methods_kind CHECK (kind IN ('flat', 'per_item', 'by_weight')),
    CONSTRAINT ck_shipping_methods_price CHECK (price >= 0 AND free_from >= 0)
);
CREATE INDEX ix_shipping_methods_company_id_zone_id ON shipping_methods (company_id, zone_id);
"""
