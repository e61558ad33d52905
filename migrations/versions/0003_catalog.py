"""The catalogue: products, variants, prices, categories, pictures, and the published offers"""

from alembic import op

from pasar.kernel.db.migrating import run_sql

revision = "0003_catalog"
down_revision = "0002_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_sql(op.get_bind(), TABLES)
    run_sql(op.get_bind(), BY_HAND)


TABLES = """
CREATE TABLE catalog_revisions (
    company_id UUID NOT NULL,
    revision BIGINT NOT NULL,
    CONSTRAINT pk_catalog_revisions PRIMARY KEY (company_id)
);
CREATE TABLE categories (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    parent_id UUID,
    handle TEXT NOT NULL,
    title TEXT NOT NULL,
    description TEXT DEFAULT '' NOT NULL,
    position INTEGER DEFAULT 0 NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_categories PRIMARY KEY (company_id, id),
    CONSTRAINT uq_categories_company_id_handle UNIQUE (company_id, handle),
    CONSTRAINT fk_categories_company_id_parent_id FOREIGN KEY(company_id, parent_id) REFERENCES categories (company_id, id),
    CONSTRAINT ck_categories_own_parent CHECK (parent_id <> id)
);
CREATE INDEX ix_categories_company_id_parent_id ON categories (company_id, parent_id);
CREATE TABLE pictures (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    content_hash TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    mean_colour TEXT NOT NULL,
    widths INTEGER[] NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_pictures PRIMARY KEY (company_id, id),
    CONSTRAINT uq_pictures_company_id_content_hash UNIQUE (company_id, content_hash),
    CONSTRAINT ck_pictures_size CHECK (width > 0 AND height > 0)
);
CREATE TABLE price_changes (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    variant_id UUID NOT NULL,
    currency TEXT NOT NULL,
    old_amount BIGINT,
    new_amount BIGINT,
    old_compare_at BIGINT,
    new_compare_at BIGINT,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_by TEXT NOT NULL,
    CONSTRAINT pk_price_changes PRIMARY KEY (company_id, id)
);
CREATE INDEX ix_price_changes_variant ON price_changes (company_id, variant_id, currency, changed_at);
CREATE TABLE products (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    handle TEXT NOT NULL,
    title TEXT NOT NULL,
    description_html TEXT DEFAULT '' NOT NULL,
    vendor TEXT DEFAULT '' NOT NULL,
    category_id UUID,
    tags TEXT[] DEFAULT '{}' NOT NULL,
    status TEXT DEFAULT 'draft' NOT NULL,
    option_names TEXT[] DEFAULT '{}' NOT NULL,
    seo_title TEXT DEFAULT '' NOT NULL,
    seo_description TEXT DEFAULT '' NOT NULL,
    in_stock BOOLEAN DEFAULT false NOT NULL,
    search TSVECTOR DEFAULT '' NOT NULL,
    revision BIGINT DEFAULT 0 NOT NULL,
    extra JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_products PRIMARY KEY (company_id, id),
    CONSTRAINT uq_products_company_id_handle UNIQUE (company_id, handle),
    CONSTRAINT fk_products_company_id_category_id FOREIGN KEY(company_id, category_id) REFERENCES categories (company_id, id),
    CONSTRAINT ck_products_status CHECK (status IN ('draft', 'active', 'archived')),
    CONSTRAINT ck_products_options CHECK (cardinality(option_names) <= 3)
);
CREATE INDEX ix_products_company_id_category_id ON products (company_id, category_id);
CREATE INDEX ix_products_company_id_revision ON products (company_id, revision);
CREATE INDEX ix_products_company_id_status_created_at ON products (company_id, status, created_at);
CREATE INDEX ix_products_search ON products USING gin (search);
CREATE TABLE product_media (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    product_id UUID NOT NULL,
    picture_id UUID,
    source_url TEXT,
    alt TEXT DEFAULT '' NOT NULL,
    position INTEGER DEFAULT 0 NOT NULL,
    status TEXT NOT NULL,
    attempts INTEGER DEFAULT 0 NOT NULL,
    problem TEXT,
    CONSTRAINT pk_product_media PRIMARY KEY (company_id, id),
    CONSTRAINT fk_product_media_company_id_product_id FOREIGN KEY(company_id, product_id) REFERENCES products (company_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_product_media_company_id_picture_id FOREIGN KEY(company_id, picture_id) REFERENCES pictures (company_id, id),
    CONSTRAINT ck_product_media_status CHECK (status IN ('ready', 'waiting', 'failed')),
    CONSTRAINT ck_product_media_ready CHECK ((status = 'ready') = (picture_id IS NOT NULL))
);
CREATE INDEX ix_product_media_company_id_product_id_position ON product_media (company_id, product_id, position);
CREATE INDEX ix_product_media_waiting ON product_media (company_id, id) WHERE status = 'waiting';
CREATE TABLE variants (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    product_id UUID NOT NULL,
    position INTEGER DEFAULT 0 NOT NULL,
    title TEXT DEFAULT '' NOT NULL,
    option_values TEXT[] DEFAULT '{}' NOT NULL,
    sku TEXT,
    barcode TEXT,
    weight_grams INTEGER DEFAULT 0 NOT NULL,
    taxable BOOLEAN DEFAULT true NOT NULL,
    requires_shipping BOOLEAN DEFAULT true NOT NULL,
    allow_backorder BOOLEAN DEFAULT false NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    in_stock BOOLEAN DEFAULT false NOT NULL,
    media_id UUID,
    extra JSONB DEFAULT '{}' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_variants PRIMARY KEY (company_id, id),
    CONSTRAINT uq_variants_company_id_product_id_option_values UNIQUE (company_id, product_id, option_values),
    CONSTRAINT fk_variants_company_id_product_id FOREIGN KEY(company_id, product_id) REFERENCES products (company_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_variants_weight CHECK (weight_grams >= 0)
);
CREATE INDEX ix_variants_company_id_product_id_position ON variants (company_id, product_id, position);
CREATE INDEX ix_variants_company_id_sku ON variants (company_id, sku);
CREATE TABLE prices (
    company_id UUID NOT NULL,
    id UUID NOT NULL,
    variant_id UUID NOT NULL,
    currency TEXT NOT NULL,
    price_list TEXT,
    min_quantity INTEGER DEFAULT 1 NOT NULL,
    amount BIGINT NOT NULL,
    compare_at BIGINT,
    starts_at TIMESTAMP WITH TIME ZONE,
    ends_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_prices PRIMARY KEY (company_id, id),
    CONSTRAINT fk_prices_company_id_variant_id FOREIGN KEY(company_id, variant_id) REFERENCES variants (company_id, id) ON DELETE CASCADE,
    CONSTRAINT uq_prices_place UNIQUE NULLS NOT DISTINCT (company_id, variant_id, currency, price_list, min_quantity, starts_at),
    CONSTRAINT ck_prices_amount CHECK (amount >= 0),
    CONSTRAINT ck_prices_compare_at CHECK (compare_at >= 0),
    CONSTRAINT ck_prices_min_quantity CHECK (min_quantity >= 1),
    CONSTRAINT ck_prices_period CHECK (ends_at > starts_at),
    CONSTRAINT ck_prices_currency CHECK (currency ~ '^[A-Z]{3}$')
);
CREATE INDEX ix_prices_company_id_currency_amount ON prices (company_id, currency, amount);
"""

# Written by hand: what no model declares.
BY_HAND = """
CREATE VIEW catalog_offers AS
SELECT v.company_id, v.id AS variant_id, v.product_id, p.handle, p.title, v.title AS variant_title, v.sku,
       v.weight_grams, v.taxable, v.requires_shipping, v.allow_backorder, v.media_id,
       price.currency, price.amount, price.compare_at
  FROM variants v
  JOIN products p ON p.company_id = v.company_id AND p.id = v.product_id AND p.status = 'active'
  JOIN prices price
    ON price.company_id = v.company_id AND price.variant_id = v.id
   AND price.price_list IS NULL AND price.min_quantity = 1
   AND (price.starts_at IS NULL OR price.starts_at <= now()) AND (price.ends_at IS NULL OR price.ends_at > now())
   AND NOT EXISTS (
       SELECT 1 FROM prices later
        WHERE later.company_id = price.company_id AND later.variant_id = price.variant_id
          AND later.currency = price.currency AND later.price_list IS NULL AND later.min_quantity = 1
          AND later.starts_at > coalesce(price.starts_at, '-infinity')
          AND later.starts_at <= now() AND (later.ends_at IS NULL OR later.ends_at > now()))
 WHERE v.is_active;
"""
