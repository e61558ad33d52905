"""Orders, their lines and history"""

from alembic import op

from pasar.kernel.db.migrating import run_sql

revision = "0008_orders"
down_revision = "0007_carts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(op.get_bind(), TABLES)


TABLES = """
CREATE TABLE orders (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    site_id UUID NOT NULL,
    number TEXT NOT NULL,
    customer_id UUID,
    cart_id UUID,
    cart_generation INTEGER,
    view_token_hash BYTEA NOT NULL,
    email TEXT NOT NULL,
    locale TEXT NOT NULL,
    status TEXT DEFAULT 'pending' NOT NULL,
    payment_status TEXT DEFAULT 'pending' NOT NULL,
    payment_method TEXT NOT NULL,
    currency TEXT NOT NULL,
    subtotal BIGINT NOT NULL,
    discount_total BIGINT NOT NULL,
    tax_total BIGINT NOT NULL,
    tax_included BOOLEAN NOT NULL,
    shipping_total BIGINT NOT NULL,
    grand_total BIGINT NOT NULL,
    item_count INTEGER NOT NULL,
    shipping_method_id UUID,
    shipping_method_name TEXT DEFAULT '' NOT NULL,
    shipping_address JSONB NOT NULL,
    billing_address JSONB NOT NULL,
    explanation JSONB NOT NULL,
    placed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    confirmed_at TIMESTAMP WITH TIME ZONE,
    shipped_at TIMESTAMP WITH TIME ZONE,
    delivered_at TIMESTAMP WITH TIME ZONE,
    completed_at TIMESTAMP WITH TIME ZONE,
    cancelled_at TIMESTAMP WITH TIME ZONE,
    cancel_reason TEXT,
    CONSTRAINT pk_orders PRIMARY KEY (company_id, id),
    CONSTRAINT uq_orders_company_id_number UNIQUE (company_id, number),
    CONSTRAINT uq_orders_company_id_view_token_hash UNIQUE (company_id, view_token_hash),
    CONSTRAINT ck_orders_status CHECK (status IN ('pending', 'confirmed', 'processing', 'shipped', 'delivered', 'completed', 'cancelled', 'returned')),
    CONSTRAINT ck_orders_payment_status CHECK (payment_status IN ('pending', 'authorised', 'paid', 'failed', 'partially_refunded', 'refunded', 'voided')),
    CONSTRAINT ck_orders_amounts CHECK (subtotal >= 0 AND discount_total >= 0 AND tax_total >= 0 AND shipping_total >= 0 AND grand_total >= 0),
    CONSTRAINT ck_orders_sum CHECK (grand_total = subtotal - discount_total + shipping_total + CASE WHEN tax_included THEN 0 ELSE tax_total END)
);
CREATE INDEX ix_orders_company_id_customer_id_placed_at ON orders (company_id, customer_id, placed_at);
CREATE INDEX ix_orders_company_id_email ON orders (company_id, email);
CREATE INDEX ix_orders_company_id_placed_at ON orders (company_id, placed_at);
CREATE INDEX ix_orders_company_id_status_placed_at ON orders (company_id, status, placed_at);
CREATE UNIQUE INDEX uq_orders_live_cart ON orders (company_id, cart_id, cart_generation) WHERE cart_id IS NOT NULL;
CREATE TABLE order_history (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    order_id UUID NOT NULL,
    from_status TEXT,
    to_status TEXT NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    author TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_order_history PRIMARY KEY (company_id, id),
    CONSTRAINT fk_order_history_company_id_order_id FOREIGN KEY(company_id, order_id) REFERENCES orders (company_id, id)
);
CREATE INDEX ix_order_history_company_id_order_id_at ON order_history (company_id, order_id, at);
CREATE TABLE order_lines (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    order_id UUID NOT NULL,
    position INTEGER NOT NULL,
    product_id UUID NOT NULL,
    variant_id UUID NOT NULL,
    handle TEXT NOT NULL,
    title TEXT NOT NULL,
    variant_title TEXT NOT NULL,
    sku TEXT,
    picture JSONB,
    quantity INTEGER NOT NULL,
    unit_price BIGINT NOT NULL,
    compare_at BIGINT,
    discount BIGINT NOT NULL,
    tax BIGINT NOT NULL,
    line_total BIGINT NOT NULL,
    requires_shipping BOOLEAN NOT NULL,
    custom_fields JSONB,
    CONSTRAINT pk_order_lines PRIMARY KEY (company_id, id),
    CONSTRAINT fk_order_lines_company_id_order_id FOREIGN KEY(company_id, order_id) REFERENCES orders (company_id, id),
    CONSTRAINT ck_order_lines_amounts CHECK (quantity >= 1 AND unit_price >= 0 AND discount >= 0 AND tax >= 0),
    CONSTRAINT ck_order_lines_total CHECK (line_total = unit_price * quantity - discount)
);
CREATE INDEX ix_order_lines_company_id_order_id ON order_lines (company_id, order_id, position);
CREATE INDEX ix_order_lines_company_id_variant_id ON order_lines (company_id, variant_id);
"""
