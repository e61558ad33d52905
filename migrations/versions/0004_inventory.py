"""Stock: locations, levels, holds, adjustments, and what is available"""

from alembic import op

from pasar.kernel.db.migrating import run_sql

revision = "0004_inventory"
down_revision = "0003_catalog"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(op.get_bind(), TABLES)
    run_sql(op.get_bind(), BY_HAND)


TABLES = """
CREATE TABLE locations (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    priority INTEGER DEFAULT 0 NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    CONSTRAINT pk_locations PRIMARY KEY (company_id, id)
);
CREATE UNIQUE INDEX uq_locations_company_id_name ON locations (company_id, lower(name));
CREATE TABLE stock_adjustments (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    variant_id UUID NOT NULL,
    location_id UUID NOT NULL,
    delta INTEGER NOT NULL,
    on_hand_after INTEGER NOT NULL,
    reason TEXT NOT NULL,
    note TEXT DEFAULT '' NOT NULL,
    author TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_stock_adjustments PRIMARY KEY (company_id, id),
    CONSTRAINT ck_stock_adjustments_on_hand_after CHECK (on_hand_after >= 0),
    CONSTRAINT ck_stock_adjustments_reason CHECK (reason IN ('received', 'counted', 'damaged', 'lost', 'returned', 'correction', 'transfer_in', 'transfer_out', 'sample', 'theft', 'other', 'initial', 'shipped'))
);
CREATE INDEX ix_stock_adjustments_variant ON stock_adjustments (company_id, variant_id, created_at);
CREATE TABLE stock_holds (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    order_id UUID NOT NULL,
    variant_id UUID NOT NULL,
    location_id UUID NOT NULL,
    quantity INTEGER NOT NULL,
    status TEXT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_stock_holds PRIMARY KEY (company_id, id),
    CONSTRAINT ck_stock_holds_quantity CHECK (quantity > 0),
    CONSTRAINT ck_stock_holds_status CHECK (status IN ('held', 'committed', 'released', 'shipped')),
    CONSTRAINT ck_stock_holds_expiry CHECK (status <> 'held' OR expires_at IS NOT NULL)
);
CREATE INDEX ix_stock_holds_company_id_order_id ON stock_holds (company_id, order_id);
CREATE INDEX ix_stock_holds_expiry ON stock_holds (expires_at) WHERE status = 'held';
CREATE TABLE stock_levels (
    company_id UUID NOT NULL,
    variant_id UUID NOT NULL,
    location_id UUID NOT NULL,
    on_hand INTEGER DEFAULT 0 NOT NULL,
    reserved INTEGER DEFAULT 0 NOT NULL,
    allow_backorder BOOLEAN DEFAULT false NOT NULL,
    reorder_level INTEGER,
    priority INTEGER DEFAULT 0 NOT NULL,
    CONSTRAINT pk_stock_levels PRIMARY KEY (company_id, variant_id, location_id),
    CONSTRAINT fk_stock_levels_company_id_location_id FOREIGN KEY(company_id, location_id) REFERENCES locations (company_id, id),
    CONSTRAINT ck_stock_levels_on_hand CHECK (on_hand >= 0),
    CONSTRAINT ck_stock_levels_reserved CHECK (reserved >= 0),
    CONSTRAINT ck_stock_levels_not_oversold CHECK (allow_backorder OR reserved <= on_hand)
) WITH (fillfactor = 50);
CREATE INDEX ix_stock_levels_low ON stock_levels (company_id, (on_hand - reserved));
"""

# Written by hand: what no model declares. `row_id` makes a UUIDv7 (RFC 9562) where rows are made by a statement
# that cannot know beforehand how many: milliseconds, then random bits; PostgreSQL has its own from 18 on only.
BY_HAND = """
CREATE FUNCTION row_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
SELECT encode(
    set_bit(set_bit(
        overlay(uuid_send(gen_random_uuid())
                PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
                FROM 1 FOR 6),
        52, 1), 53, 1), 'hex')::uuid
$$;
CREATE VIEW inventory_available AS
SELECT company_id, variant_id,
       greatest(least(sum(on_hand - reserved), 2147483647), -2147483648)::integer AS available,
       bool_or(allow_backorder) AS allow_backorder
  FROM stock_levels
 GROUP BY company_id, variant_id;
"""
